/**
 * Incidents about whom we ask as a whole, and about this server, by the same measure as the breaker: they open
 * once it has been so for two minutes, and are over five minutes after the breaker closed.
 */
import type { UpstreamKind } from '#domain/billing.ts';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import { BREAKER_WINDOW_MS } from '#domain/breaker.ts';
import type { Cause } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Monitor } from '#monitor/monitor.ts';
import { raise, settleCause } from './standalone.ts';

/** Half of the fleet unseen for so long is worth waking somebody. */
const PAGES_AFTER_MS = 1_800_000;

const NAMES: Readonly<Record<UpstreamKind, string>> = { graph: 'Meta', dialog360: '360dialog' };

/** Throws Problem `store_unavailable`. */
export async function upstreamRound(monitor: Monitor): Promise<void> {
  const all = followedIn(monitor);
  const open = await monitor.deps.store.read((view) =>
    Promise.all(all.map(({ cause }) => view.incidents.openOf(cause, null))),
  );
  for (const [place, followed] of all.entries()) {
    await follow(monitor, { ...followed, open: open[place] ?? null });
  }
}

interface Followed {
  readonly cause: Cause;
  /** Since when reads fail; null while they do not. */
  readonly since: number | null;
  readonly kind: UpstreamKind | null;
  readonly detail: string;
}

/** Each upstream, and this server, which is to blame where every upstream in trouble is not even reached. */
function followedIn({ schedule }: Monitor): readonly Followed[] {
  const troubles = UPSTREAM_KINDS.map((kind) => ({ kind, of: schedule.troubleOf(kind) }));
  const troubled = troubles.flatMap(({ of }) => of ?? []);
  const isServer = troubled.length > 0 && troubled.every(({ reachesNobody }) => reachesNobody);
  const upstreams = troubles.map(({ kind, of }): Followed => {
    const cause = { kind: 'upstream', type: null, ref: kind } as const;
    const since = isServer ? null : (of?.since ?? null);
    return { cause, since, kind, detail: `${NAMES[kind]} does not answer reads.` };
  });
  const server: Followed = {
    cause: { kind: 'server', type: null, ref: null },
    since: isServer ? Math.min(...troubled.map(({ since }) => since)) : null,
    kind: null,
    detail: 'This server reaches nobody that it asks.',
  };
  return [...upstreams, server];
}

async function follow(
  { deps, fleet }: Monitor,
  { cause, since, kind, detail, open }: Followed & { readonly open: Incident | null },
): Promise<void> {
  const at = deps.clock.now();
  if (since === null) {
    if (open !== null) await settleLater({ deps }, { cause, at });
    return;
  }
  if (open === null && at - since < BREAKER_WINDOW_MS) return;
  const isLong = open !== null && at - open.openedAt >= PAGES_AFTER_MS;
  const severity = isLong && isMostUnseen(await fleet.counts()) ? 'critical' : undefined;
  await deps.store.change((tx) =>
    raise(tx, deps, {
      cause,
      ...(kind === null ? {} : { upstream: kind }),
      ...(severity === undefined ? {} : { severity }),
      actor: kind === null ? 'integrator' : 'nobody',
      codes: [],
      detail,
      at,
      beganAt: since,
    }),
  );
}

/** The first quiet look notes since when; five quiet minutes later it is over. */
async function settleLater(
  { deps }: Pick<Monitor, 'deps'>,
  { cause, at }: { readonly cause: Cause; readonly at: number },
): Promise<void> {
  await deps.store.change(async (tx) => {
    const open = await tx.incidents.openOf(cause, null);
    if (open === null) return;
    if (open.endedAt === null) await tx.incidents.replace({ ...open, endedAt: at });
    else if (at - open.endedAt >= deps.policy.recoveredAfterMs) {
      await settleCause(tx, deps, { cause, at, endedAt: open.endedAt });
    }
  });
}

function isMostUnseen({ groups }: Awaited<ReturnType<Monitor['fleet']['counts']>>): boolean {
  const watched = groups.filter(({ isPaused }) => !isPaused);
  const count = (of: typeof groups) => of.reduce((sum, { channels }) => sum + channels, 0);
  return count(watched.filter(({ status }) => status === 'UNKNOWN')) * 2 >= count(watched);
}
