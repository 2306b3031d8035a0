/** An upstream: whom we ask. Each adapter is the only place that knows its requests and its errors. */
import type { UpstreamKind } from '#domain/billing.ts';
import type { Failure } from '#domain/failure.ts';
import type { HealthReport } from '#domain/health-report.ts';
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
  /** Closes idle connections; reads under way end as `unreachable`. */
  close(): Promise<void>;
}

/** The upstreams of a running program. */
export type Upstreams = Readonly<Record<UpstreamKind, Upstream>>;
