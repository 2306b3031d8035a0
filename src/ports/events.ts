/**
 * What an operator can observe: each entry fans out to a log line, counters and the feed of changes. Fields are
 * ids, counts and codes; never secrets, never foreign text that was not redacted.
 */
import type { UpstreamKind } from '#domain/billing.ts';
import type { Capability } from '#domain/entity.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { Finding } from '#domain/finding.ts';
import type { ChannelId, CredentialId, DeliveryId, ReceiverId } from '#domain/id.ts';
import type { SignalSource, SignalWeight } from '#domain/signals/signal.ts';
import type { Status } from '#domain/status.ts';
import type { DeliveryAttempt, DeliveryKind, DeliveryState } from '#domain/telling/delivery.ts';

export interface EventMap {
  /** When a check's outcome is committed. */
  check_finished: {
    readonly channelId: ChannelId;
    readonly channel: string;
    readonly upstream: UpstreamKind;
    readonly attempt: number;
    readonly tookMs: number;
    readonly messaging: Status | null;
    readonly failure: FailureCode | null;
    readonly detail: string | null;
  };
  /** When what may be said of a channel is committed and differs from before. */
  verdict_changed: {
    readonly channelId: ChannelId;
    readonly channel: string;
    readonly capability: Capability;
    /** A status; null before the first, or when it is reported no more. */
    readonly was: string | null;
    readonly is: string | null;
    /** ms UTC. */
    readonly at: number;
  };
  /** When the schedule begins reads of channels that were due: how late each was, in ms. */
  reads_begun: { readonly lagsMs: readonly number[] };
  /** When an outcome was not written, because a newer attempt had been. */
  check_superseded: { readonly channelId: ChannelId; readonly attempt: number };
  /** When the version that served a Graph read is not the one we asked for (docs/meta.md §6.1). */
  version_forwarded: { readonly asked: string; readonly served: string };
  /** When a read of a profile ended; `changes` counts the fields that are different now. */
  profile_read: {
    readonly channelId: ChannelId;
    readonly channel: string;
    readonly changes: number;
    readonly failure: FailureCode | null;
  };
  /** When it was asked what a token is; `findings` are the kinds of what there is to say about it. */
  credential_inspected: {
    readonly credentialId: CredentialId;
    readonly credential: string;
    readonly findings: readonly Finding['kind'][];
    readonly failure: FailureCode | null;
  };
  /** At each beat: it went out, was not taken, or was withheld because something stalls. Never holds its address. */
  heartbeat: {
    readonly outcome: 'sent' | 'failed' | 'withheld';
    readonly detail: string | null;
  };
  /** When an attempt to deliver a message failed, or was cut off; `nextAt` is null when it was the last. */
  delivery_failed: {
    readonly deliveryId: DeliveryId;
    readonly receiver: string;
    readonly kind: DeliveryKind;
    readonly outcome: Exclude<DeliveryAttempt['outcome'], 'delivered'>;
    /** Redacted. */
    readonly detail: string;
    readonly attempts: number;
    readonly nextAt: number | null;
  };
  /** When a message was taken for the first time, given up, or needs to be sent no more. */
  delivery_finished: {
    readonly deliveryId: DeliveryId;
    readonly receiver: string;
    readonly kind: DeliveryKind;
    readonly outcome: DeliveryState;
    /** From the commit of what it tells of. */
    readonly tookMs: number;
  };
  /** When somebody else claimed a message while it was being sent: it may have been sent twice. */
  delivery_overtaken: { readonly deliveryId: DeliveryId };
  /** When a receiver turned out to take no messages. */
  receiver_broken: {
    readonly receiverId: ReceiverId;
    readonly receiver: string;
    /** Redacted. */
    readonly detail: string;
  };
  /** When a webhook or a report is recorded; of what is counted together each time. No text of anybody's. */
  signal_recorded: {
    readonly source: SignalSource;
    readonly weight: SignalWeight;
    readonly known: boolean;
    readonly channelId: ChannelId | null;
  };
  /** When work behind a request failed in a way that nobody waits for. */
  background_failed: { readonly what: string; readonly error: unknown };
  /** When a request ended in a bug of ours or in a store that cannot be reached. */
  request_failed: { readonly method: string; readonly route: string; readonly error: unknown };
}

export type EventName = keyof EventMap;

export interface Events {
  emit<N extends EventName>(name: N, event: EventMap[N]): void;
}
