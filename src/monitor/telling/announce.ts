/** Plans what is told about an incident: replaced by the outbox. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { DeliveryKind } from '#domain/telling/delivery.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreChange } from '#ports/store.ts';

export interface Announcement {
  readonly incident: Incident;
  readonly kind: DeliveryKind;
  /** ms UTC. */
  readonly at: number;
}

export async function announce(
  _tx: StoreChange,
  _deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  _about: Announcement,
): Promise<void> {}

export async function announceBaseline(
  _tx: StoreChange,
  _deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  _incidents: readonly Incident[],
): Promise<void> {}
