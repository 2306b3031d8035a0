/**
 * A notifier: the way to one kind of receiver. It puts a message into the service's form, within the service's
 * limits, sends it once, and says how that went. Retries, order and limits are the outbox's.
 */
import type { Message } from '#domain/telling/message.ts';
import type { Receiver, ReceiverKind, ReceiverSecrets } from '#domain/telling/receiver.ts';

/** A setting or a secret that a kind of receiver takes. */
export interface ReceiverField {
  readonly name: string;
  /** A plain phrase for help and errors: "the URL of the incoming webhook". */
  readonly what: string;
  readonly isSecret: boolean;
  readonly isRequired: boolean;
}

/** One attempt to send a message. */
export interface Sending {
  /** The delivery's id: the same in every attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Now, ms UTC: what signatures are stamped with. */
  readonly at: number;
  readonly message: Message;
  readonly receiver: Receiver;
  readonly secrets: ReceiverSecrets;
  /** The receiver refused the full form: only title and plain text this time. */
  readonly isPlain: boolean;
  /** Ends the attempt from outside. */
  readonly signal: AbortSignal;
}

/**
 * `throttled`: it wants peace. `transient`: later perhaps. `payload`: it does not take this form. `config`: it will
 * take nothing until somebody changes something. Decision 21 has the whole table.
 */
export type SendResult =
  | {
      readonly outcome: 'delivered';
      readonly status: number | null;
      /** What the service calls it, for its support. */
      readonly reference: string | null;
    }
  | {
      readonly outcome: 'throttled';
      readonly status: number | null;
      readonly retryAfterMs: number | null;
      readonly detail: string;
    }
  | {
      readonly outcome: 'transient' | 'payload' | 'config';
      readonly status: number | null;
      /** Redacted: no secret, no URL path, no body of more than 200 characters. */
      readonly detail: string;
    };

export interface Notifier {
  readonly kind: ReceiverKind;
  readonly fields: readonly ReceiverField[];
  /**
   * For how long what was told is told again, in ms: a service that forgets what it is not reminded of. Null
   * for all others.
   */
  readonly repeat: { readonly everyMs: number; readonly afterEndMs: number } | null;
  /** Whether the service joins messages of one incident by key, so that a resolve without an opening is moot. */
  readonly keepsState: boolean;
  /** What is wrong with settings and secrets, in sentences; none when they are usable. Asks nobody. */
  check(settings: Readonly<Record<string, string>>, secrets: ReceiverSecrets): readonly string[];
  /** By what a person recognises the target, without any secret. */
  hint(settings: Readonly<Record<string, string>>, secrets: ReceiverSecrets): string;
  /** Sends it once. Never throws but for a bug of ours; ends within 15 s. */
  send(sending: Sending): Promise<SendResult>;
}

/** All notifiers by kind. */
export type Notifiers = Readonly<Record<ReceiverKind, Notifier>>;
