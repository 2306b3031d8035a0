/** All that a person is shown of one incident: what it is, whom it hits, what to do, and what happened so far. */
import { explain } from '#domain/error-catalogue.ts';
import type { ExplainedFinding } from '#domain/explanation.ts';
import type { Finding, Sha256Hex } from '#domain/finding.ts';
import { findingsOf } from '#domain/finding.ts';
import type { ChannelId, IncidentId } from '#domain/id.ts';
import type { Incident, IncidentEvent, Member } from '#domain/incidents/incident.ts';
import { billedByIn } from '#monitor/latest.ts';
import type { MemberCounts } from '#ports/incidents.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { NamedChannel, StoreView } from '#ports/store.ts';

/** Nobody reads more names than these on one page. */
const MEMBERS_MAX = 100;
const PAGE = 500;
/** Pages of members and of events that are looked through: a longer story is told without its end. */
const PAGES_MAX = 4;

export interface IncidentFacts {
  readonly incident: Incident;
  readonly counts: MemberCounts;
  /** Members now, or, once it is over, whoever was one: the first that joined, at most 100. */
  readonly members: readonly NamedChannel[];
  /** What is said about the cause, as the member that is read most closely has it. */
  readonly findings: readonly ExplainedFinding[];
  /** Oldest first. */
  readonly events: readonly IncidentEvent[];
  /** Whether there are later ones. */
  readonly hasMoreEvents: boolean;
  /** By what people know the channels of the events. */
  readonly names: ReadonlyMap<ChannelId, NamedChannel>;
}

/** Null when there is no such incident. */
export async function incidentFacts(
  view: StoreView,
  id: IncidentId,
  sha256Hex: Sha256Hex,
): Promise<IncidentFacts | null> {
  const incident = await view.incidents.find(id);
  if (incident === null) return null;
  const { items: events, isCut } = await walked((page) => view.incidents.eventsOf(id, page));
  const members = await shownMembers(view, incident);
  const memberIds = members.map(({ channelId }) => channelId);
  const names = await namesOf(view, [...memberIds, ...events.map(({ channelId }) => channelId)]);
  return {
    incident,
    counts: await view.incidents.countsOf(id),
    members: memberIds.flatMap((channelId) => names.get(channelId) ?? []),
    findings: await findingsAbout(view, { incident, members, sha256Hex }),
    events,
    hasMoreEvents: isCut,
    names,
  };
}

async function shownMembers(
  view: StoreView,
  { id, resolvedAt }: Incident,
): Promise<readonly Member[]> {
  const { items } = await walked((page) => view.incidents.membersOf(id, page));
  const shown = items.filter(({ leftAt }) => resolvedAt !== null || leftAt === null);
  return shown.slice(0, MEMBERS_MAX);
}

async function walked<T>(
  pageOf: (page: PageRequest) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly isCut: boolean }> {
  const items: T[] = [];
  let after: string | null = null;
  for (let read = 0; read < PAGES_MAX; read += 1) {
    const page: Page<T> = await pageOf({ after, limit: PAGE });
    items.push(...page.items);
    after = page.next;
    if (after === null) return { items, isCut: false };
  }
  return { items, isCut: true };
}

async function namesOf(
  view: StoreView,
  ids: readonly (ChannelId | null)[],
): Promise<ReadonlyMap<ChannelId, NamedChannel>> {
  const few = [...new Set(ids.filter((id) => id !== null))].slice(0, PAGE);
  return few.length === 0 ? new Map() : view.channels.namesOf(few);
}

/** Meta's own sentences where a member still has them; what our catalogue says of the codes otherwise. */
async function findingsAbout(
  view: StoreView,
  about: {
    readonly incident: Incident;
    readonly members: readonly Member[];
    readonly sha256Hex: Sha256Hex;
  },
): Promise<readonly ExplainedFinding[]> {
  const { incident, members, sha256Hex } = about;
  // Of anything else the codes are ours, and no catalogue of Meta's.
  if (incident.cause.kind !== 'entity' && incident.cause.kind !== 'sends') return [];
  const ref = incident.sentinelId ?? members[0]?.channelId ?? null;
  const row = ref === null ? null : await view.channels.findRow(ref);
  const billedBy = row === null ? 'unknown' : await billedByIn(view, row.channel);
  const report = row?.state.good?.report ?? null;
  const reported = report === null ? [] : findingsOf(report, sha256Hex);
  return incident.codes.map((code, place) => {
    const own = reported.find((finding) => finding.code === code && isAbout(finding, incident));
    const finding = own ?? findingOf(incident, code, place);
    const context = { upstream: incident.upstream ?? 'graph', billedBy };
    return { ...finding, explanation: explain(finding, context) };
  });
}

function isAbout({ subject }: Finding, { cause }: Incident): boolean {
  if (subject.kind !== 'entity') return false;
  return subject.type === cause.type && (subject.id === null || subject.id === cause.ref);
}

/** Of Meta's codes, numbers are errors and words are notes. The sentence kept with it is that of the first. */
function findingOf(incident: Incident, code: string, place: number): Finding {
  const { cause, capability, detail } = incident;
  return {
    subject: { kind: 'entity', type: cause.type ?? '', id: cause.ref },
    kind: /^\d+(?::|$)/.test(code) ? 'error' : 'info',
    code,
    capability: capability ?? 'messaging',
    text: place === 0 ? detail : null,
    solution: null,
  };
}
