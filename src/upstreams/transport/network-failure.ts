/**
 * Errors of the network as failures. No answer at all is `unreachable` or `timeout`; an answer that
 * began and is not whole, or that is no HTTP, is `malformed_answer`. The sentence names the host and
 * the cause's code, and nothing else of the request.
 */
import { errors } from 'undici';
import type { Failure } from '#domain/failure.ts';
import { failureOf } from './failure-of.ts';
import type { Peer } from './peer.ts';

/** How far a request had come when it failed. */
export interface Progress {
  readonly peer: Peer;
  /** The status of the answer, once its head had arrived; null before. */
  readonly status: number | null;
  readonly bytes: number;
}

/** What happened, by the code of the error: completes "<host> cannot be reached: …". */
const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known to DNS',
  EAI_AGAIN: 'DNS does not answer',
  ECONNREFUSED: 'it refuses connections',
  ECONNRESET: 'it reset the connection',
  EPIPE: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection without an answer',
  EHOSTUNREACH: 'no route leads there',
  ENETUNREACH: 'no route leads there',
  EMFILE: 'this program has too many open files',
  UND_ERR_DESTROYED: 'this program is closing its connections',
  UND_ERR_CLOSED: 'this program is closing its connections',
  UND_ERR_PRX_CONN: 'the proxy closed the connection',
  UND_ERR_PRX_TLS: "the proxy's certificate is for another name",
};

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

const CERTIFICATE = /CERT|ALTNAME|UNABLE_TO_|SELF_SIGNED|ISSUER|CRL/;
const TLS = /^(ERR_SSL|ERR_TLS|EPROTO)/;

/** Why the request failed with this error. Total: an error that is not known is `unreachable`. */
export function networkFailure(error: unknown, progress: Progress): Failure {
  const code = codeOf(error);
  const { peer, status, bytes } = progress;
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
    return unreachable(peer, error, code);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return failureOf('malformed_answer', `${peer.host} answered with too large headers (${code}).`);
  }
  if (error instanceof errors.HTTPParserError) {
    const detail = `${peer.host} answered with something that is no HTTP.`;
    return failureOf('malformed_answer', detail, { httpStatus: status });
  }
  if (status !== null) {
    const detail = `${peer.host} broke off its answer after ${bytes} bytes of the body (${code}).`;
    return failureOf('malformed_answer', detail, { httpStatus: status });
  }
  if (TIMEOUTS.has(code)) {
    return failureOf('timeout', `${whom(peer)} did not accept a connection in time (${code}).`);
  }
  return unreachable(peer, error, code);
}

function unreachable(peer: Peer, error: unknown, code: string): Failure {
  const detail = `${whom(peer)} cannot be reached: ${causeOf(error, code)} (${code}).`;
  return failureOf('unreachable', detail);
}

function causeOf(error: unknown, code: string): string {
  const known = CAUSES[code];
  if (known !== undefined) return known;
  const refusal = /^Proxy response \((\d{3})\)/.exec(messageOf(error));
  if (refusal !== null) return `the proxy answered ${refusal[1]}`;
  if (CERTIFICATE.test(code)) {
    return 'its certificate is not trusted; a proxy that inspects TLS needs its CA file given';
  }
  if (TLS.test(code)) return 'no TLS connection came about';
  return 'the connection failed';
}

function whom(peer: Peer): string {
  return peer.proxy === null ? peer.host : `${peer.host} (a proxy is set: ${peer.proxy})`;
}

/** The error's own code, or that of what it wraps: Node tries several addresses, proxies wrap. */
function codeOf(error: unknown): string {
  const { code, cause } = error instanceof Error ? (error as Wrapping) : {};
  if (cause instanceof Error && (code === undefined || code === 'UND_ERR_PRX_CONN')) {
    return codeOf(cause);
  }
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'unknown cause';
}

interface Wrapping {
  readonly code?: unknown;
  readonly cause?: unknown;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
