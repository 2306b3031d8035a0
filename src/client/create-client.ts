/**
 * The typed client of the management API: one method for each operation of the table.
 *
 * It follows no redirect (the token would travel with it), waits no longer than `timeoutMs`, reads no
 * more than a limit, and believes an answer only if it fits the schema.
 */
import type { Answer, Request } from '#api/call.ts';
import type { Operation } from '#api/operation.ts';
import { API_PREFIX } from '#api/operation.ts';
import type { OperationName } from '#api/operations.ts';
import { OPERATIONS } from '#api/operations.ts';
import { parse } from '#api/parse.ts';
import type { ProblemItem } from '#domain/problem.ts';
import { readAnswer } from './read-answer.ts';
import { ClientProblem } from './client-problem.ts';

export interface ClientOptions {
  /** Such as `http://127.0.0.1:8360`. */
  readonly baseUrl: string;
  readonly token: string;
  /** The most one call may take, in ms. */
  readonly timeoutMs: number;
}

type NeedsNothing<N extends OperationName> =
  Partial<Request<N>> extends Request<N> ? [request?: Request<N>] : [request: Request<N>];

/** Each method resolves with status and body of a good answer and rejects with a ClientProblem. */
export type Client = {
  readonly [N in OperationName]: (...args: NeedsNothing<N>) => Promise<Answer<N>>;
};

/** Throws a TypeError for a `baseUrl` that is no http or https URL, and for a token that is none. */
export function createClient(options: ClientOptions): Client {
  const base = new URL(options.baseUrl);
  if (base.protocol !== 'http:' && base.protocol !== 'https:') {
    throw new TypeError('The base URL of the server must begin with http:// or https://.');
  }
  // Fetch would repeat it in its own error.
  if (!/^[\x21-\x7e]+$/.test(options.token)) {
    throw new TypeError('The token is empty or has characters that no token has, such as a space.');
  }
  const methods = Object.entries(OPERATIONS).map(([name, operation]) => [
    name,
    (request: AnyRequest = {}) => call(options, operation, request),
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built key by key from the table
  return Object.fromEntries(methods) as Client;
}

interface AnyRequest {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

async function call(options: ClientOptions, operation: Operation, request: AnyRequest) {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const headers: Record<string, string> = {
    authorization: `Bearer ${options.token}`,
    accept: 'application/json, application/problem+json',
  };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(urlOf(options.baseUrl, operation, request), {
      method: operation.method,
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      redirect: 'manual',
      signal,
    });
    return await readAnswer(response, operation);
  } catch (error) {
    throw asClientProblem(error, options);
  }
}

function urlOf(baseUrl: string, operation: Operation, request: AnyRequest): string {
  // Checked here as well: a name such as ".." would lead to another path.
  const params = parse(operation.params, request.params ?? {}, 'path');
  if (!params.ok) throw wrongParams(params.items);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
    encodeURIComponent(String(params.value[parameter])),
  );
  return urlBelow(baseUrl, path, request.query ?? {});
}

/** The URL of a path of the management API with this query. */
export function urlBelow(
  baseUrl: string,
  path: string,
  given: Readonly<Record<string, unknown>>,
): string {
  const query = new URLSearchParams();
  for (const [parameter, value] of Object.entries(given)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(parameter, String(one));
  }
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  return `${baseUrl.replace(/\/+$/, '')}${API_PREFIX}${path}${search}`;
}

function wrongParams(items: readonly ProblemItem[]): ClientProblem {
  const sentences = items.map(({ at, message }) => `${at} ${message}`);
  return new ClientProblem('invalid_request', `${sentences.join('; ')}.`, { items });
}

/** What a call that failed means for whoever made it. */
export function asClientProblem(error: unknown, options: ClientOptions): ClientProblem {
  if (error instanceof ClientProblem) return error;
  const origin = new URL(options.baseUrl).origin;
  if (error instanceof Error && error.name === 'TimeoutError') {
    const message = `No answer from ${origin} within ${options.timeoutMs / 1000} s.`;
    return new ClientProblem('timeout', message, { cause: error });
  }
  const message = `Cannot reach ${origin}${reasonOf(error)}. Is the server running there?`;
  return new ClientProblem('unreachable', message, { cause: error });
}

/** The system's code behind a failed fetch, such as `ECONNREFUSED`; its texts may hold anything. */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : null;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return typeof code === 'string' ? ` (${code})` : '';
}
