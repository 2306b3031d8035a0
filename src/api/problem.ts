/**
 * The problem catalogue: what an error of the API says beyond its HTTP status (RFC 9457).
 *
 * Exhaustive over the domain's codes; the codes added here exist only where there is HTTP.
 */
import { z } from 'zod';
import type { ProblemCode } from '#domain/problem.ts';
import { component } from './field.ts';

const HTTP_PROBLEM_CODES = ['method_not_allowed', 'too_large', 'unsupported_media_type'] as const;

export type ApiProblemCode = ProblemCode | (typeof HTTP_PROBLEM_CODES)[number];

export interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  /** When it happens and what to do, for the documentation. */
  readonly doc: string;
}

export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    doc:
      'A field, parameter or body is missing, unknown or wrong. `items` names each and ' +
      'says what would be right.',
  },
  unauthorized: {
    status: 401,
    title: 'No valid token',
    doc:
      'Send `Authorization: Bearer <administrator token>`; the token is in ' +
      '`admin.token` of the data directory.',
  },
  not_found: {
    status: 404,
    title: 'Nothing of that name or id',
    doc: 'The resource, or the path itself, does not exist. Removed channels are found by id only.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Not with this method',
    doc: 'The path exists, the method does not. The `Allow` header names those that do.',
  },
  conflict: {
    status: 409,
    title: 'Something else stands in the way',
    doc:
      'A name, external id, node or key is taken, or the change is one that this ' +
      'operation does not make.',
  },
  in_use: {
    status: 409,
    title: 'Still in use',
    doc: 'Something else uses what should be removed. Remove or change that first.',
  },
  too_large: {
    status: 413,
    title: 'The body is too large',
    doc: 'No request of this API needs more than 64 KiB.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Not a JSON body',
    doc: 'Bodies are JSON: send `Content-Type: application/json`.',
  },
  sandbox_key: {
    status: 422,
    title: 'A key of the 360dialog sandbox',
    doc: 'The sandbox has no health status. Use the API key of a real number.',
  },
  credential_rejected: {
    status: 422,
    title: 'The upstream rejects this credential',
    doc: 'Meta or 360dialog was asked with it and refused. Nothing was changed.',
  },
  identity_changed: {
    status: 422,
    title: 'This credential belongs to another number',
    doc: 'Its answer is about another number than the one that is watched. Nothing was changed.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    doc:
      'Wait as long as `Retry-After` says. A valid token is never refused for the wrong ' +
      'ones of others.',
  },
  budget_exhausted: {
    status: 429,
    title: 'No question is left for now',
    doc:
      'Meta allows an app so many questions an hour about one account, and they are used up. ' +
      'Nothing was asked; `detail` says when there is room again.',
  },
  internal: {
    status: 500,
    title: 'An error of ours',
    doc: 'A bug. The log has the details; nothing of them is shown here.',
  },
  cannot_start: {
    status: 500,
    title: 'The program cannot start',
    doc:
      'Only seen at the start, on the terminal: an option, a directory or a database is ' +
      'not as it must be.',
  },
  check_failed: {
    status: 502,
    title: 'No good read of the upstream',
    doc:
      'What was wanted needs a good read, and Meta or 360dialog gave none. Nothing was ' +
      'changed; try again.',
  },
  store_unavailable: {
    status: 503,
    title: 'The store cannot be reached',
    doc: 'Nothing was read or changed. Try again; the public route goes on with what memory holds.',
  },
} as const satisfies Record<ApiProblemCode, ProblemEntry>;

/** The `type` of a problem: a URN, because there is no page of ours that every installation has. */
export function problemType(code: ApiProblemCode): string {
  return `urn:waba-health:problem:${code}`;
}

export const problem = component(
  'Problem',
  z.object({
    type: z
      .string()
      .meta({ examples: Object.keys(PROBLEMS).map((code) => `urn:waba-health:problem:${code}`) }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened this time, and what to do.' }),
    items: z
      .array(z.object({ at: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each wrong thing: where it is and what would be right.' }),
  }),
);
