/** A receiver: where messages go. Where exactly, and with which secrets, the store keeps sealed. */
import type { ReceiverId } from '#domain/id.ts';

export const RECEIVER_KINDS = [
  'webhook',
  'slack',
  'pagerduty',
  'email',
  'alertmanager',
  'teams',
  'template',
] as const;
export type ReceiverKind = (typeof RECEIVER_KINDS)[number];

/** `page` wakes somebody, `notify` can wait until morning. */
export const URGENCIES = ['page', 'notify'] as const;
export type Urgency = (typeof URGENCIES)[number];

export interface Receiver {
  readonly id: ReceiverId;
  readonly name: string;
  readonly kind: ReceiverKind;
  readonly urgency: Urgency;
  /** What its kind needs and may be shown, as the kind's `fields` name it. */
  readonly settings: Readonly<Record<string, string>>;
  /** By what a person recognises the target: its host, and the end of its secret. */
  readonly hint: string;
  /** The IANA time zone in which its readers live, as `Europe/Berlin`; null shows UTC alone. */
  readonly zone: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Since when it takes nothing: nothing is sent but a trial now and then. Null while it works. */
  readonly brokenAt: number | null;
  readonly failuresInARow: number;
  /** Nothing is sent to it before this: it asked for peace. */
  readonly heldUntil: number;
}

/** The secrets of a receiver by the names that its kind's `fields` give them. */
export type ReceiverSecrets = Readonly<Record<string, string>>;
