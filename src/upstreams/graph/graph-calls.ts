/** How Graph is called: addresses, headers, tokens with their proofs, and what its refusals mean. */
import type { Failure } from '#domain/failure.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type { Access, Question } from '#ports/upstream.ts';
import type { Asking } from '#upstreams/transport/ask.ts';
import { baseUrlOf } from '#upstreams/transport/base-url.ts';
import type { Request } from '#upstreams/transport/exchange.ts';
import { failureOf } from '#upstreams/transport/failure-of.ts';
import { unsendable } from '#upstreams/transport/header-value.ts';
import { meaningOfRefusal, metaFailure } from '#upstreams/transport/meta/meta-failure.ts';
import { metaErrorOf } from '#upstreams/transport/meta/meta-error.ts';
import { plainFailure } from '#upstreams/transport/refusal.ts';
import type { Refusal } from '#upstreams/transport/refusal.ts';
import type { Transport } from '#upstreams/transport/transport.ts';
import { AppSecretProofs } from './app-secret-proof.ts';
import { isNodeId } from './node-id.ts';

const GRAPH_URL = 'https://graph.facebook.com';
const GRAPH_VERSION = 'v26.0';

export interface GraphOptions {
  readonly transport: Transport;
  /** For the time in `appsecret_proof` and in `Retry-After`. */
  readonly clock: Clock;
  /** https://graph.facebook.com unless told otherwise; a path in it stands before the version. */
  readonly baseUrl?: string;
  /** v26.0 unless told otherwise. */
  readonly version?: string;
}

export class GraphCalls {
  readonly asking: Asking;
  readonly version: string;
  readonly #root: string;
  readonly #proofs = new AppSecretProofs();

  /** Throws Problem `cannot_start` when the address or the version is none. */
  constructor({ transport, clock, baseUrl = GRAPH_URL, version = GRAPH_VERSION }: GraphOptions) {
    const base = baseUrlOf(baseUrl, 'the Graph API');
    if (!/^v\d{1,3}\.\d{1,3}$/.test(version)) {
      throw new Problem('cannot_start', 'The version of the Graph API must have the form v26.0.');
    }
    const outlet = transport.open(base.origin);
    this.asking = { by: 'Graph', outlet, clock, failureOf: graphFailure };
    this.version = version;
    this.#root = `${base.path}/${version}/`;
  }

  /** A GET of `path`, which lies below the version and may have a query. */
  get(access: Access, path: string, timeoutMs: number): Request {
    const proof = this.proofOf(access);
    const query = proof === '' ? '' : `${path.includes('?') ? '&' : '?'}${proof}`;
    return {
      path: `${this.#root}${path}${query}`,
      headers: headersFor(access.secret),
      timeoutMs,
    };
  }

  /** A POST of a form to the version itself, which is where batches go. */
  post(access: Access, form: string, timeoutMs: number): Request {
    const proof = this.proofOf(access);
    const headers = headersFor(access.secret);
    headers.push('content-type', 'application/x-www-form-urlencoded');
    const body = proof === '' ? form : `${form}&${proof}`;
    return { path: this.#root, headers, body, timeoutMs };
  }

  /** `appsecret_proof=…&appsecret_time=…`; empty without the app's secret. */
  proofOf({ secret, app }: Access): string {
    const appSecret = app?.secret ?? null;
    if (appSecret === null) return '';
    return this.#proofs.queryFor(secret, appSecret, this.asking.clock.now());
  }
}

/** Precondition: on graph every channel has a node. */
export function nodeIdOf(question: Question): string {
  if (question.nodeId === null) throw new Error('A question to Graph needs a node id.');
  return question.nodeId;
}

/** Why the question cannot be put; null when it can. */
export function unaskable(token: Secret, nodeId: string): Failure | null {
  if (isNodeId(nodeId)) return unsendable(token, 'token');
  const detail =
    'Graph was not asked: the node id must consist of letters, digits, "_", ":" and "-".';
  return failureOf('not_found_or_forbidden', detail);
}

/** What of an access must not come back in a sentence. */
export function secretsOf({ secret, app }: Access): readonly Secret[] {
  const appSecret = app?.secret ?? null;
  return appSecret === null ? [secret] : [secret, appSecret];
}

function headersFor(token: Secret): string[] {
  return [
    'authorization',
    `Bearer ${token.reveal()}`,
    'accept',
    'application/json',
    'accept-encoding',
    'identity',
    'user-agent',
    'waba-health',
  ];
}

function graphFailure(refusal: Refusal): Failure {
  const error = metaErrorOf(refusal.value);
  if (error === null) return plainFailure(refusal);
  return metaFailure(refusal, error, meaningOfRefusal(refusal, error));
}
