/** Whom a message counts and names: the members of an incident, all of them or those with a rule's labels. */
import type { ChannelId, IncidentId } from '#domain/id.ts';
import type { LeftReason, Member } from '#domain/incidents/incident.ts';
import type { NamedNumber } from '#domain/telling/texts/incident-view.ts';
import type { MemberCounts } from '#ports/incidents.ts';
import type { StoreView } from '#ports/store.ts';
import { eachPage } from './each-page.ts';

/** Members that are counted one by one, 10,000: where there are more, only sums are told. */
const PAGES_MAX = 20;
/** Those whose names are looked up. */
const NAMED_MAX = 50;

export type Labels = Readonly<Record<string, string>>;

export interface MembersTold {
  readonly affected: number;
  readonly ever: number;
  /** Why those left that did; null where not all were looked at. */
  readonly left: Readonly<Partial<Record<LeftReason, number>>> | null;
  /** The first of those that are affected, or of those that ever were. */
  readonly channels: readonly NamedNumber[];
}

/** `isWhole` looks at every member, as far as that is bearable: for who left, and why. */
export async function membersTold(
  view: StoreView,
  id: IncidentId,
  { labels, isWhole }: { readonly labels: Labels | null; readonly isWhole: boolean },
): Promise<MembersTold> {
  const walk = await walkMembers(view, id, { labels, pages: isWhole || labels ? PAGES_MAX : 1 });
  const present = walk.members.filter(({ leftAt }) => leftAt === null);
  const isCounted = walk.isAll || labels !== null;
  const counts = isCounted
    ? { affected: present.length, ever: walk.members.length }
    : await view.incidents.countsOf(id);
  const named = present.length > 0 ? present : await othersPresent(view, id, { walk, counts });
  const channels = await namedNumbers(
    view,
    named.slice(0, NAMED_MAX).map(({ channelId }) => channelId),
  );
  return { ...counts, left: walk.isAll ? leftOf(walk.members) : null, channels };
}

/** Those who joined first have left: who is affected still shows signs of it. */
async function othersPresent(
  view: StoreView,
  id: IncidentId,
  { walk, counts }: { readonly walk: Walk; readonly counts: MemberCounts },
): Promise<readonly { readonly channelId: ChannelId }[]> {
  if (counts.affected === 0) return walk.members;
  return (await view.incidents.signsIn(id, { after: null, limit: NAMED_MAX })).items;
}

interface Walk {
  readonly members: readonly Member[];
  readonly isAll: boolean;
}

async function walkMembers(
  view: StoreView,
  id: IncidentId,
  { labels, pages }: { readonly labels: Labels | null; readonly pages: number },
): Promise<Walk> {
  const members: Member[] = [];
  const isAll = await eachPage(
    (page) => view.incidents.membersOf(id, page),
    pages,
    async (items) => void members.push(...(await labelled(view, items, labels))),
  );
  return { members, isAll };
}

async function labelled(
  view: StoreView,
  members: readonly Member[],
  labels: Labels | null,
): Promise<readonly Member[]> {
  if (labels === null || members.length === 0) return members;
  const known = await view.channels.labelsOf(members.map(({ channelId }) => channelId));
  return members.filter(({ channelId }) => carries(known.get(channelId) ?? {}, labels));
}

/** Whether these are among those that somebody carries. */
export function carries(carried: Labels, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => carried[key] === value);
}

function leftOf(members: readonly Member[]): Partial<Record<LeftReason, number>> {
  const left: Partial<Record<LeftReason, number>> = {};
  for (const { leftReason } of members) {
    if (leftReason !== null) left[leftReason] = (left[leftReason] ?? 0) + 1;
  }
  return left;
}

async function namedNumbers(
  view: StoreView,
  ids: readonly ChannelId[],
): Promise<readonly NamedNumber[]> {
  if (ids.length === 0) return [];
  const known = await view.channels.namesOf(ids);
  return ids.flatMap((id) => {
    const channel = known.get(id);
    return channel === undefined ? [] : [{ id, name: channel.name, ...channel.names }];
  });
}
