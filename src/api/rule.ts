/** Rules: who hears of which incidents, and the dry run that says so beforehand. */
import { z } from 'zod';
import { DELIVERY_STATES } from '#domain/telling/delivery.ts';
import { URGENCIES } from '#domain/telling/receiver.ts';
import { incidentLink } from './delivery.ts';
import { component, flag, link, name, openWord, ref, seconds, strict, timestamp } from './field.ts';
import { matchers, shownMatchers } from './matchers.ts';
import { pageOf } from './page.ts';

const RECEIVERS_MAX = 100;
const GROUP_MAX = 3_600;
const REMIND_MIN = 300;
const REMIND_MAX = 30 * 86_400;
const REMIND_AFTER = 4 * 3_600;
const REMIND_EVERY = 24 * 3_600;

const RECEIVERS = `must be 1 to ${RECEIVERS_MAX} names or ids of receivers`;
const GROUP = `must be a whole number of seconds from 0 to ${GROUP_MAX}`;
const REMIND = `must be a whole number of seconds from ${REMIND_MIN} to ${REMIND_MAX}, or null`;

const reminder = (fallback: number) =>
  z
    .int({ error: REMIND })
    .min(REMIND_MIN, { error: REMIND })
    .max(REMIND_MAX, { error: REMIND })
    .nullable()
    .default(fallback);

export const rule = component(
  'Rule',
  z.object({
    id: z.string(),
    name: z.string(),
    match: shownMatchers,
    receivers: z.array(link),
    group_seconds: seconds,
    remind_after_seconds: seconds.nullable(),
    remind_every_seconds: seconds.nullable(),
    is_enabled: z.boolean(),
    created_at: timestamp,
    updated_at: timestamp,
  }),
);

export const rulePage = component('RulePage', pageOf(rule));

const wish = {
  match: matchers.default({}),
  receivers: z
    .array(ref, { error: RECEIVERS })
    .min(1, { error: RECEIVERS })
    .max(RECEIVERS_MAX, { error: RECEIVERS }),
  group_seconds: z
    .int({ error: GROUP })
    .min(0, { error: GROUP })
    .max(GROUP_MAX, { error: GROUP })
    .default(0)
    .meta({
      description: 'What happens within this time becomes one message; 0 tells each alone.',
    }),
  remind_after_seconds: reminder(REMIND_AFTER).meta({
    description: 'The first reminder, while it lasts and nobody acknowledged it; null for none.',
  }),
  remind_every_seconds: reminder(REMIND_EVERY).meta({
    description: 'The further reminders; null for none.',
  }),
  is_enabled: flag(true),
};

export const putRule = component('PutRule', strict(wish));

export const tryRules = component(
  'TryRules',
  strict({
    incident: ref.meta({ description: 'Number or id of the incident.' }),
    rule: component('TriedRule', strict({ name, ...wish }))
      .nullable()
      .default(null)
      .meta({ description: 'A rule that is not stored, in place of the one with its name.' }),
  }),
);

export const decision = component(
  'Decision',
  z.object({
    receiver: link,
    urgency: openWord(URGENCIES),
    is_told: z.boolean(),
    state: openWord(DELIVERY_STATES).meta({ description: 'Of the delivery that there would be.' }),
    rule: z.string().nullable(),
    reason: z.string(),
  }),
);

export const triedRules = component(
  'TriedRules',
  z.object({ incident: incidentLink, items: z.array(decision) }),
);
