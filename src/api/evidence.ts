/** Evidence: an incident as the support of Meta or of 360dialog wants to see it, without what is nobody else's. */
import { z } from 'zod';
import { component, strict, timestamp } from './field.ts';
import { queryFlag } from './page.ts';

export const evidenceQuery = strict({
  labels: queryFlag('With the labels of the channels, which are yours and of no use to Meta.'),
});

const reading = z.object({
  at: timestamp,
  what: z.string().meta({ description: 'The verdict, the entity or the finding that changed.' }),
  code: z.string().nullable(),
  was: z.string().nullable(),
  is: z.string().nullable(),
  detail: z.string().nullable().meta({ description: 'As it was received.' }),
  started_at: timestamp.nullable(),
  trace_id: z.string().nullable().meta({ description: 'By which Meta finds the request.' }),
  version: z.string().nullable(),
  body_before: z.string().nullable(),
  body_after: z.string().nullable(),
});

export const evidence = component(
  'Evidence',
  z.object({
    made_at: timestamp,
    incident: z.object({
      id: z.string(),
      number: z.int(),
      cause: z.object({
        kind: z.string(),
        type: z.string().nullable(),
        id: z.string().nullable(),
      }),
      capability: z.string().nullable(),
      upstream: z.string().nullable(),
      status: z.string(),
      codes: z.array(z.string()),
      detail: z.string().nullable(),
      began_at: timestamp,
      last_good_at: timestamp.nullable(),
      ended_at: timestamp.nullable(),
      numbers: z.object({ affected: z.int(), ever: z.int() }),
    }),
    members: z.array(
      z.object({
        channel: z.string().meta({ description: 'The name here.' }),
        display_number: z.string().nullable(),
        phone_number_id: z.string().nullable(),
        waba_id: z.string().nullable(),
        business_id: z.string().nullable(),
        app_id: z.string().nullable(),
        labels: z.record(z.string(), z.string()).nullable(),
        status: z.string(),
        first_bad_at: timestamp,
        left_at: timestamp.nullable(),
        left_reason: z.string().nullable(),
        reads: z.array(reading).meta({
          description: 'What reads showed, oldest first: the last one before it began comes first.',
        }),
      }),
    ),
    members_left_out: z.int(),
    bodies: z.array(z.object({ hash: z.string(), text: z.string() })).meta({
      description: 'The answers of the upstream on both sides, as they were received.',
    }),
    bodies_left_out: z.int(),
  }),
);
