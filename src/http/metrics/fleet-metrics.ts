/** The fleet, its budgets and its schedule as gauges, set from one count at each scrape. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import { STATUSES } from '#domain/status.ts';
import { UNKNOWN_REASONS } from '#domain/verdict.ts';
import type { BudgetCounts } from '#monitor/budget-tally.ts';
import type { FleetCounts } from '#monitor/fleet.ts';
import type { ScheduleFacts } from '#monitor/schedule/facts.ts';
import { causeLabel } from './label.ts';

/** Causes that have a series of their own; the rest is `other`. */
const CAUSES_MAX = 50;

/** Gives what sets the gauges. */
export function fleetMetrics(registry: Registry): (counts: FleetCounts) => void {
  const set = channelGauges(registry);
  const setBudgets = budgetGauges(registry);
  const gauge = gaugesOf(registry);
  const counted = gauge('fleet_counted_timestamp_seconds', 'When the fleet was counted last.');
  const late = gauge(
    'schedule_late_seconds',
    'How long the channel that waits longest has been due, whoever is to read it.',
  );
  return (counts) => {
    set(counts);
    setBudgets(counts.budgets);
    counted.set(counts.at / 1000);
    late.set(counts.nextDueAt === null ? 0 : Math.max(0, counts.at - counts.nextDueAt) / 1000);
  };
}

/** Gives what sets the gauges about the schedule of this program. */
export function scheduleMetrics(registry: Registry): (facts: ScheduleFacts) => void {
  const gauge = gaugesOf(registry);
  const flying = gauge('schedule_reads_in_flight', 'Channels that the schedule is reading.');
  const breaker = gauge('breaker_open', '1 while an upstream fails as a whole.', ['upstream']);
  const trips = new Counter({
    name: 'waba_health_schedule_round_trips_total',
    help: 'Requests that the schedule sent; a batch of channels is one.',
    registers: [registry],
  });
  return (facts) => {
    flying.set(facts.inFlight);
    for (const upstream of UPSTREAM_KINDS) {
      breaker.set({ upstream }, Number(facts.openSince[upstream] !== null));
    }
    trips.reset();
    trips.inc(facts.trips);
  };
}

function channelGauges(registry: Registry): (counts: FleetCounts) => void {
  const gauge = gaugesOf(registry);
  const labels = ['upstream', 'status'];
  const channels = gauge(
    'channels',
    'Channels by messaging verdict, paused ones left out.',
    labels,
  );
  const unknown = gauge('channels_unknown', 'Channels that are UNKNOWN, by reason.', [
    'upstream',
    'reason',
  ]);
  const paused = gauge('channels_paused', 'Channels that are paused.', ['upstream']);
  const causes = gauge('channels_by_cause', 'LIMITED and BLOCKED channels by cause.', [
    'status',
    'cause',
  ]);
  const oldest = gauge(
    'oldest_good_read_age_seconds',
    'Age of the oldest last good read among channels that are not paused.',
    ['upstream'],
  );
  return ({ at, groups }) => {
    for (const one of [channels, unknown, paused, causes, oldest]) one.reset();
    // What is 0 is said too: an alert on a series that is not there never fires.
    for (const upstream of UPSTREAM_KINDS) {
      paused.set({ upstream }, 0);
      for (const status of STATUSES) channels.set({ upstream, status }, 0);
      for (const reason of UNKNOWN_REASONS) unknown.set({ upstream, reason }, 0);
    }
    const oldestAt = new Map<string, number>();
    for (const { upstream, isPaused, status, reason, channels: count, oldestReadAt } of groups) {
      if (isPaused) {
        paused.inc({ upstream }, count);
        continue;
      }
      channels.inc({ upstream, status }, count);
      if (reason !== null) unknown.inc({ upstream, reason }, count);
      if (oldestReadAt !== null) {
        oldestAt.set(upstream, Math.min(oldestReadAt, oldestAt.get(upstream) ?? Infinity));
      }
    }
    for (const { status, cause, count } of causesOf(groups)) causes.inc({ status, cause }, count);
    for (const [upstream, readAt] of oldestAt) {
      oldest.set({ upstream }, Math.max(0, at - readAt) / 1000);
    }
  };
}

/** The most frequent causes; whatever is beyond them or not documented counts as `other`. */
function causesOf(groups: FleetCounts['groups']) {
  const bad = groups.filter(
    ({ status, isPaused }) => !isPaused && (status === 'LIMITED' || status === 'BLOCKED'),
  );
  return bad
    .toSorted((one, other) => other.channels - one.channels)
    .map(({ status, cause, channels }, index) => ({
      status,
      cause: index < CAUSES_MAX ? causeLabel(cause) : 'other',
      count: channels,
    }));
}

function budgetGauges(registry: Registry): (budgets: BudgetCounts) => void {
  const gauge = gaugesOf(registry);
  const buckets = gauge('budget_buckets', 'Budgets, one for each that an upstream counts.');
  const stretched = gauge(
    'budget_stretched_buckets',
    'Budgets that do not suffice, so that intervals are stretched.',
  );
  const stretch = gauge('budget_stretch_ratio_max', 'The most by which intervals are stretched.');
  const held = gauge('budget_held_buckets', 'Budgets whose scheduled reads wait.');
  const closed = gauge('budget_closed_buckets', 'Budgets of which nothing may be asked.');
  const used = gauge(
    'budget_used_ratio_max',
    'The highest use that an upstream reported, 1 is all.',
  );
  const allowed = gauge('budget_allowed_reads_per_hour', 'What upstreams allow in an hour.');
  const taken = gauge('budget_taken_reads_per_hour', 'What the fleet takes of it in an hour.');
  return (counts) => {
    buckets.set(counts.buckets);
    stretched.set(counts.stretched);
    stretch.set(counts.stretchMax);
    held.set(counts.held);
    closed.set(counts.closed);
    used.set((counts.percentMax ?? 0) / 100);
    allowed.set(counts.allowedPerHour);
    taken.set(counts.takenPerHour);
  };
}

function gaugesOf(registry: Registry) {
  return (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({
      name: `waba_health_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
    });
}
