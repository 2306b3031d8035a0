/** Matchers: what a rule or a silence is about. All that are given must match; of one, any of its values. */
import { z } from 'zod';
import { ACTORS } from '#domain/actor.ts';
import { EFFECT_LEVELS, EFFECTS } from '#domain/effect.ts';
import { CAPABILITIES, ENTITY_TYPES } from '#domain/entity.ts';
import { CAUSE_KINDS } from '#domain/incidents/cause.ts';
import { SEVERITIES } from '#domain/incidents/incident.ts';
import { STATUSES } from '#domain/status.ts';
import { labels } from './channel.ts';
import { component, name, oneOf, openWord, strict, text } from './field.ts';

/** How many values one matcher may have. */
const VALUES_MAX = 50;
const NUMBERS_MAX = 1_000_000;

const NUMBERS = `must be a whole number from 1 to ${NUMBERS_MAX}`;
const SHORT_TEXT = /^[^\p{Cc}]{1,128}$/u;

/** Any of these; a list that is given and empty would match nothing, and nobody means that. */
function anyOf<T extends z.ZodType>(item: T, what: string) {
  const error = `must be a list of 1 to ${VALUES_MAX} ${what}`;
  return z.array(item, { error }).min(1, { error }).max(VALUES_MAX, { error }).optional();
}

const effect = strict({ name: oneOf(EFFECTS), level: oneOf(EFFECT_LEVELS) });

export const matchers = component(
  'Matchers',
  strict({
    severity: anyOf(oneOf(SEVERITIES), 'severities'),
    status: anyOf(oneOf(STATUSES), 'statuses'),
    capability: anyOf(oneOf(CAPABILITIES), 'capabilities'),
    effect: anyOf(effect, 'effects, each {"name": …, "level": …}').meta({
      description: 'What the cause does to sending, such as business_initiated at no.',
    }),
    cause: anyOf(oneOf(CAUSE_KINDS), 'kinds of causes'),
    entity_type: anyOf(
      text(/^[A-Z][A-Z_]{0,62}$/, `must be a type of Meta, such as ${ENTITY_TYPES.join(', ')}`),
      'types of entities',
    ),
    subject: anyOf(
      text(SHORT_TEXT, 'must be the id of an entity at Meta, or an id of ours'),
      'ids',
    ).meta({ description: 'The id of a WABA, business, app or number; or an id of ours.' }),
    code: anyOf(text(SHORT_TEXT, 'must be a code, such as "141006"'), 'codes'),
    actor: anyOf(oneOf(ACTORS), 'actors').meta({ description: 'Who must act.' }),
    numbers_min: z
      .int({ error: NUMBERS })
      .min(1, { error: NUMBERS })
      .max(NUMBERS_MAX, { error: NUMBERS })
      .optional()
      .meta({ description: 'At least so many numbers are affected; of those with the labels.' }),
    labels: labels.optional().meta({
      description: 'Any affected channel carries all of these; the message counts those alone.',
    }),
    without_labels: labels
      .optional()
      .meta({ description: 'Any affected channel carries none of these.' }),
    channel: anyOf(name, 'names of channels').meta({ description: 'Any of these is affected.' }),
  }).meta({ description: 'None given matches everything.' }),
);

const some = <T extends z.ZodType>(item: T) => z.array(item).optional();

/** The same in an answer, where words may be new. */
export const shownMatchers = component(
  'ShownMatchers',
  z.object({
    severity: some(openWord(SEVERITIES)),
    status: some(openWord(STATUSES)),
    capability: some(openWord(CAPABILITIES)),
    effect: some(z.object({ name: openWord(EFFECTS), level: openWord(EFFECT_LEVELS) })),
    cause: some(openWord(CAUSE_KINDS)),
    entity_type: some(z.string()),
    subject: some(z.string()),
    code: some(z.string()),
    actor: some(openWord(ACTORS)),
    numbers_min: z.int().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    without_labels: z.record(z.string(), z.string()).optional(),
    channel: some(z.string()),
  }),
);
