/** Incidents that rest on no channel's reads: an upstream, this server, a receiver, an early warning. */
import type { Actor } from '#domain/actor.ts';
import type { UpstreamKind } from '#domain/billing.ts';
import type { Capability } from '#domain/entity.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Cause } from '#domain/incidents/cause.ts';
import type { Incident, Resolution, Severity } from '#domain/incidents/incident.ts';
import { severityOf } from '#domain/incidents/severity.ts';
import type { Status } from '#domain/status.ts';
import type { Deps } from '#monitor/deps.ts';
import { announce } from '#monitor/telling/announce.ts';
import type { StoreChange } from '#ports/store.ts';

export interface Raising {
  readonly cause: Cause;
  readonly capability?: Capability;
  readonly upstream?: UpstreamKind;
  readonly status?: Status;
  readonly severity?: Severity;
  readonly actor: Actor;
  readonly codes: readonly string[];
  /** What it is, in a plain sentence. */
  readonly detail: string | null;
  /** Now, and since when it is so: ms UTC. */
  readonly at: number;
  readonly beganAt?: number;
  /** The channels that it is about. */
  readonly members?: readonly ChannelId[];
  readonly gatherUntil?: number;
}

type Means = Pick<Deps, 'ids' | 'clock' | 'randomness'>;

/** Opens it, or gives the one that is open: one cause, one incident. A worse severity raises that one. */
export async function raise(tx: StoreChange, deps: Means, raising: Raising): Promise<Incident> {
  const { cause, at } = raising;
  const capability = raising.capability ?? null;
  const open = await tx.incidents.openOf(cause, capability);
  if (open !== null) return raiseFurther(tx, deps, { open, raising });
  const opened = await tx.incidents.open(draftOf(deps, raising));
  if (opened === null) {
    const other = await tx.incidents.openOf(cause, capability);
    if (other === null) throw new Error('an incident is neither new nor there');
    return raiseFurther(tx, deps, { open: other, raising });
  }
  for (const channelId of raising.members ?? []) {
    await join(tx, opened, { channelId, at, firstBadAt: opened.beganAt });
  }
  const event = { incidentId: opened.id, at, channelId: null, by: null, detail: opened.detail };
  await tx.incidents.addEvents([{ ...event, kind: 'opened' }]);
  await announce(tx, deps, { incident: opened, kind: 'opened', at });
  return opened;
}

async function raiseFurther(
  tx: StoreChange,
  deps: Means,
  { open, raising }: { readonly open: Incident; readonly raising: Raising },
): Promise<Incident> {
  const { at, severity = open.severity, codes, detail } = raising;
  await joinFurther(tx, open, raising);
  const isWorse = severity === 'critical' && open.severity !== 'critical';
  if (!isWorse && open.endedAt === null) return open;
  const incident = { ...open, severity, codes, detail, endedAt: null };
  await tx.incidents.replace(incident);
  if (!isWorse) return incident;
  const event = { incidentId: open.id, at, channelId: null, by: null, detail };
  await tx.incidents.addEvents([{ ...event, kind: 'worse' }]);
  await announce(tx, deps, { incident, kind: 'worse', at });
  return incident;
}

/** Members that are looked at; who joins beyond them joins anew each time. */
const MEMBERS_MAX = 500;

/** One more number with the same cause is a member of the same incident. */
async function joinFurther(
  tx: StoreChange,
  open: Incident,
  { at, members = [] }: Raising,
): Promise<void> {
  if (members.length === 0) return;
  const { items } = await tx.incidents.membersOf(open.id, { after: null, limit: MEMBERS_MAX });
  const present = new Set(items.flatMap((one) => (one.leftAt === null ? one.channelId : [])));
  for (const channelId of members.filter((id) => !present.has(id))) {
    await join(tx, open, { channelId, at, firstBadAt: at });
    const event = { incidentId: open.id, at, channelId, by: null, detail: null };
    await tx.incidents.addEvents([{ ...event, kind: 'joined' }]);
  }
}

function join(
  tx: StoreChange,
  { id: incidentId, status }: Incident,
  about: { readonly channelId: ChannelId; readonly at: number; readonly firstBadAt: number },
): Promise<void> {
  const { channelId, at: joinedAt, firstBadAt } = about;
  const left = { leftAt: null, leftReason: null };
  const before = { worked: true, replaced: null };
  return tx.incidents.join({
    incidentId,
    channelId,
    joinedAt,
    firstBadAt,
    status,
    ...before,
    ...left,
  });
}

/** Ends what is open of a cause, if anything is. Gives it as it ended. */
export async function settleCause(
  tx: StoreChange,
  deps: Means,
  about: {
    readonly cause: Cause;
    readonly capability?: Capability;
    readonly at: number;
    /** Since when it is over; now unless given. */
    readonly endedAt?: number;
    readonly resolution?: Resolution;
  },
): Promise<Incident | null> {
  const open = await tx.incidents.openOf(about.cause, about.capability ?? null);
  if (open === null) return null;
  const { at, endedAt = at, resolution = 'recovered' } = about;
  return resolve(tx, deps, { incident: open, at, endedAt, resolution });
}

/** Resolves an incident and has it told. Its members are nobody's concern here. */
export async function resolve(
  tx: StoreChange,
  deps: Means,
  about: {
    readonly incident: Incident;
    readonly at: number;
    readonly endedAt: number;
    readonly resolution: Resolution;
    readonly by?: string;
    readonly note?: string | null;
  },
): Promise<Incident> {
  const { at, endedAt, resolution, by = null, note = null } = about;
  const incident = { ...about.incident, endedAt, resolvedAt: at, resolution, gatherUntil: null };
  await tx.incidents.replace(incident);
  const event = { incidentId: incident.id, at, channelId: null, by, detail: note };
  await tx.incidents.addEvents([{ ...event, kind: 'resolved' }]);
  await announce(tx, deps, { incident, kind: 'resolved', at });
  return incident;
}

function draftOf({ ids }: Means, raising: Raising): Omit<Incident, 'number'> {
  const { cause, at, codes, detail, actor } = raising;
  const capability = raising.capability ?? null;
  const status = raising.status ?? 'UNKNOWN';
  return {
    id: ids.next('inc'),
    cause,
    capability,
    upstream: raising.upstream ?? null,
    status,
    severity: raising.severity ?? severityOf({ cause, capability, status }),
    codes,
    actor,
    detail,
    beganAt: raising.beganAt ?? at,
    openedAt: at,
    lastGoodAt: null,
    confirmation: { reads: 0, spanMs: 0, channels: 0, byWebhook: false },
    isBaseline: false,
    isFlapping: false,
    inhibitedBy: null,
    gatherUntil: raising.gatherUntil ?? null,
    sentinelId: null,
    acknowledgement: null,
    watchUntil: null,
    unseenSince: null,
    endedAt: null,
    resolvedAt: null,
    resolution: null,
  };
}
