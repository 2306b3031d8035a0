/**
 * A delivery: one message owed to one receiver, written in the transaction that makes it true, and rendered
 * only when it is sent. What is not sent is a delivery too: `withheld`, with its reason.
 */
import type { DeliveryId, IncidentId, ReceiverId } from '#domain/id.ts';
import type { Severity } from '#domain/incidents/incident.ts';
import type { Urgency } from './receiver.ts';

/** What it is about; how it reads when it is sent is decided then. */
export const DELIVERY_KINDS = [
  'opened',
  'worse',
  'flapping',
  'reminder',
  'resolved',
  'baseline',
  'summary',
  'silence_ended',
  'digest',
  'test',
] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/**
 * `pending`: it is to be sent. `delivered`: the receiver took it. `dead`: given up, it can be replayed.
 * `superseded`: something newer says it all. `merged`: a summary says it. `withheld`: by rule, silence or
 * state it is not told.
 */
export const DELIVERY_STATES = [
  'pending',
  'delivered',
  'dead',
  'superseded',
  'merged',
  'withheld',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface Delivery {
  readonly id: DeliveryId;
  /** Null for what is about no incident, or about several. */
  readonly incidentId: IncidentId | null;
  readonly receiverId: ReceiverId;
  readonly kind: DeliveryKind;
  /** Which of its kind about this incident for this receiver: with both it is unique. 0 for the first. */
  readonly seq: number;
  readonly urgency: Urgency;
  readonly severity: Severity;
  readonly state: DeliveryState;
  /** Why it is withheld, superseded, merged or dead; which rule it comes from otherwise. A sentence. */
  readonly reason: string;
  /** The rule's name; `default`, or null where none was asked. */
  readonly rule: string | null;
  /** What the rule's labels narrow the message to; null for all members. */
  readonly labels: Readonly<Record<string, string>> | null;
  /** Those of one group and receiver that wait at the same time become one message; null for none. */
  readonly group: string | null;
  /**
   * What it is about where that is no incident: the ids of incidents as a JSON array, the week of a digest as
   * `2026-W10`. Of one that a silence withholds, the silence's id.
   */
  readonly about: string | null;
  /** When what it tells of was committed, ms UTC. */
  readonly createdAt: number;
  /** When it is to be sent (again). */
  readonly nextAt: number;
  readonly attempts: number;
  /** While it is being sent: by nobody else before this. 0 when it is not. */
  readonly leaseUntil: number;
  /** Rises with each claim: only the newest may write how it ended. */
  readonly claim: number;
  /** The first time that the receiver took it. */
  readonly deliveredAt: number | null;
  readonly mergedInto: DeliveryId | null;
  /** The receiver refused the full form. */
  readonly isPlain: boolean;
}

/** One attempt, as it is remembered: redacted. */
export interface DeliveryAttempt {
  readonly deliveryId: DeliveryId;
  readonly at: number;
  readonly tookMs: number;
  readonly outcome: 'delivered' | 'throttled' | 'transient' | 'payload' | 'config' | 'cut_off';
  readonly status: number | null;
  readonly detail: string | null;
}
