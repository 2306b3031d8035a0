/**
 * Evidence: what reads showed of an incident, for the support of Meta or of 360dialog. It holds no secret, because
 * none is stored with what reads showed; what people wrote about it is left out.
 */
import type { Channel } from '#domain/channel.ts';
import type { Incident, Member } from '#domain/incidents/incident.ts';
import type { Transition } from '#domain/transition.ts';
import type { MemberCounts } from '#ports/incidents.ts';
import type { NumberNames } from '#ports/profiles.ts';
import { NO_NAMES } from '#ports/profiles.ts';
import type { StoreView } from '#ports/store.ts';

/** Support looks at a few numbers; the rest is counted. */
const MEMBERS_MAX = 50;
const READS_MAX = 20;
const BODIES_MAX = 100;
/** Of all bodies together, so that the bundle can be sent by mail. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

export interface EvidenceMember {
  readonly member: Member;
  /** Null when it was erased. */
  readonly channel: Channel | null;
  readonly names: NumberNames;
  /** Oldest first: the last one before it began, then those while it lasted and the one that ended it. */
  readonly reads: readonly Transition[];
}

export interface Evidence {
  /** ms UTC. */
  readonly madeAt: number;
  readonly incident: Incident;
  readonly counts: MemberCounts;
  readonly members: readonly EvidenceMember[];
  readonly membersLeftOut: number;
  readonly bodies: readonly { readonly hash: string; readonly text: string }[];
  readonly bodiesLeftOut: number;
}

/** To be called in `Store.scan`. */
export async function evidenceOf(
  view: StoreView,
  incident: Incident,
  now: number,
): Promise<Evidence> {
  const page = await view.incidents.membersOf(incident.id, { after: null, limit: MEMBERS_MAX });
  const named = await view.channels.namesOf(page.items.map(({ channelId }) => channelId));
  const members: EvidenceMember[] = [];
  for (const member of page.items) {
    const channel = await view.channels.find(member.channelId);
    const names = named.get(member.channelId)?.names ?? NO_NAMES;
    members.push({ member, channel, names, reads: await readsOf(view, incident, { member, now }) });
  }
  const counts = await view.incidents.countsOf(incident.id);
  return {
    madeAt: now,
    incident,
    counts,
    members,
    membersLeftOut: Math.max(0, counts.ever - members.length),
    ...(await bodiesOf(view, members)),
  };
}

/** What a read can show. */
const KINDS = ['verdict', 'entity', 'finding', 'identity'] as const;

async function readsOf(
  view: StoreView,
  incident: Incident,
  { member, now }: { readonly member: Member; readonly now: number },
): Promise<readonly Transition[]> {
  const { channelId, firstBadAt, leftAt } = member;
  const about = { channelId, kinds: KINDS };
  const before = await view.history.list(
    { after: null, limit: READS_MAX },
    { ...about, until: firstBadAt },
  );
  // The read that ended it is the one at which it left.
  const until = (leftAt ?? incident.resolvedAt ?? now) + 1;
  const during = await view.history.walk(
    { after: null, limit: READS_MAX },
    { ...about, from: firstBadAt, until },
  );
  const last = before.items.find(({ traceId, bodyAfter }) => (traceId ?? bodyAfter) !== null);
  return [...(last === undefined ? [] : [last]), ...during.items].filter(
    (transition) => transition.attempt > 0 || transition.kind === 'verdict',
  );
}

async function bodiesOf(view: StoreView, members: readonly EvidenceMember[]) {
  const hashes = new Set(
    members.flatMap(({ reads }) =>
      reads.flatMap(({ bodyBefore, bodyAfter }) => [bodyBefore ?? [], bodyAfter ?? []].flat()),
    ),
  );
  const bodies: { hash: string; text: string }[] = [];
  let [bytes, missing] = [0, 0];
  for (const hash of hashes) {
    if (bodies.length >= BODIES_MAX || bytes >= BODY_BYTES_MAX) break;
    const body = await view.history.bodyOf(hash);
    // What no transition names any more is erased.
    if (body === null) missing += 1;
    else bodies.push({ hash, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(body) });
    bytes += body?.length ?? 0;
  }
  return { bodies, bodiesLeftOut: hashes.size - bodies.length - missing };
}
