/** What the verbs of `monitor` work with: the ports of a running program, and its limits. */
import { PER_HOUR } from '#domain/budget.ts';
import { RECOVERED_AFTER_MS } from '#domain/incidents/sighting.ts';
import type { IntervalRules } from '#domain/interval.ts';
import { DEFAULT_INTERVALS } from '#domain/interval.ts';
import type { WebhookWatch } from '#domain/webhook-watch.ts';
import type { Clock } from '#ports/clock.ts';
import type { Digest } from '#ports/digest.ts';
import type { Directory } from '#ports/directory.ts';
import type { Events } from '#ports/events.ts';
import type { Ids, Randomness } from '#ports/ids.ts';
import type { Store } from '#ports/store.ts';
import type { Upstreams } from '#ports/upstream.ts';
import type { Webhooks } from '#ports/webhooks.ts';

export interface Deps {
  readonly store: Store;
  readonly upstreams: Upstreams;
  /** What Graph tokens can see. */
  readonly directory: Directory;
  /** What Meta's webhooks say, and whether they are Meta's. */
  readonly webhooks: Webhooks;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly randomness: Randomness;
  readonly digest: Digest;
  readonly events: Events;
  readonly policy: Policy;
}

/** The limits of the read path: each wait and each collection has one. Times in ms. */
export interface Policy {
  /** How often which channel is checked. */
  readonly intervals: IntervalRules;
  /** Questions an hour that Meta allows an app about one WABA that is in use (docs/meta.md §4.1). */
  readonly graphReadsPerHour: number;
  /** Of which channels of 360dialog the webhook setting is watched. */
  readonly watchWebhooks: readonly WebhookWatch[];
  /** How often the schedule looks for what is due. */
  readonly tickMs: number;
  /** Channels that the schedule has claimed at the same time. */
  readonly inFlightMax: number;
  /** For how long results that changed nothing are gathered into one commit. */
  readonly gatherMs: number;
  /** The most anybody waits for a read that nothing stored can replace, its commit included. */
  readonly readTimeoutMs: number;
  /** Of that, what is kept for claiming and committing: the upstream gets the rest. */
  readonly commitMarginMs: number;
  /** The most a client waits that asked for a new read although an answer is stored. */
  readonly forcedReadTimeoutMs: number;
  /** A client's wish for a new read is granted once per channel in this time. */
  readonly forcedReadEveryMs: number;
  /** How much older than its interval an answer gets before a client that asks for it has it refreshed. */
  readonly refreshGraceMs: number;
  /** For how long a claim keeps others from starting a read of the same channel. */
  readonly leaseMs: number;
  /** How often the store is asked whether another process has finished its read. */
  readonly leasePollMs: number;
  /** How long after a first definitive failure the read follows that confirms or refutes it. */
  readonly confirmAfterMs: number;
  /** For how long a cause has to be good before its incident ends. */
  readonly recoveredAfterMs: number;
  /** The pause after a failure, doubling with each further one up to the second number. */
  readonly backOffMs: number;
  readonly backOffMsMax: number;
  /** The longest pause that an upstream can ask of us. */
  readonly retryAfterMsMax: number;
  /** Reads under way at the same time, over all channels. */
  readonly readsMax: number;
  /** Clients waiting for a read at the same time, over all channels. */
  readonly waitersMax: number;
  /** Keys that memory knows, and for how long it remembers that a key does not exist. */
  readonly keysMax: number;
  readonly unknownKeysMax: number;
  readonly unknownKeyMs: number;
  /** Channels that memory holds, and the bytes of their bodies. */
  readonly channelsMax: number;
  readonly bodyBytesMax: number;
  /** Answers to reads of named fields: how long they are kept, how many, and how many bytes. */
  readonly fieldsKeepMs: number;
  readonly fieldsMax: number;
  readonly fieldsBytesMax: number;
  /** Reads of named fields that one channel may cause in `forcedReadEveryMs`. */
  readonly fieldsReadsMax: number;
}

export const DEFAULT_POLICY: Policy = {
  intervals: DEFAULT_INTERVALS,
  graphReadsPerHour: PER_HOUR.active,
  watchWebhooks: [],
  tickMs: 250,
  inFlightMax: 2_000,
  gatherMs: 200,
  readTimeoutMs: 10_000,
  commitMarginMs: 500,
  forcedReadTimeoutMs: 3_000,
  forcedReadEveryMs: 10_000,
  refreshGraceMs: 0,
  leaseMs: 30_000,
  leasePollMs: 100,
  confirmAfterMs: 5_000,
  recoveredAfterMs: RECOVERED_AFTER_MS,
  backOffMs: 1_000,
  backOffMsMax: 60_000,
  retryAfterMsMax: 3_600_000,
  readsMax: 1_000,
  waitersMax: 50_000,
  keysMax: 200_000,
  unknownKeysMax: 10_000,
  unknownKeyMs: 5_000,
  channelsMax: 50_000,
  bodyBytesMax: 128 * 1024 * 1024,
  fieldsKeepMs: 30_000,
  fieldsMax: 2_000,
  fieldsBytesMax: 16 * 1024 * 1024,
  fieldsReadsMax: 10,
};
