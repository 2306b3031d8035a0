/** What came back from an upstream, before anybody judged it. */
import type { Failure } from '#domain/failure.ts';

/** By lower-case name; a header sent twice has two values. */
export type ReplyHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Answered {
  readonly ok: true;
  readonly status: number;
  readonly headers: ReplyHeaders;
  /** Complete, within the limit and exactly as received. */
  readonly body: Uint8Array;
}

/** An answer of any status, or why there is none. */
export type Reply = Answered | { readonly ok: false; readonly failure: Failure };

/** The header's first value; null when it is absent. */
export function headerOf(headers: ReplyHeaders, name: string): string | null {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined) return null;
  return typeof value === 'string' ? value : (value[0] ?? null);
}
