/** Opens an incident as the monitor does, in one change with what is told about it. */
import type { ChannelId, ReceiverId } from '#domain/id.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import { announce } from '#monitor/telling/announce.ts';
import type { Ids } from '#ports/ids.ts';
import type { StoreChange } from '#ports/store.ts';
import { anotherIncident } from '#test/domain/telling/an-incident.ts';

export interface Opening {
  /** The WABA that it is about. */
  readonly waba: string;
  /** The number that cannot send. */
  readonly channelId: ChannelId;
  /** Who is to hear of it. */
  readonly receiverId: ReceiverId;
  readonly at: number;
}

/** Gives what is owed to that receiver; null when the incident is open already. */
export async function openIncident(
  tx: StoreChange,
  ids: Ids,
  { waba, channelId, receiverId, at }: Opening,
): Promise<Delivery | null> {
  const cause = { kind: 'entity', type: 'WABA', ref: waba } as const;
  const times = { openedAt: at, beganAt: at - 60_000, lastGoodAt: at - 120_000 };
  const { number: _, ...draft } = anotherIncident({ id: ids.next('inc'), cause, ...times });
  const incident = await tx.incidents.open(draft);
  if (incident === null) return null;
  const { id: incidentId, status } = incident;
  const moments = { joinedAt: at, firstBadAt: at, leftAt: null, leftReason: null };
  const shown = { status, replaced: 'AVAILABLE', worked: true } as const;
  await tx.incidents.join({ incidentId, channelId, ...moments, ...shown });
  await announce(tx, { ids }, { incident, kind: 'opened', at });
  const [owed] = await tx.outbox.about(incidentId, receiverId);
  if (owed?.state !== 'pending') throw new Error('nobody is to hear of this incident');
  return owed;
}
