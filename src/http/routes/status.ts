/** The fleet in one answer: counted beside all other work, with a few names out of an index. */
import type { Answer } from '#api/call.ts';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import type { UpstreamKind } from '#domain/billing.ts';
import { BUDGET_SHARES } from '#domain/budget.ts';
import { STATUSES } from '#domain/status.ts';
import type { Status } from '#domain/status.ts';
import type { HttpContext } from '#http/context.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import type { FleetCounts } from '#monitor/fleet.ts';
import type { ScheduleFacts } from '#monitor/schedule/facts.ts';
import type { Budget } from '#ports/budgets.ts';
import type { FleetGroup, TroubledChannel, VerdictChange } from '#ports/fleet.ts';
import type { StoreView } from '#ports/store.ts';
import type { Handlers } from './handler.ts';
import { timestampOf, timestampOrNull } from './handler.ts';
import { channelLink } from './names.ts';

type View = Answer<'getStatus'>['body'];
type Bad = Exclude<Status, 'AVAILABLE'>;

const CAUSES_MAX = 10;
const EXAMPLES_MAX = 3;
const WORST_FIRST = ['BLOCKED', 'LIMITED', 'UNKNOWN'] as const satisfies readonly Bad[];

export const statusRoutes: Handlers<'getStatus' | 'listChanges' | 'listBudgets'> = {
  async getStatus({ query }, context) {
    const { monitor } = context;
    const counts = await monitor.fleet.counts();
    const named = await monitor.deps.store.read(async (view) => ({
      causes: await namedCauses(view, causesOf(counts.groups).slice(0, CAUSES_MAX)),
      troubled: (await troubledIn(view, query.troubled)).map(troubledView),
    }));
    return {
      status: 200,
      body: { ...countsView(counts), ...named, ...runningView(counts, context) },
    };
  },

  async listChanges({ query }, { monitor }) {
    const changes = await monitor.deps.store.read((view) => view.fleet.lastChanges(query.limit));
    return { status: 200, body: { items: changes.map(changeView) } };
  },

  async listBudgets({ query }, { monitor, clock }) {
    const { after, limit } = pageRequestOf(query);
    const found = await monitor.deps.store.read((view) =>
      view.budgets.list({ after, limit: limit + 1 }),
    );
    const items = found.slice(0, limit);
    const next = found.length > limit ? (items.at(-1)?.bucket ?? null) : null;
    const now = clock.now();
    const views = items.map((budget) => budgetView(budget, now));
    return { status: 200, body: { items: views, next_cursor: cursorOf(next) } };
  },
};

function countsView({ at, groups }: FleetCounts) {
  const watched = groups.filter(({ isPaused }) => !isPaused);
  const of = (status: Status) => sumOf(watched.filter((group) => group.status === status));
  const reasons = new Map<string, number>();
  for (const { reason, channels } of watched) {
    if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + channels);
  }
  return {
    counted_at: timestampOf(at),
    channels: {
      total: sumOf(groups),
      available: of('AVAILABLE'),
      limited: of('LIMITED'),
      blocked: of('BLOCKED'),
      unknown: of('UNKNOWN'),
      paused: sumOf(groups) - sumOf(watched),
    },
    unknown_reasons: [...reasons]
      .map(([reason, channels]) => ({ reason, channels }))
      .toSorted((one, other) => other.channels - one.channels),
    causes_left_out: Math.max(0, causesOf(groups).length - CAUSES_MAX),
  };
}

function sumOf(groups: readonly FleetGroup[]): number {
  return groups.reduce((sum, { channels }) => sum + channels, 0);
}

interface Cause {
  readonly status: 'BLOCKED' | 'LIMITED';
  readonly cause: string | null;
  readonly channels: number;
}

/** Over all upstreams; BLOCKED first, then by how many channels have it. */
function causesOf(groups: readonly FleetGroup[]): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const { isPaused, status, cause, channels } of groups) {
    if (isPaused || (status !== 'BLOCKED' && status !== 'LIMITED')) continue;
    const key = JSON.stringify([status, cause]);
    const before = causes.get(key)?.channels ?? 0;
    causes.set(key, { status, cause, channels: before + channels });
  }
  return [...causes.values()].toSorted((one, other) =>
    one.status === other.status
      ? other.channels - one.channels
      : WORST_FIRST.indexOf(one.status) - WORST_FIRST.indexOf(other.status),
  );
}

async function namedCauses(view: StoreView, causes: readonly Cause[]): Promise<View['causes']> {
  const named: View['causes'] = [];
  for (const { status, cause, channels } of causes) {
    const some = await view.fleet.troubled({ status, cause, limit: EXAMPLES_MAX });
    named.push({ status, cause, channels, examples: some.map(channelLink) });
  }
  return named;
}

async function troubledIn(view: StoreView, limit: number): Promise<readonly TroubledChannel[]> {
  const found: TroubledChannel[] = [];
  for (const status of WORST_FIRST) {
    if (found.length >= limit) break;
    found.push(...(await view.fleet.troubled({ status, limit: limit - found.length })));
  }
  return found;
}

function troubledView(channel: TroubledChannel): View['troubled'][number] {
  const { status, reason: unknown_reason, cause, since } = channel;
  return {
    ...channelLink(channel),
    status,
    unknown_reason,
    cause,
    since: timestampOrNull(since),
  };
}

function changeView(change: VerdictChange): Answer<'listChanges'>['body']['items'][number] {
  const { id, at, channelId, channel: name, names, capability, was, is, reason } = change;
  return {
    id,
    at: timestampOf(at),
    channel: channelLink({ id: channelId, name, names }),
    capability,
    was: statusOrNull(was),
    is: statusOrNull(is),
    unknown_reason: reason,
  };
}

function statusOrNull(word: string | null): Status | null {
  return STATUSES.find((status) => status === word) ?? null;
}

function runningView(
  { at, nextDueAt, budgets }: FleetCounts,
  { schedule }: Pick<HttpContext, 'schedule'>,
): Pick<View, 'schedule' | 'budgets'> {
  const facts = schedule?.() ?? null;
  return {
    schedule: {
      late_seconds: nextDueAt === null ? 0 : Math.max(0, at - nextDueAt) / 1000,
      next_due_at: timestampOrNull(nextDueAt),
      lag_p50_seconds: facts && facts.lagP50Ms / 1000,
      lag_p99_seconds: facts && facts.lagP99Ms / 1000,
      reads_in_flight: facts && facts.inFlight,
      checks: facts && facts.checks,
      round_trips: facts && facts.trips,
      breakers: facts === null ? [] : UPSTREAM_KINDS.map((kind) => breakerView(kind, facts)),
    },
    budgets: {
      buckets: budgets.buckets,
      stretched: budgets.stretched,
      held: budgets.held,
      closed: budgets.closed,
      stretch_max: budgets.stretchMax,
      used_percent_max: budgets.percentMax,
      allowed_per_hour: Math.round(budgets.allowedPerHour),
      taken_per_hour: Math.round(budgets.takenPerHour),
      neediest: budgets.neediest.map((budget) => budgetView(budget, at)),
    },
  };
}

function breakerView(upstream: UpstreamKind, { openSince }: ScheduleFacts) {
  const since = openSince[upstream];
  const state = since === null ? ('closed' as const) : ('open' as const);
  return { upstream, state, since: timestampOrNull(since) };
}

function budgetView(budget: Budget, now: number): View['budgets']['neediest'][number] {
  return {
    bucket: budget.bucket,
    allowed_per_hour: Math.round(budget.perHour),
    scheduled_per_hour: Math.round(budget.perHour * BUDGET_SHARES.scheduled),
    needed_per_hour: Math.round(budget.neededPerHour),
    stretch: budget.stretch,
    used_percent: budget.percent,
    used_reported_at: timestampOrNull(budget.reportedAt),
    held_until: budget.heldUntil > now ? timestampOf(budget.heldUntil) : null,
    closed_until: budget.closedUntil > now ? timestampOf(budget.closedUntil) : null,
  };
}
