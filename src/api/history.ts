/** What happened: transitions, the uptime that they tell, and the answers behind them. */
import { z } from 'zod';
import { CAPABILITIES } from '#domain/entity.ts';
import { TRANSITION_KINDS } from '#domain/transition.ts';
import {
  channelLink,
  component,
  moment,
  oneOf,
  openWord,
  ref,
  strict,
  text,
  timestamp,
} from './field.ts';
import { pageOf, pageQuery, queryList } from './page.ts';

const SERIES = 'must be the series of a transition, as a page of transitions shows it';

const hash = z
  .string()
  .meta({ description: 'SHA-256 of a good answer, which `/bodies/{hash}` shows.' });

const transition = component(
  'Transition',
  z.object({
    id: z.string(),
    at: timestamp.meta({ description: 'The read that showed it, or when a view turned outdated.' }),
    channel: channelLink,
    kind: openWord(TRANSITION_KINDS),
    series: z
      .string()
      .meta({ description: 'The same for all transitions that follow each other.' }),
    capability: oneOf(CAPABILITIES).nullable(),
    subject: z
      .object({ type: z.string(), id: z.string().nullable() })
      .nullable()
      .meta({ description: 'The entity that it is about, as received.' }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Of a finding; or which field of the identity or profile.' }),
    was: z.string().nullable().meta({ description: 'Null: it was not there.' }),
    is: z.string().nullable().meta({ description: 'Null: it is gone.' }),
    detail: z.string().nullable().meta({
      description: 'Why a verdict is UNKNOWN, what Meta says, or what a person said.',
    }),
    evidence: z
      .object({
        attempt: z.int(),
        started_at: timestamp.nullable(),
        trace_id: z.string().nullable(),
        version: z.string().nullable(),
        body_before: hash.nullable(),
        body_after: hash.nullable(),
      })
      .nullable()
      .meta({ description: 'The read that showed it; null when none did.' }),
  }),
);

export const transitionPage = component('TransitionPage', pageOf(transition));

/** Which transitions are wanted; what listings and exports have in common. */
const transitionQuery = {
  kind: queryList(oneOf(TRANSITION_KINDS), TRANSITION_KINDS.length).meta({
    description: 'Only of this kind; may be repeated.',
  }),
  from: moment.optional().meta({ description: 'Not before this moment.' }),
  until: moment.optional().meta({ description: 'Before this moment.' }),
};

export const listTransitionsQuery = strict({ ...pageQuery, ...transitionQuery });

export const listChannelTransitionsQuery = strict({
  ...pageQuery,
  ...transitionQuery,
  series: text(/^[^\p{Cc}]{1,1000}$/u, SERIES)
    .optional()
    .meta({ description: 'Only of this series; then without `kind`.' }),
});

/** Times in ms; together they are the range. */
const uptimeFields = {
  uptime: z.number().nullable().meta({
    description: 'The part of the measured time in which it was up; null when none was measured.',
  }),
  coverage: z.number().meta({ description: 'The part of the range that was measured.' }),
  up_ms: z.int().meta({ description: 'AVAILABLE.' }),
  limited_ms: z.int().meta({ description: 'LIMITED, which is up too.' }),
  down_ms: z.int().meta({ description: 'BLOCKED.' }),
  unmeasured_ms: z.int().meta({ description: 'UNKNOWN, paused, or not watched.' }),
};

const uptime = component('Uptime', z.object(uptimeFields));

export const channelUptime = component(
  'ChannelUptime',
  z.object({
    channel: channelLink,
    from: timestamp,
    until: timestamp.meta({ description: 'As asked for, and not later than now.' }),
    messaging: uptime,
    calling: uptime.nullable().meta({ description: 'Null when nothing was ever said of it.' }),
    entities: z.array(
      z.object({
        type: z.string(),
        id: z.string().nullable(),
        capability: oneOf(CAPABILITIES),
        ...uptimeFields,
      }),
    ),
  }),
);

export const uptimeQuery = strict({
  from: moment.optional().meta({ description: 'Without it, 30 days before `until`.' }),
  until: moment.optional().meta({ description: 'Without it, now.' }),
});

export const body = component(
  'Body',
  z.object({
    hash: z.string(),
    bytes: z.int().meta({ description: 'Its length.' }),
    text: z.string().meta({ description: 'The answer of the upstream, as it was received.' }),
  }),
);

export const bodyParams = strict({
  hash: text(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex, as a transition shows it'),
});

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;

export const exportQuery = strict({
  format: oneOf(EXPORT_FORMATS)
    .default('ndjson')
    .meta({ description: 'One JSON object a line, or comma-separated values.' }),
  channel: ref.optional().meta({ description: 'Only of this channel.' }),
  ...transitionQuery,
});
