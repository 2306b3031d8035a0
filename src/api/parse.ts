/** Reading a request by its schema: each wrong thing becomes an item that says what would be right. */
import type { z } from 'zod';
import type { ProblemItem } from '#domain/problem.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly items: readonly ProblemItem[] };

const ITEMS_MAX = 50;

/**
 * The value of `given` by this schema, or what is wrong with it. `where` comes before the paths of
 * parameters (`query.limit`); a body's fields stand alone (`labels.team`).
 */
export function parse<S extends z.ZodType>(
  schema: S,
  given: unknown,
  where: 'body' | 'query' | 'path',
): Parsed<z.output<S>> {
  const result = schema.safeParse(given);
  if (result.success) return { ok: true, value: result.data };
  const prefix = where === 'body' ? [] : [where];
  const items = result.error.issues.flatMap((issue) => itemsOf(issue, given, prefix));
  return { ok: false, items: items.slice(0, ITEMS_MAX) };
}

function itemsOf(issue: z.core.$ZodIssue, given: unknown, prefix: string[]): ProblemItem[] {
  const at = (path: readonly PropertyKey[]) =>
    shortened([...prefix, ...path].map(String).join('.')) || 'body';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ at: at([...issue.path, key]), message: issue.message }));
  }
  const isMissing = issue.path.length > 0 && valueAt(given, issue.path) === undefined;
  const message = isMissing ? `is missing; it ${issue.message}` : issue.message;
  return [{ at: at(issue.path), message }];
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let value = given;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** A name of a field may come from the request, so that it is foreign and of any length. */
function shortened(path: string): string {
  const inert = path.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
  return inert.length > 120 ? `${inert.slice(0, 119)}…` : inert;
}
