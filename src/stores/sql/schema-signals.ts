/** The tables of webhooks and signals, as Kysely sees them: what `migrations/0004-signals.ts` builds. */
import type { ChannelId, SignalId } from '#domain/id.ts';
import type { SignalSource, SignalWeight } from '#domain/signals/signal.ts';

export interface SignalsTables {
  webhooks: WebhooksTable;
  signals: SignalsTable;
  hinted_reads: HintedReadsTable;
}

/** Webhooks as they came, but for what is personal. */
export interface WebhooksTable {
  /** Of the body as it came. */
  hash: string;
  source: Exclude<SignalSource, 'api'>;
  ref: string;
  received_at: number;
  body: Uint8Array;
  /** How many of its changes are recorded, and when all were. */
  done: number;
  processed_at: number | null;
}

export interface SignalsTable {
  id: SignalId;
  /** The same for what is one signal, however often it comes. */
  key: string;
  received_at: number;
  source: SignalSource;
  field: string;
  event: string | null;
  subject_type: string | null;
  subject_id: string | null;
  waba_id: string | null;
  business_id: string | null;
  phone_number_id: string | null;
  digits: string | null;
  template_id: string | null;
  channel_id: ChannelId | null;
  code: string | null;
  http_status: number | null;
  count: number;
  weight: SignalWeight;
  known: number;
  summary: string;
}

/** When a hint last made a channel due, or will. */
interface HintedReadsTable {
  channel_id: ChannelId;
  at: number;
}
