/**
 * Our own errors: an operation that could not be done as asked. `api/problem.ts` documents the codes,
 * `http` maps them to answers. Whatever is thrown and is not a Problem is a bug: its text stays in the log.
 */
export const PROBLEM_CODES = [
  'invalid_request',
  'unauthorized',
  'not_found',
  'conflict',
  'in_use',
  'sandbox_key',
  'credential_rejected',
  'identity_changed',
  'check_failed',
  'budget_exhausted',
  'too_many_requests',
  'store_unavailable',
  'cannot_start',
  'internal',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One wrong thing about the input: where it is, and the sentence that says what would be right. */
export interface ProblemItem {
  readonly at: string;
  readonly message: string;
}

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  /** All wrong things at once, where several can be wrong. */
  readonly items: readonly ProblemItem[];

  /** `message` says what happened and what to do; it never holds a secret. `cause` is kept for the log. */
  constructor(
    code: ProblemCode,
    message: string,
    about: { items?: readonly ProblemItem[]; cause?: unknown } = {},
  ) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.code = code;
    this.items = about.items ?? [];
  }
}
