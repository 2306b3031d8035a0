/** The shape of a route: what it gets is validated, what it answers is one of the table's good answers. */
import type { Answer, Input } from '#api/call.ts';
import type { OperationName } from '#api/operations.ts';
import { Problem } from '#domain/problem.ts';
import type { HttpContext } from '#http/context.ts';

type Handler<N extends OperationName> = (
  input: Input<N>,
  context: HttpContext,
) => Promise<Answer<N>>;

/** The routes of some operations. */
export type Handlers<N extends OperationName = OperationName> = { readonly [K in N]: Handler<K> };

/** A moment as the API shows it. */
export function timestampOf(ms: number): string {
  return new Date(ms).toISOString();
}

export function timestampOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : timestampOf(ms);
}

/** What was looked up, or Problem `not_found`. */
export function found<T>(value: T | null, what: string, ref: string): T {
  if (value !== null) return value;
  throw new Problem('not_found', `There is no ${what} with the name or id "${ref}".`);
}
