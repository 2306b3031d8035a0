/** The fleet in one answer, and the budgets behind its pace. */
import { z } from 'zod';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import { CAPABILITIES } from '#domain/entity.ts';
import { UNKNOWN_REASONS } from '#domain/verdict.ts';
import {
  channelLink,
  component,
  numberNames,
  oneOf,
  openWord,
  strict,
  timestamp,
} from './field.ts';
import { pageOf, queryCount } from './page.ts';
import { status } from './verdict.ts';

const TROUBLED_MAX = 200;

export const statusQuery = strict({
  troubled: queryCount('How many channels in trouble to name.', { max: TROUBLED_MAX, fallback: 0 }),
});

const upstream = oneOf(UPSTREAM_KINDS);
const count = z.int().nonnegative();

const budget = component(
  'Budget',
  z.object({
    bucket: z.string().meta({
      description: 'What the upstream counts by: `waba:<app>/<WABA>` or `credential:<id>`.',
    }),
    allowed_per_hour: count.meta({ description: 'Reads that the upstream allows.' }),
    scheduled_per_hour: count.meta({ description: 'Of these, what the schedule may take.' }),
    needed_per_hour: count.meta({ description: 'What its channels need at their own intervals.' }),
    stretch: z.number().meta({ description: 'By how much intervals are stretched; 1 when not.' }),
    used_percent: z
      .number()
      .nullable()
      .meta({ description: 'The use that the upstream reported last, ours and that of others.' }),
    used_reported_at: timestamp.nullable(),
    held_until: timestamp.nullable().meta({ description: 'Until then scheduled reads wait.' }),
    closed_until: timestamp.nullable().meta({ description: 'Until then nothing is asked.' }),
  }),
);

export const budgetPage = component('BudgetPage', pageOf(budget));

const cause = z.string().nullable().meta({
  description: 'The finding behind it, such as `WABA/141006`; its parts as received.',
});

const causeCount = component(
  'CauseCount',
  z.object({
    status,
    cause,
    channels: count,
    examples: z.array(channelLink).meta({ description: 'Some of these channels.' }),
  }),
);

const troubledChannel = component(
  'TroubledChannel',
  z.object({
    id: z.string(),
    name: z.string(),
    ...numberNames,
    status,
    unknown_reason: openWord(UNKNOWN_REASONS).nullable(),
    cause,
    since: timestamp.nullable(),
  }),
);

const breaker = component(
  'Breaker',
  z.object({
    upstream,
    state: oneOf(['closed', 'open']).meta({
      description: '`open`: it fails as a whole and is asked only now and then.',
    }),
    since: timestamp.nullable(),
  }),
);

export const fleetStatus = component(
  'FleetStatus',
  z.object({
    counted_at: timestamp.meta({ description: 'At most 15 s ago.' }),
    channels: z.object({
      total: count.meta({ description: 'Archived ones left out, paused ones not.' }),
      available: count,
      limited: count,
      blocked: count,
      unknown: count,
      paused: count.meta({ description: 'Counted here alone.' }),
    }),
    unknown_reasons: z.array(z.object({ reason: openWord(UNKNOWN_REASONS), channels: count })),
    causes: z.array(causeCount).meta({ description: 'The most frequent ones, BLOCKED first.' }),
    causes_left_out: count,
    troubled: z.array(troubledChannel).meta({
      description: 'BLOCKED first, then LIMITED, then UNKNOWN, as the newest outcome of each says.',
    }),
    schedule: z.object({
      late_seconds: z.number().nonnegative().meta({
        description: 'How long the channel that waits longest has been due; 0 when none is.',
      }),
      next_due_at: timestamp.nullable(),
      lag_p50_seconds: z.number().nonnegative().nullable(),
      lag_p99_seconds: z.number().nonnegative().nullable().meta({
        description: 'From due to asked, over the last minute; null where no schedule runs.',
      }),
      reads_in_flight: count.nullable(),
      checks: count.nullable().meta({ description: 'By this program, since it was started.' }),
      round_trips: count.nullable().meta({ description: 'Requests that these checks took.' }),
      breakers: z.array(breaker),
    }),
    budgets: z.object({
      buckets: count,
      stretched: count,
      held: count,
      closed: count,
      stretch_max: z.number(),
      used_percent_max: z.number().nullable(),
      allowed_per_hour: count,
      taken_per_hour: count.meta({ description: 'By the fleet, at its present pace.' }),
      neediest: z.array(budget),
    }),
  }),
);

const CHANGES = { max: 200, fallback: 20 };

export const changesQuery = strict({
  limit: queryCount('How many changes at most.', CHANGES),
});

const verdictChange = component(
  'VerdictChange',
  z.object({
    id: z.string().meta({ description: 'Of the transition; a greater one was written later.' }),
    at: timestamp.meta({ description: 'When it became so, which may be before it was found out.' }),
    channel: channelLink,
    capability: oneOf(CAPABILITIES),
    was: status.nullable(),
    is: status.nullable(),
    unknown_reason: openWord(UNKNOWN_REASONS).nullable(),
  }),
);

export const lastChanges = component(
  'LastChanges',
  z.object({
    items: z.array(verdictChange).meta({ description: 'The last written first.' }),
  }),
);
