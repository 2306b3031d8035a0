/** Deliveries: one message owed to one receiver, how it went, and why where it did not go. */
import { z } from 'zod';
import { SEVERITIES } from '#domain/incidents/incident.ts';
import { DELIVERY_KINDS, DELIVERY_STATES } from '#domain/telling/delivery.ts';
import { URGENCIES } from '#domain/telling/receiver.ts';
import { component, link, oneOf, openWord, ref, strict, text, timestamp } from './field.ts';
import { pageOf, pageQuery, queryList } from './page.ts';

/** What stands for an incident in a response. */
export const incidentLink = component(
  'IncidentLink',
  z.object({ id: z.string(), number: z.int() }),
);

const fields = {
  id: z.string().meta({ description: 'The same in every attempt: a receiver knows it again.' }),
  incident: incidentLink
    .nullable()
    .meta({ description: 'Null for what is about none, or several.' }),
  receiver: link,
  kind: openWord(DELIVERY_KINDS),
  seq: z.int().meta({ description: 'Which of its kind about this incident; 0 is the first.' }),
  urgency: openWord(URGENCIES),
  severity: openWord(SEVERITIES),
  state: openWord(DELIVERY_STATES),
  reason: z.string().meta({ description: 'Why it is sent, or why it is not.' }),
  rule: z.string().nullable().meta({ description: 'The rule it comes from; `default` for ours.' }),
  labels: z
    .record(z.string(), z.string())
    .nullable()
    .meta({ description: 'The message counts the numbers with these labels alone.' }),
  created_at: timestamp,
  next_at: timestamp
    .nullable()
    .meta({ description: 'When it is to be sent, while it is pending.' }),
  attempts_made: z.int(),
  delivered_at: timestamp.nullable(),
  merged_into: z.string().nullable().meta({ description: 'The delivery that says it instead.' }),
};

const delivery = component('Delivery', z.object(fields));

export const deliveryPage = component('DeliveryPage', pageOf(delivery));

/** How an attempt may end. */
const OUTCOMES = ['delivered', 'throttled', 'transient', 'payload', 'config', 'cut_off'];

export const deliveryWithAttempts = component(
  'DeliveryWithAttempts',
  z.object({
    ...fields,
    attempts: z.array(
      z.object({
        at: timestamp,
        took_ms: z.int(),
        outcome: openWord(OUTCOMES),
        status: z.int().nullable().meta({ description: 'What the service answered, if it did.' }),
        detail: z.string().nullable(),
      }),
    ),
  }),
);

export const listDeliveriesQuery = strict({
  ...pageQuery,
  incident: ref.optional().meta({ description: 'Number or id of an incident.' }),
  receiver: ref.optional().meta({ description: 'Name or id of a receiver.' }),
  state: queryList(oneOf(DELIVERY_STATES), DELIVERY_STATES.length).meta({
    description: 'Only in these states; may be repeated.',
  }),
});

export const deliveryParams = strict({
  id: text(/^dl_[0-9a-z]{26}$/, 'must be the id of a delivery, such as dl_01k…'),
});
