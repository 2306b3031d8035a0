/** On opening, the siblings are read at once, so that the first message has the true count. */
import type { ChannelId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { StoreView } from '#ports/store.ts';
import type { Sighted } from './sighted.ts';

/** The most that a message waits for siblings, in ms. */
const GATHER_MS = 10_000;
const SIBLINGS_MAX = 500;

/** The entity that siblings name too; null where a cause has no siblings. */
function sharedEntity({
  cause,
}: Pick<Incident, 'cause'>): { readonly type: string; readonly id: string } | null {
  if (cause.kind !== 'entity' || cause.type === null || cause.ref === null) return null;
  return { type: cause.type, id: cause.ref };
}

/** Makes those due that have not been read since it began. Gives until when they are waited for; null for nobody. */
export async function gatherSiblings(
  { tx, channel, times }: Sighted,
  incident: Incident,
): Promise<number | null> {
  const entity = sharedEntity(incident);
  if (entity === null) return null;
  const { items } = await tx.channels.ofEntity(entity, { after: null, limit: SIBLINGS_MAX });
  const members = await tx.incidents.signsIn(incident.id, { after: null, limit: SIBLINGS_MAX });
  const known = new Set<ChannelId>([channel.id, ...members.items.map((sign) => sign.channelId)]);
  const others = items.filter((id) => !known.has(id));
  if (others.length === 0) return null;
  for (const id of others) await tx.schedule.setDue(id, times.readAt);
  const unread = await tx.channels.countUnread(entity, incident.openedAt);
  return unread === 0 ? null : times.readAt + GATHER_MS;
}

/** Whether somebody is still waited for. */
export async function isGathering(
  view: StoreView,
  incident: Incident,
  now: number,
): Promise<boolean> {
  const { gatherUntil, openedAt } = incident;
  if (gatherUntil === null || now >= gatherUntil) return false;
  const entity = sharedEntity(incident);
  // A fleet incident waits for causes that nobody knows yet, and so for all of its time.
  return entity === null || (await view.channels.countUnread(entity, openedAt)) > 0;
}
