/** Every error of the management API as a problem document (RFC 9457). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiProblemCode } from '#api/problem.ts';
import { PROBLEMS, problemType } from '#api/problem.ts';
import type { ProblemItem } from '#domain/problem.ts';
import { Problem } from '#domain/problem.ts';
import type { Events } from '#ports/events.ts';

/** What a reply needs to know of a problem. */
export interface ProblemReply {
  readonly code: ApiProblemCode;
  readonly detail: string;
  readonly items?: readonly ProblemItem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long a client should leave a store alone that cannot be reached, in seconds. */
const STORE_RETRY_S = 5;

/** On everything that the management API says. */
export const NEVER_STORED = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** Sent as bytes: to a text Fastify would add a charset, which this media type does not have. */
export function sendProblem(reply: FastifyReply, problem: ProblemReply): FastifyReply {
  const { status, title } = PROBLEMS[problem.code];
  const { code, detail, items = [] } = problem;
  const about = items.length === 0 ? {} : { items };
  const document = { type: problemType(code), title, status, detail, ...about };
  return reply
    .code(status)
    .headers({
      ...NEVER_STORED,
      ...problem.headers,
      'content-type': 'application/problem+json',
    })
    .send(Buffer.from(JSON.stringify(document)));
}

/** What went wrong with a request, its causes told to the log where somebody must look into them. */
export function sendError(
  error: unknown,
  { request, reply, events }: { request: FastifyRequest; reply: FastifyReply; events: Events },
): FastifyReply {
  const problem = problemOf(error);
  if (problem.code === 'internal' || problem.code === 'store_unavailable') {
    const route = request.routeOptions.url ?? '(no route)';
    events.emit('request_failed', { method: request.method, route, error });
  }
  return sendProblem(reply, problem);
}

/** Only our own sentences are shown: the text of any other error stays in the log. */
function problemOf(error: unknown): ProblemReply {
  if (error instanceof Problem) return ofOwnProblem(error);
  const known = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  const framework = typeof known === 'string' ? FRAMEWORK_PROBLEMS.get(known) : undefined;
  if (framework !== undefined) return framework;
  return { code: 'internal', detail: 'An error of ours ended this request; the log says which.' };
}

function ofOwnProblem({ code, message, items }: Problem): ProblemReply {
  const headers: Record<string, string> =
    code === 'store_unavailable' ? { 'retry-after': String(STORE_RETRY_S) } : {};
  return { code, detail: message, items, headers };
}

const NOT_JSON: ProblemReply = {
  code: 'unsupported_media_type',
  detail: 'The body must be JSON: send Content-Type: application/json.',
};

/** What Fastify itself refuses, by its error codes. */
const FRAMEWORK_PROBLEMS: ReadonlyMap<string, ProblemReply> = new Map([
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', NOT_JSON],
  ['FST_ERR_CTP_EMPTY_TYPE', NOT_JSON],
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    { code: 'too_large', detail: 'The body is larger than the 64 KiB that are allowed.' },
  ],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    {
      code: 'invalid_request',
      detail: 'The body does not have the length that its Content-Length says.',
    },
  ],
]);
