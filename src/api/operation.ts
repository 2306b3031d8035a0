/** What is said of one operation of the management API. */
import type { z } from 'zod';
import type { ApiProblemCode } from './problem.ts';

export const API_PREFIX = '/api/v1';

export interface Operation {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below `API_PREFIX`, with parameters as `{ref}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Null: a body is refused. */
  readonly body: z.ZodType | null;
  /** The bodies of its good answers by status; null where there is none. */
  readonly responses: Readonly<Record<number, z.ZodType | null>>;
  /** What can go wrong beyond `COMMON_PROBLEMS`. */
  readonly problems: readonly ApiProblemCode[];
}

/** What any operation can answer. */
export const COMMON_PROBLEMS = [
  'invalid_request',
  'unauthorized',
  'too_many_requests',
  'store_unavailable',
  'internal',
] as const satisfies readonly ApiProblemCode[];
