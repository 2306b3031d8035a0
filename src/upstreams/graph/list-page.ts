/**
 * One page of a list (docs/meta.md §7.4). Of `paging.next` only its presence counts: the address in it
 * is foreign and never asked for; the next page is our own address with the cursor.
 */
import type { ListAnswer } from '#ports/directory.ts';
import { failureOf } from '#upstreams/transport/failure-of.ts';
import { fieldOf } from '#upstreams/transport/meta/meta-error.ts';

/** Opaque, so anything visible; Meta's have less than 200 characters. */
const CURSOR = /^[\x21-\x7e]{1,1024}$/;

/** The page in a parsed body. `after` is the cursor it was asked with: a page that leads to itself is none. */
export function pageOf<Item>(
  body: unknown,
  after: string | null,
  itemOf: (entry: unknown) => Item | null,
): ListAnswer<Item> {
  const data = fieldOf(body, 'data');
  if (!Array.isArray(data)) return malformed('without data');
  const items = data.flatMap((entry: unknown): Item[] => {
    const item = itemOf(entry);
    return item === null ? [] : [item];
  });
  const paging = fieldOf(body, 'paging');
  if (typeof fieldOf(paging, 'next') !== 'string') return { ok: true, items, next: null };
  const next = fieldOf(fieldOf(paging, 'cursors'), 'after');
  if (typeof next !== 'string' || !CURSOR.test(next))
    return malformed('that goes on without a cursor');
  if (next === after) return malformed('that never ends: its cursor leads to itself');
  return { ok: true, items, next };
}

function malformed(what: string): ListAnswer<never> {
  const detail = `Graph answered 200 with a list ${what}.`;
  return { ok: false, failure: failureOf('malformed_answer', detail, { httpStatus: 200 }) };
}
