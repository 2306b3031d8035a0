/** The parts of a health answer that a channel's and any other node's have in common. */
import { z } from 'zod';
import { CERTAINTIES, EFFECT_LEVELS } from '#domain/effect.ts';
import type { EffectName } from '#domain/effect.ts';
import { ACTORS } from '#domain/actor.ts';
import { FAILURE_CODES } from '#domain/failure.ts';
import { FINDING_KINDS } from '#domain/finding.ts';
import { STATUSES } from '#domain/status.ts';
import { UNKNOWN_REASONS } from '#domain/verdict.ts';
import { component, oneOf, openWord, seconds, timestamp } from './field.ts';

export const status = component('Status', oneOf(STATUSES));

const entityRef = component('EntityRef', z.object({ type: z.string(), id: z.string().nullable() }));

const verdict = component(
  'Verdict',
  z.object({
    status,
    basis: oneOf(['entities', 'reported']).meta({
      description: '`reported`: no entity voted, so it is the aggregate of Meta.',
    }),
    reason: openWord(UNKNOWN_REASONS).nullable(),
    decided_by: z.array(entityRef),
    since: timestamp
      .nullable()
      .meta({ description: 'The first read that showed this status; null when not known.' }),
  }),
);

const effect = component(
  'Effect',
  z.object({ level: oneOf(EFFECT_LEVELS), certainty: oneOf(CERTAINTIES) }),
);

function perEffect<T extends z.ZodType>(schema: T) {
  return {
    business_initiated: schema,
    replies: schema,
    inbound: schema,
    calling: schema,
  } satisfies Record<EffectName, T>;
}

const effects = component('Effects', z.object(perEffect(effect)));

const entity = component(
  'Entity',
  z.object({
    type: z.string(),
    id: z.string().nullable(),
    can_send_message: z.string().nullable(),
    can_receive_call_sip: z.string().nullable(),
    errors: z.array(
      z.object({
        code: z.string().nullable(),
        description: z.string().nullable(),
        solution: z.string().nullable(),
      }),
    ),
    info: z.array(z.string()),
  }),
);

export const finding = component(
  'Finding',
  z.object({
    subject: z.object({
      kind: oneOf(['entity', 'credential']),
      type: z.string().nullable().meta({ description: 'Of an entity, as received.' }),
      id: z.string().nullable(),
    }),
    kind: openWord(FINDING_KINDS),
    code: z.string(),
    capability: oneOf(['messaging', 'calling']),
    meaning: z.string(),
    known: z.boolean().meta({ description: 'False: the catalogue does not know the code.' }),
    effects: z.object(perEffect(effect.nullable())),
    actor: openWord(ACTORS),
    remedy: z.object({ text: z.string(), link: z.string().nullable() }),
    text: z.string().nullable().meta({ description: 'The sentence of Meta, as received.' }),
    solution: z.string().nullable().meta({ description: 'Its `possible_solution`, as received.' }),
  }),
);

export const failureCode = openWord(FAILURE_CODES);

export const failure = component(
  'Failure',
  z.object({
    code: failureCode,
    detail: z.string(),
    http_status: z.int().nullable(),
    graph_code: z.int().nullable(),
    graph_subcode: z.int().nullable(),
    retry_after_seconds: seconds.nullable(),
    trace_id: z.string().nullable(),
  }),
);

/** What one answer says. `reason` is the code behind the worst messaging verdict: `WABA/141006`. */
export const judgement = {
  messaging: verdict,
  calling: verdict.nullable().meta({ description: 'Null when no entity reports calling.' }),
  reported: z.string().nullable().meta({ description: 'The aggregate of Meta, as received.' }),
  effects,
  reason: finding.nullable().meta({
    description: 'The finding behind the messaging verdict; null when it is AVAILABLE.',
  }),
  entities: z.array(entity),
  findings: z.array(finding),
};
