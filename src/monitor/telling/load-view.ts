/** Loads what a text about an incident is made of, as it is now: a few queries, none of more than 500 rows. */
import { explain } from '#domain/error-catalogue.ts';
import type { Explanation } from '#domain/explanation.ts';
import { causeFinding } from '#domain/incidents/cause-finding.ts';
import type { Incident, IncidentEvent } from '#domain/incidents/incident.ts';
import type { IncidentView, Place } from '#domain/telling/texts/incident-view.ts';
import { billedByIn } from '#monitor/latest.ts';
import type { StoreView } from '#ports/store.ts';
import { eachPage } from './each-page.ts';
import { lastKnownOf } from './last-known.ts';
import type { StatusCounts } from './last-known.ts';
import type { Labels, MembersTold } from './members-told.ts';
import { membersTold } from './members-told.ts';
import { nameOfCause } from './name-of-cause.ts';

const PAGE = 500;
const EVENT_PAGES_MAX = 10;
/** Incidents that a fleet incident tells of and whose numbers are added up. */
const SUMMED_MAX = 100;
const HOUR_MS = 3_600_000;

export interface Loading {
  readonly incident: Incident;
  /** Only channels with these labels are told of. */
  readonly labels: Labels | null;
  readonly now: number;
  readonly remindAt: number | null;
  readonly place: Place;
}

export async function loadIncidentView(view: StoreView, about: Loading): Promise<IncidentView> {
  const { incident, labels, now, remindAt, place } = about;
  const { id, cause, capability, isFlapping } = incident;
  const isOver = incident.resolvedAt !== null;
  const members = await membersTold(view, id, { labels, isWhole: isOver });
  const lastKnown = isOver ? null : await lastKnownOf(view, incident, labels);
  const fleet = cause.kind === 'fleet' ? await fleetOf(view, incident) : null;
  const numbers = await numbersOf(view, { incident, labels, members, lastKnown, fleet });
  const said = await eventsOf(view, incident);
  const [code] = incident.codes;
  return {
    incident,
    numbers,
    channels: members.channels,
    name: await nameOfCause(view, cause),
    explanation: await explanationOf(view, incident, members),
    earlier: isOver || code === undefined ? null : await view.incidents.earlierOf(code),
    elsewhere: labels === null ? await elsewhereOf(view, incident, numbers) : null,
    lastKnown,
    causes: fleet?.causes ?? 1,
    opens: isFlapping ? await view.incidents.opensOf(cause, capability, now - HOUR_MS) : 1,
    left: members.left,
    stillHeld: isOver ? await stillHeldOf(view, incident, members) : 0,
    closedBy: said.findLast(({ kind }) => kind === 'resolved')?.by ?? null,
    signals: said
      .flatMap(({ kind, detail }) => (kind === 'signal' ? (detail ?? []) : []))
      .slice(0, 2),
    labels,
    remindAt,
    place,
  };
}

interface Fleet {
  readonly causes: number;
  readonly numbers: number;
}

/** How many causes a fleet incident tells of, and how many numbers they hit. */
async function fleetOf(view: StoreView, { id }: Incident): Promise<Fleet> {
  const { items } = await view.incidents.inhibitedBy(id, { after: null, limit: PAGE });
  let numbers = 0;
  for (const one of items.slice(0, SUMMED_MAX)) {
    numbers += (await view.incidents.countsOf(one.id)).ever;
  }
  return { causes: items.length, numbers };
}

interface Counting {
  readonly incident: Incident;
  readonly labels: Labels | null;
  readonly members: MembersTold;
  readonly lastKnown: StatusCounts | null;
  readonly fleet: Fleet | null;
}

async function numbersOf(view: StoreView, counting: Counting): Promise<IncidentView['numbers']> {
  const { members, lastKnown, fleet } = counting;
  const unseen =
    lastKnown === null ? 0 : Object.values(lastKnown).reduce((sum, one) => sum + one, 0);
  const counted = fleet?.numbers ?? unseen;
  // Whoever hears of a part of it learns nothing about the rest.
  const reach = counting.labels === null ? await reachOf(view, counting.incident) : 0;
  const isShared = counting.incident.cause.type === 'messaging_limit' && reach > 0;
  const affected = isShared ? reach : members.affected || counted;
  const ever = Math.max(members.ever, affected);
  return { affected, ever, total: Math.max(reach, affected) };
}

/** How many numbers the cause could hit; 0 where that is not known. */
async function reachOf(view: StoreView, { cause }: Incident): Promise<number> {
  const { kind, type, ref } = cause;
  if (ref === null) return 0;
  if (kind === 'entity' && type !== null) return view.channels.countOfEntity({ type, id: ref });
  if (kind === 'warning' && type === 'messaging_limit') {
    return view.channels.countOfEntity({ type: 'BUSINESS', id: ref });
  }
  const credential = isCredentialRef(ref) ? await view.credentials.find(ref) : null;
  return credential === null ? 0 : view.credentials.usesOf(credential.id);
}

function isCredentialRef(ref: string): boolean {
  return /^cr_[^/]+$/.test(ref);
}

/** Null where there is no code of Meta's to explain. */
async function explanationOf(
  view: StoreView,
  incident: Incident,
  { channels: [first] }: MembersTold,
): Promise<Explanation | null> {
  if (incident.cause.kind !== 'entity' || incident.codes.length === 0) return null;
  const channel = first === undefined ? null : await view.channels.find(first.id);
  const upstream = channel?.upstream ?? incident.upstream ?? 'graph';
  const billedBy = channel === null ? 'unknown' : await billedByIn(view, channel);
  return explain(causeFinding(incident), { upstream, billedBy });
}

/** Who is good again as far as this cause goes, and no better off: looked up for those that are named. */
async function stillHeldOf(
  view: StoreView,
  { capability }: Incident,
  { channels }: MembersTold,
): Promise<number> {
  let held = 0;
  for (const { id } of channels) {
    const signs = await view.incidents.signsOf(id);
    const isHeld = signs.some(
      (sign) =>
        sign.stage === 'member' && sign.status === 'BLOCKED' && sign.capability === capability,
    );
    if (isHeld) held += 1;
  }
  return held;
}

/** How much is fine: nothing of the kind where nobody can tell. */
async function elsewhereOf(
  view: StoreView,
  { cause, resolvedAt }: Incident,
  { affected }: IncidentView['numbers'],
): Promise<IncidentView['elsewhere']> {
  if (cause.kind === 'receiver' || cause.kind === 'server') return null;
  const { critical, error, warning, info } = await view.incidents.openCounts();
  const open = critical + error + warning + info - (resolvedAt === null ? 1 : 0);
  const all = await view.channels.count();
  return { numbers: Math.max(0, all - affected), incidents: Math.max(0, open) };
}

/** What was said of it that texts repeat: only where there can be any. */
async function eventsOf(view: StoreView, incident: Incident): Promise<readonly IncidentEvent[]> {
  if (incident.resolution !== 'manual' && !incident.confirmation.byWebhook) return [];
  const events: IncidentEvent[] = [];
  await eachPage(
    (page) => view.incidents.eventsOf(incident.id, page),
    EVENT_PAGES_MAX,
    (items) => {
      events.push(...items.filter(({ kind }) => kind === 'signal' || kind === 'resolved'));
    },
  );
  return events;
}
