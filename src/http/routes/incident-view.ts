/** Incidents, their members and their timelines as the API shows them. */
import type { Answer } from '#api/call.ts';
import type { BilledBy } from '#domain/billing.ts';
import { isId } from '#domain/id.ts';
import type { Cause } from '#domain/incidents/cause.ts';
import { explainIncident } from '#domain/incidents/explain-incident.ts';
import type { Incident, IncidentEvent, Member } from '#domain/incidents/incident.ts';
import { nameOfCause } from '#monitor/telling/name-of-cause.ts';
import type { Earlier, MemberCounts } from '#ports/incidents.ts';
import type { StoreView } from '#ports/store.ts';
import { timestampOf, timestampOrNull } from './handler.ts';
import type { ChannelLink } from './names.ts';
import { channelLink, unnamed } from './names.ts';

type IncidentView = Answer<'listIncidents'>['body']['items'][number];
type ShownIncident = Answer<'getIncident'>['body'];
type MemberView = Answer<'listIncidentMembers'>['body']['items'][number];
type EventView = Answer<'listIncidentEvents'>['body']['items'][number];

/** To be called in `Store.scan`: members are counted. */
export async function incidentViews(
  view: StoreView,
  incidents: readonly Incident[],
): Promise<IncidentView[]> {
  const views: IncidentView[] = [];
  for (const incident of incidents) {
    const counts = await view.incidents.countsOf(incident.id);
    views.push(incidentView(incident, { counts, name: await causeName(view, incident.cause) }));
  }
  return views;
}

/** The same with what its codes mean and how long it took before. */
export async function shownIncident(view: StoreView, incident: Incident): Promise<ShownIncident> {
  const [shown] = await incidentViews(view, [incident]);
  if (shown === undefined) throw new Error('one incident gave no view');
  const findings: ShownIncident['findings'] = [];
  for (const { code, explanation } of explainIncident(incident, await billedBy(view, incident))) {
    const { meaning, known, actor, remedy } = explanation;
    const earlier = earlierView(await view.incidents.earlierOf(code));
    findings.push({ code, meaning, known, actor, remedy: { ...remedy }, earlier });
  }
  return { ...shown, findings };
}

function earlierView(earlier: Earlier | null): ShownIncident['findings'][number]['earlier'] {
  if (earlier === null) return null;
  const { fromMs, toMs, cases } = earlier;
  return { from_seconds: secondsOf(fromMs), to_seconds: secondsOf(toMs), cases };
}

/** Who pays decides who can mend it: as the member that is read most says, else the first one. */
async function billedBy(view: StoreView, { id, sentinelId }: Incident): Promise<BilledBy> {
  const first = await view.incidents.membersOf(id, { after: null, limit: 1 });
  const channelId = sentinelId ?? first.items[0]?.channelId;
  const channel = channelId === undefined ? null : await view.channels.find(channelId);
  const credential = channel && (await view.credentials.find(channel.credentialId));
  return credential?.billedBy ?? 'unknown';
}

/** As messages call it; a number too, which they call by more than one name. */
async function causeName(view: StoreView, cause: Cause): Promise<string | null> {
  const { kind, type, ref } = cause;
  if (ref === null) return null;
  const name = await nameOfCause(view, cause);
  if (name !== null) return name;
  const [, id = ref] = ref.split('/');
  if (isId('ch', id)) return (await view.channels.namesOf([id])).get(id)?.name ?? null;
  if (kind !== 'entity' || type !== 'PHONE_NUMBER') return null;
  return (await view.channels.ofNodes([ref])).get(ref)?.name ?? null;
}

function incidentView(
  incident: Incident,
  { counts, name }: { readonly counts: MemberCounts; readonly name: string | null },
): IncidentView {
  const { cause, acknowledgement } = incident;
  return {
    id: incident.id,
    number: incident.number,
    cause: { kind: cause.kind, type: cause.type, id: cause.ref, name },
    capability: incident.capability,
    upstream: incident.upstream,
    status: incident.status,
    severity: incident.severity,
    codes: [...incident.codes],
    actor: incident.actor,
    detail: incident.detail,
    began_at: timestampOf(incident.beganAt),
    opened_at: timestampOf(incident.openedAt),
    last_good_at: timestampOrNull(incident.lastGoodAt),
    confirmation: confirmationView(incident.confirmation),
    is_baseline: incident.isBaseline,
    is_flapping: incident.isFlapping,
    inhibited_by: incident.inhibitedBy,
    gather_until: timestampOrNull(incident.gatherUntil),
    acknowledgement: acknowledgement && {
      at: timestampOf(acknowledgement.at),
      by: acknowledgement.by,
      note: acknowledgement.note,
    },
    watch_until: timestampOrNull(incident.watchUntil),
    unseen_since: timestampOrNull(incident.unseenSince),
    ended_at: timestampOrNull(incident.endedAt),
    resolved_at: timestampOrNull(incident.resolvedAt),
    resolution: incident.resolution,
    numbers: { affected: counts.affected, ever: counts.ever },
  };
}

function confirmationView(confirmation: Incident['confirmation']): IncidentView['confirmation'] {
  const { reads, spanMs, channels, byWebhook } = confirmation;
  return { reads, span_seconds: secondsOf(spanMs), channels, by_webhook: byWebhook };
}

function secondsOf(ms: number): number {
  return Math.max(0, Math.round(ms / 1000));
}

export function memberView(member: Member, links: ReadonlyMap<string, ChannelLink>): MemberView {
  const { channelId, status, worked, replaced } = member;
  return {
    channel: links.get(channelId) ?? channelLink(unnamed(channelId)),
    status,
    joined_at: timestampOf(member.joinedAt),
    first_bad_at: timestampOf(member.firstBadAt),
    worked,
    replaced,
    left_at: timestampOrNull(member.leftAt),
    left_reason: member.leftReason,
  };
}

export function eventView(
  event: IncidentEvent,
  links: ReadonlyMap<string, ChannelLink>,
): EventView {
  const { channelId, at, kind, by, detail } = event;
  const channel =
    channelId === null ? null : (links.get(channelId) ?? channelLink(unnamed(channelId)));
  return { at: timestampOf(at), kind, channel, by, detail };
}
