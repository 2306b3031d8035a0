/** An upstream: whom we ask. Each adapter is the only place that knows its requests and its errors. */
import type { UpstreamKind } from '#domain/billing.ts';
import type { Failure } from '#domain/failure.ts';
import type { HealthReport } from '#domain/health-report.ts';
import type { Profile } from '#domain/profile.ts';
import type { Secret } from '#domain/secret.ts';
import type { Served } from '#domain/snapshot.ts';

/** The access with which a question is asked. */
export interface Access {
  readonly secret: Secret;
  /** The app of a Graph token: with its secret each call carries an `appsecret_proof`. */
  readonly app: { readonly metaAppId: string; readonly secret: Secret | null } | null;
}

export interface Question {
  /** The Graph node; null on dialog360, where the key alone decides. */
  readonly nodeId: string | null;
  readonly access: Access;
  /** The most this read may take, in ms, from the call to the last byte. */
  readonly timeoutMs: number;
}

/** One reported use of a quota, in per cent of it; from Meta's usage headers. */
export interface Usage {
  /** `app`: x-app-usage. Otherwise the id (a WABA's, apparently) and type of x-business-use-case-usage. */
  readonly scope: string;
  readonly type: string;
  readonly percent: number;
  /** How long the quota stays exhausted, in ms; 0 when it is not. */
  readonly regainMs: number;
}

export type Answer =
  | {
      readonly ok: true;
      /** The body exactly as received, identity-encoded. */
      readonly body: Uint8Array;
      readonly report: HealthReport;
      readonly served: Served;
      readonly usage: readonly Usage[];
    }
  | { readonly ok: false; readonly failure: Failure; readonly usage: readonly Usage[] };

/** An answer to a read of named fields: passed through as bytes, judged by nobody. */
export type FieldsAnswer =
  | { readonly ok: true; readonly body: Uint8Array }
  | { readonly ok: false; readonly failure: Failure };

/** What came of many questions in one round trip. */
export type BatchAnswer =
  | {
      readonly ok: true;
      /** In the order of the questions. Null: the upstream did not finish this one; ask it again. */
      readonly answers: readonly (Answer | null)[];
    }
  | {
      readonly ok: false;
      /** Why the batch as a whole saw nothing. */
      readonly failure: Failure;
      readonly usage: readonly Usage[];
    };

export interface ProfileQuestion extends Question {
  /**
   * Whether 360dialog is asked too where it delivers what comes in for the number. When that cannot be read, the
   * profile comes without. Graph has it in the profile anyway.
   */
  readonly withWebhook?: boolean;
}

export type ProfileAnswer =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly failure: Failure };

export interface Upstream {
  readonly kind: UpstreamKind;
  /** The version we ask for; null where the upstream has none. */
  readonly version: string | null;
  /** Asks for the health of one node. Resolves with what came of it; never rejects on content or network. */
  read(question: Question): Promise<Answer>;
  /**
   * Asks for these fields beside `health_status`. Not a check: the caller neither stores nor judges it.
   * `fields` are valid, sorted and unique. Good is a 200 with a JSON object without top-level `error`.
   */
  readFields(question: Question, fields: readonly string[]): Promise<FieldsAnswer>;
  /** The most questions that one `readBatch` takes: 50 on graph, 1 on dialog360, which has no batch. */
  readonly batchMax: number;
  /**
   * Asks up to `batchMax` questions in one round trip, each with its own access; `timeoutMs` counts
   * instead of their own. Each answer is the one that `read` would have given for the same reply. Never
   * rejects on content or network.
   */
  readBatch(questions: readonly Question[], timeoutMs: number): Promise<BatchAnswer>;
  /**
   * Reads what a number (or WABA) is beside its health. A field that this node type does not have is
   * dropped, and the rest asked for again, all within the question's time.
   */
  readProfile(question: ProfileQuestion): Promise<ProfileAnswer>;
  /** Closes idle connections; reads under way end as `unreachable`. */
  close(): Promise<void>;
}

/** The upstreams of a running program. */
export type Upstreams = Readonly<Record<UpstreamKind, Upstream>>;
