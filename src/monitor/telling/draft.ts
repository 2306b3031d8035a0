/** A delivery as it is planned: to be sent at once, attempted by nobody. */
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Receiver } from '#domain/telling/receiver.ts';

export interface DraftAbout extends Pick<
  Delivery,
  'id' | 'incidentId' | 'kind' | 'seq' | 'severity'
> {
  /** When it is planned, ms UTC. */
  readonly at: number;
}

export function draftOf({ id, urgency }: Receiver, { at, ...about }: DraftAbout): Delivery {
  return {
    ...about,
    receiverId: id,
    urgency,
    state: 'pending',
    reason: '',
    rule: null,
    labels: null,
    group: null,
    about: null,
    createdAt: at,
    nextAt: at,
    attempts: 0,
    leaseUntil: 0,
    claim: 0,
    deliveredAt: null,
    mergedInto: null,
    isPlain: false,
  };
}
