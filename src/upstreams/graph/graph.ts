/** Meta's Graph API: one node's health, or some of its fields, by its id (docs/meta.md §1.1). */
import type { Failure } from '#domain/failure.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type { Access, Question, Upstream } from '#ports/upstream.ts';
import { askFields, askHealth } from '#upstreams/transport/ask.ts';
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

/** Throws Problem `cannot_start` when the address or the version is none. */
export function createGraph(options: GraphOptions): Upstream {
  const { transport, clock, version = GRAPH_VERSION } = options;
  const base = baseUrlOf(options.baseUrl ?? GRAPH_URL, 'the Graph API');
  if (!/^v\d{1,3}\.\d{1,3}$/.test(version)) {
    throw new Problem('cannot_start', 'The version of the Graph API must have the form v26.0.');
  }
  const outlet = transport.open(base.origin);
  const asking = { by: 'Graph', outlet, clock, failureOf: graphFailure };
  const proofs = new AppSecretProofs();
  const root = `${base.path}/${version}/`;

  function requestFor(question: Question, nodeId: string, fields: string): Request {
    const { access, timeoutMs } = question;
    const appSecret = access.app?.secret ?? null;
    const proof =
      appSecret === null ? '' : `&${proofs.queryFor(access.secret, appSecret, clock.now())}`;
    return {
      path: `${root}${nodeId}?fields=${fields}${proof}`,
      headers: headersFor(access.secret),
      timeoutMs,
    };
  }

  return {
    kind: 'graph',
    version,
    async read(question) {
      const nodeId = nodeIdOf(question);
      const failure = unaskable(question.access.secret, nodeId);
      if (failure !== null) return { ok: false, failure, usage: [] };
      const request = requestFor(question, nodeId, 'health_status');
      return askHealth(asking, request, () => secretsOf(question.access));
    },
    async readFields(question, fields) {
      const nodeId = nodeIdOf(question);
      const failure = unaskable(question.access.secret, nodeId);
      if (failure !== null) return { ok: false, failure };
      const names = [...new Set(['health_status', ...fields])].map(encodeURIComponent);
      const request = requestFor(question, nodeId, names.join(','));
      return askFields(asking, request, () => secretsOf(question.access));
    },
    close: () => outlet.close(),
  };
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

/** Precondition: on graph every channel has a node. */
function nodeIdOf(question: Question): string {
  if (question.nodeId === null) throw new Error('A question to Graph needs a node id.');
  return question.nodeId;
}

/** Why the question cannot be put: a path is no place for anything but an id. */
function unaskable(token: Secret, nodeId: string): Failure | null {
  if (/^[\w:-]{1,128}$/.test(nodeId)) return unsendable(token, 'token');
  const detail =
    'Graph was not asked: the node id must consist of letters, digits, "_", ":" and "-".';
  return failureOf('not_found_or_forbidden', detail);
}

function secretsOf(access: Access): readonly Secret[] {
  const appSecret = access.app?.secret ?? null;
  return appSecret === null ? [access.secret] : [access.secret, appSecret];
}

function graphFailure(refusal: Refusal): Failure {
  const error = metaErrorOf(refusal.value);
  if (error === null) return plainFailure(refusal);
  return metaFailure(refusal, error, meaningOfRefusal(refusal, error));
}
