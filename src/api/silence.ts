/** Silences: for a while nobody is told of what they match. */
import { z } from 'zod';
import { component, flag, moment, openWord, strict, text, timestamp } from './field.ts';
import { matchers, shownMatchers } from './matchers.ts';
import { pageOf, pageQuery, queryFlag } from './page.ts';

const PERSON = 'must be text of 1 to 100 characters without control characters';
const SAID = 'must be text of 1 to 500 characters without control characters';

/** Who did something. */
export const person = text(/^[^\p{Cc}]{1,100}$/u, PERSON);
/** What somebody says about it. */
export const saying = text(/^[^\p{Cc}]{1,500}$/u, SAID);

export const silence = component(
  'Silence',
  z.object({
    id: z.string(),
    state: openWord(['planned', 'in_force', 'over']),
    match: shownMatchers,
    author: z.string(),
    reason: z.string(),
    starts_at: timestamp,
    ends_at: timestamp,
    exclude_from_uptime: z.boolean(),
    created_at: timestamp,
    ended_at: timestamp.nullable().meta({
      description: 'When what was still open was told; null before.',
    }),
  }),
);

export const silencePage = component('SilencePage', pageOf(silence));

export const listSilencesQuery = strict({
  ...pageQuery,
  in_force: queryFlag('Only those that are in force now.'),
});

export const addSilence = component(
  'AddSilence',
  strict({
    match: matchers.default({}),
    author: person,
    reason: saying,
    starts_at: moment.nullable().default(null).meta({ description: 'Null: now.' }),
    ends_at: moment.meta({ description: 'At most 30 days after it starts.' }),
    exclude_from_uptime: flag(false).meta({
      description:
        'Planned work: its time is no part of uptime. It is matched on channels, so that it takes ' +
        '`labels`, `without_labels`, `channel` and `subject` alone.',
    }),
  }),
);

export const silenceParams = strict({
  id: text(/^sil_[0-9a-z]{26}$/, 'must be the id of a silence, such as sil_01k…'),
});
