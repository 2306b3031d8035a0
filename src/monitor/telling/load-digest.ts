/** Loads what the weekly digest tells: each of its queries gives a page, and none goes on for ever. */
import type { CauseKind } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Status } from '#domain/status.ts';
import type { DigestView, Several } from '#domain/telling/texts/digest.ts';
import { DIGEST_NAMED_MAX } from '#domain/telling/texts/digest.ts';
import type { Occasion, Place } from '#domain/telling/texts/incident-view.ts';
import type { TokenFacts } from '#domain/token-facts.ts';
import { EXPIRY_NOTICE_MS } from '#domain/token-facts.ts';
import type { StoreView } from '#ports/store.ts';
import { eachPage } from './each-page.ts';
import { loadEach } from './load-list.ts';

const PAGE = 500;
/** Pages of incidents, credentials and seen numbers: 10,000 of each. */
const PAGES_MAX = 20;
/** Pages of the fleet, which are counted where they lie: 100,000 channels. */
const FLEET_PAGES_MAX = 200;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Taken so long ago and still open: somebody may have forgotten. */
const TAKEN_AGO_MS = 3 * DAY_MS;

export interface DigestAbout {
  /** When its week ends, ms UTC. */
  readonly until: number;
  readonly occasion: Occasion;
  readonly links: (incident: Incident) => Place;
}

export async function loadDigest(view: StoreView, about: DigestAbout): Promise<DigestView> {
  const { until, occasion } = about;
  const { now } = occasion;
  const from = until - WEEK_MS;
  const open = await openIncidents(view);
  const several = (fits: (incident: Incident) => boolean) =>
    severalOf(view, { ...about, incidents: open.filter(fits) });
  return {
    from,
    until,
    fleet: await fleetOf(view, now),
    blocked: await several(isBlocked),
    unseen: await several(({ cause }) => UNSEEN.has(cause.kind)),
    acknowledged: await several(({ acknowledgement: taken }) => {
      return taken !== null && now - taken.at > TAKEN_AGO_MS;
    }),
    warnings: await several(isWarning),
    expiring: await expiringOf(view, now),
    silences: await silencesOf(view, now),
    unwatched: await unwatchedOf(view),
    deadDeliveries: (await view.outbox.countsByState()).dead,
    week: await weekOf(view, { from, until }),
  };
}

const UNSEEN: ReadonlySet<CauseKind> = new Set(['credential', 'unreadable', 'upstream', 'server']);
const WARNING: ReadonlySet<CauseKind> = new Set(['warning', 'sends', 'receiver']);

/** What was limited before we watched is nobody's trouble each week anew; what was blocked is. */
function isBlocked({ cause, status, isBaseline, capability }: Incident): boolean {
  if (cause.kind !== 'entity' && cause.kind !== 'fleet') return false;
  if (status === 'BLOCKED') return !(isBaseline && capability === 'calling');
  return !isBaseline;
}

/** Tokens that end have a line of their own. */
function isWarning({ cause }: Incident): boolean {
  return WARNING.has(cause.kind) && cause.type !== 'credential_expiring';
}

/** The oldest first. */
async function openIncidents(view: StoreView): Promise<readonly Incident[]> {
  const open: Incident[] = [];
  await eachPage(
    (page) => view.incidents.walkOpen(page, {}),
    PAGES_MAX,
    (items) => void open.push(...items),
  );
  return open;
}

async function severalOf(
  view: StoreView,
  about: DigestAbout & { readonly incidents: readonly Incident[] },
): Promise<Several> {
  const { incidents } = about;
  const named = incidents.slice(0, DIGEST_NAMED_MAX);
  const first = await loadEach(view, { ...about, incidents: named, labels: null });
  return { first, total: incidents.length };
}

async function fleetOf(view: StoreView, now: number): Promise<DigestView['fleet']> {
  const counts: Record<Status, number> = { AVAILABLE: 0, UNKNOWN: 0, LIMITED: 0, BLOCKED: 0 };
  let after: Parameters<StoreView['fleet']['tally']>[0]['after'] = null;
  for (let page = 0; page < FLEET_PAGES_MAX; page += 1) {
    const { groups, next } = await view.fleet.tally({ now, after, limit: PAGE });
    for (const { status, channels, isPaused } of groups) {
      if (!isPaused) counts[status] += channels;
    }
    after = next;
    if (after === null) return counts;
  }
  return null;
}

/** Tokens that end within the time in which one is told so, the next to end first. */
async function expiringOf(view: StoreView, now: number): Promise<DigestView['expiring']> {
  const ending: { name: string; endsAt: number }[] = [];
  await eachPage(
    (page) => view.credentials.list(page),
    PAGES_MAX,
    async (items) => {
      const known = await view.tokenFacts.ofCredentials(items.map(({ id }) => id));
      for (const { id, name } of items) {
        const endsAt = endOf(known.get(id)?.facts ?? null);
        if (endsAt - now <= EXPIRY_NOTICE_MS) ending.push({ name, endsAt });
      }
    },
  );
  return ending.toSorted((one, other) => one.endsAt - other.endsAt);
}

function endOf(facts: TokenFacts | null): number {
  return Math.min(facts?.expiresAt ?? Infinity, facts?.dataAccessExpiresAt ?? Infinity);
}

/** Those that end before the next digest. */
async function silencesOf(view: StoreView, now: number): Promise<DigestView['silences']> {
  const silences = await view.silences.inForce(now);
  return silences
    .filter(({ endsAt }) => endsAt - now <= WEEK_MS)
    .toSorted((one, other) => one.endsAt - other.endsAt);
}

async function unwatchedOf(view: StoreView): Promise<DigestView['unwatched']> {
  let count = 0;
  const isAll = await eachPage(
    (page) => view.seenNumbers.list(page),
    PAGES_MAX,
    async (items) => {
      const seen = items.filter(({ goneAt }) => goneAt === null).map(({ nodeId }) => nodeId);
      const watched = await view.channels.ofNodes(seen);
      count += seen.filter((nodeId) => !watched.has(nodeId)).length;
    },
  );
  return { count, isMore: !isAll };
}

/** What began in it, as far as the newest 500 incidents tell. */
async function weekOf(
  view: StoreView,
  { from, until }: Pick<DigestView, 'from' | 'until'>,
): Promise<DigestView['week']> {
  const { items, next } = await view.incidents.list({ after: null, limit: PAGE }, {});
  const began = items.filter(
    ({ openedAt, isBaseline }) => openedAt >= from && openedAt < until && !isBaseline,
  );
  const over = began.filter(({ resolvedAt }) => resolvedAt !== null);
  const lengths = over.flatMap(({ beganAt, endedAt }) =>
    endedAt === null ? [] : endedAt - beganAt,
  );
  const last = items.at(-1);
  return {
    opened: began.length,
    over: over.length,
    longestMs: lengths.length === 0 ? null : Math.max(...lengths),
    isMore: next !== null && last !== undefined && last.openedAt >= from,
  };
}
