/** A bad sign meets its cause's incident: it joins the one that is open, or is enough to open one, or waits. */
import type { Actor } from '#domain/actor.ts';
import { explain } from '#domain/error-catalogue.ts';
import { causeFinding } from '#domain/incidents/cause-finding.ts';
import { isConfirmed } from '#domain/incidents/confirm.ts';
import type { Confirmation, Incident, IncidentEvent, Member } from '#domain/incidents/incident.ts';
import { isWorse } from '#domain/incidents/seen-cause.ts';
import { severityOf } from '#domain/incidents/severity.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import { isCoexistence } from '#domain/profile.ts';
import { billedByIn } from '#monitor/latest.ts';
import { announce } from '#monitor/telling/announce.ts';
import type { Suspicion } from '#ports/incidents.ts';
import type { StoreChange } from '#ports/store.ts';
import { FLAPS, FLAPS_MS, inhibitor, isStorm } from './storm.ts';
import { gatherSiblings } from './gather.ts';
import { namedByWebhook } from './named-by-webhook.ts';
import type { SaidCause, Sighted } from './sighted.ts';

const ENLISTED_AT_ONCE = 500;
/** That it became worse is said once a read begun so long after the one before agrees: less than any pace. */
const WORSE_AFTER_MS = 10_000;

/** `was` is what the channel showed of the cause before this read. */
export async function meetIncident(
  sighted: Sighted,
  sign: Sign,
  { was, ...said }: SaidCause & { readonly was?: Sign },
): Promise<void> {
  const { tx } = sighted;
  const open = await tx.incidents.openOf(sign.cause, sign.capability);
  if (open !== null) return joinIncident(sighted, { ...sign, was }, open);
  const grounds = await groundsOf(sighted, sign);
  if (grounds === null) return;
  const opened = await openIncident(sighted, { sign, said, grounds });
  // Somebody else was faster: that one is joined.
  const other = opened ?? (await tx.incidents.openOf(sign.cause, sign.capability));
  if (opened === null && other !== null) await joinIncident(sighted, { ...sign, was }, other);
}

/** What an opening rests on. */
interface Grounds {
  readonly confirmation: Confirmation;
  readonly suspicion: Suspicion;
  /** What the webhook said that named the cause; null without one. */
  readonly webhook: string | null;
  readonly isStorm: boolean;
}

/** Null while what is suspected is not enough. */
async function groundsOf(sighted: Sighted, sign: Sign): Promise<Grounds | null> {
  const { tx, times } = sighted;
  const { cause, capability, status } = sign;
  const suspicion = await tx.incidents.suspicionOf(cause, capability, status);
  if (suspicion === null) return null;
  const { reads, channels, firstStartedAt } = suspicion;
  const spanMs = Math.max(0, times.startedAt - firstStartedAt);
  const seen = { spanMs, channels, byWebhook: false };
  // Trust ends by a second read: nothing more is to be confirmed.
  if (cause.kind !== 'entity') {
    return { confirmation: { ...seen, reads: 2 }, suspicion, webhook: null, isStorm: false };
  }
  const webhook = await namedByWebhook(sighted, sign);
  const byWebhook = webhook !== null;
  const isInStorm = await isStorm(sighted, sign);
  const isOnPhone = await isAboutPhone(sighted, sign);
  const place = { isCoexistence: isOnPhone, isStorm: isInStorm };
  if (!isConfirmed({ status, reads, spanMs, byWebhook, ...place })) return null;
  const confirmation = { ...seen, reads, byWebhook };
  return { confirmation, suspicion, webhook, isStorm: isInStorm };
}

async function isAboutPhone({ tx, channel }: Sighted, { cause }: Sign): Promise<boolean> {
  if (cause.type !== 'PHONE_NUMBER') return false;
  const { profile } = await tx.profiles.find(channel.id);
  return profile !== null && isCoexistence(profile);
}

interface Opening {
  readonly sign: Sign;
  readonly said: SaidCause;
  readonly grounds: Grounds;
}

async function openIncident(sighted: Sighted, opening: Opening): Promise<Incident | null> {
  const { tx, deps, times } = sighted;
  const opened = await tx.incidents.open(await drafted(sighted, opening));
  if (opened === null) return null;
  const at = times.readAt;
  const isBaseline = await enlistAll(tx, opened, at);
  const gatherUntil = await gatherSiblings(sighted, opened);
  const incident = { ...opened, isBaseline, gatherUntil };
  await tx.incidents.replace(incident);
  await tx.incidents.addEvents(openingEvents(sighted, incident, opening.grounds));
  await announce(tx, deps, { incident, kind: incident.isFlapping ? 'flapping' : 'opened', at });
  return incident;
}

/** Makes all suspects members. Gives whether none of them ever had the capability. */
async function enlistAll(tx: StoreChange, incident: Incident, at: number): Promise<boolean> {
  for (let isBaseline = true; ;) {
    const signs = await tx.incidents.enlist(incident, at, ENLISTED_AT_ONCE);
    isBaseline &&= signs.every(({ worked }) => !worked);
    if (signs.length < ENLISTED_AT_ONCE) return isBaseline;
  }
}

function openingEvents(
  { channel, times }: Sighted,
  { id: incidentId, detail, inhibitedBy }: Incident,
  { webhook }: Grounds,
): readonly IncidentEvent[] {
  const event = { incidentId, at: times.readAt, channelId: null, by: null, detail: null };
  return [
    ...(webhook === null ? [] : [{ ...event, kind: 'signal', detail: webhook } as const]),
    { ...event, kind: 'opened', channelId: channel.id, detail },
    ...(inhibitedBy === null ? [] : [{ ...event, kind: 'inhibited' } as const]),
  ];
}

async function drafted(
  sighted: Sighted,
  { sign, said, grounds }: Opening,
): Promise<Omit<Incident, 'number'>> {
  const { tx, deps, times, channel } = sighted;
  const { cause, capability, status, codes } = sign;
  const { confirmation, suspicion } = grounds;
  const since = times.readAt - FLAPS_MS;
  const isFlapping = (await tx.incidents.opensOf(cause, capability, since)) >= FLAPS - 1;
  return {
    id: deps.ids.next('inc'),
    cause,
    capability,
    upstream: channel.upstream,
    status,
    severity: severityOf({ cause, capability, status }),
    codes,
    actor: await actorOf(sighted, said),
    detail: said.text,
    beganAt: suspicion.firstBadAt,
    openedAt: times.readAt,
    lastGoodAt: suspicion.goodAt,
    confirmation,
    isBaseline: false,
    isFlapping,
    inhibitedBy: grounds.isStorm ? await inhibitor(sighted, sign) : null,
    gatherUntil: null,
    sentinelId: channel.id,
    acknowledgement: null,
    watchUntil: null,
    unseenSince: null,
    endedAt: null,
    resolvedAt: null,
    resolution: null,
  };
}

/** Who must act, as the catalogue says of the weightiest finding. */
async function actorOf({ tx, channel }: Sighted, said: SaidCause): Promise<Actor> {
  const { cause, capability, codes, text } = said;
  if (cause.kind !== 'entity') return 'integrator';
  const finding = causeFinding({ cause, capability, codes, detail: text });
  const { upstream } = channel;
  return explain(finding, { upstream, billedBy: await billedByIn(tx, channel) }).actor;
}

async function joinIncident(
  sighted: Sighted,
  { was, ...sign }: Sign & { readonly was: Sign | undefined },
  incident: Incident,
): Promise<void> {
  const { tx, times } = sighted;
  const isNew = sign.stage !== 'member';
  const joined = { ...sign, stage: 'member', incidentId: incident.id } as const;
  if (isNew) {
    await tx.incidents.putSign(joined);
    await tx.incidents.join(memberOf(joined, times.readAt));
  }
  const isRaised = await isRaising(sighted, { sign: joined, was, incident });
  await worsen(sighted, { sign: joined, incident, isNew, isRaised });
}

function memberOf(sign: Sign & { readonly incidentId: Incident['id'] }, at: number): Member {
  const { incidentId, channelId, firstBadAt, status, worked, replaced } = sign;
  const left = { leftAt: null, leftReason: null };
  return { incidentId, channelId, joinedAt: at, firstBadAt, status, worked, replaced, ...left };
}

/** Worse than the incident, and not by one read alone: it may wake somebody. */
async function isRaising(
  sighted: Sighted,
  about: { readonly sign: Sign; readonly was: Sign | undefined; readonly incident: Incident },
): Promise<boolean> {
  const { sign, was, incident } = about;
  if (!isWorse(sign.status, incident.status)) return false;
  const sinceMs = was?.status === sign.status ? sighted.times.startedAt - was.lastBadAt : 0;
  return sinceMs >= WORSE_AFTER_MS || (await namedByWebhook(sighted, sign)) !== null;
}

/** LIMITED that becomes BLOCKED raises the same incident; so does a first number that really lost something. */
async function worsen(
  { tx, deps, times }: Sighted,
  {
    sign,
    incident,
    isNew,
    isRaised,
  }: {
    readonly sign: Sign;
    readonly incident: Incident;
    readonly isNew: boolean;
    readonly isRaised: boolean;
  },
): Promise<void> {
  const at = times.readAt;
  const isLost = incident.isBaseline && sign.worked;
  const isBack = incident.endedAt !== null;
  if (!isNew && !isRaised && !isBack) return;
  const { cause, capability } = incident;
  const status = isRaised ? sign.status : incident.status;
  const changed: Incident = {
    ...incident,
    status,
    severity: isRaised ? severityOf({ cause, capability, status }) : incident.severity,
    codes: isRaised && sign.codes.length > 0 ? sign.codes : incident.codes,
    isBaseline: incident.isBaseline && !isLost,
    endedAt: null,
    sentinelId: incident.sentinelId ?? sign.channelId,
  };
  await tx.incidents.replace(changed);
  if (isRaised && changed.sentinelId !== null) {
    await tx.incidents.setClosely(changed.sentinelId, true);
  }
  const event = { incidentId: incident.id, at, channelId: sign.channelId, by: null, detail: null };
  if (isNew) await tx.incidents.addEvents([{ ...event, kind: 'joined' }]);
  if (isRaised) await tx.incidents.addEvents([{ ...event, kind: 'worse', detail: status }]);
  if (isLost) await announce(tx, deps, { incident: changed, kind: 'opened', at });
  else if (isRaised) await announce(tx, deps, { incident: changed, kind: 'worse', at });
}
