/** Listings: `{items, next_cursor}`, at most 200 items a page, in the order of names. */
import { z } from 'zod';

const PAGE_LIMIT_MAX = 200;
const PAGE_LIMIT_DEFAULT = 50;

const LIMIT = `must be a whole number from 1 to ${PAGE_LIMIT_MAX}`;

/** A number of a query, where everything arrives as text; what is no whole number stays as it is. */
function numberOfWord(word: unknown): unknown {
  return typeof word === 'string' && /^[0-9]{1,9}$/.test(word) ? Number(word) : word;
}

/** A flag of a query: `true` and `false`, nothing else. */
function booleanOfWord(word: unknown): unknown {
  if (word === 'true') return true;
  return word === 'false' ? false : word;
}

/** A parameter that may be repeated: one value and several arrive in different shapes. */
function listOfWord(word: unknown): unknown {
  return typeof word === 'string' ? [word] : word;
}

export function queryFlag(description: string) {
  const flag = z.boolean({ error: 'must be true or false' }).meta({ description, default: false });
  return z.preprocess(booleanOfWord, flag).default(false);
}

export function queryList<T extends z.ZodType>(item: T, countMax: number) {
  const must = `must be given at most ${countMax} times`;
  return z.preprocess(listOfWord, z.array(item).max(countMax, { error: must })).default([]);
}

/** A whole number of a query, from 0 to `max`. */
export function queryCount(
  description: string,
  { max, fallback }: { readonly max: number; readonly fallback: number },
) {
  const error = `must be a whole number from 0 to ${max}`;
  const count = z.int({ error }).min(0, { error }).max(max, { error });
  return z
    .preprocess(numberOfWord, count.meta({ description, default: fallback }))
    .default(fallback);
}

const cursor = z
  .string({ error: 'must be given once' })
  .regex(/^[A-Za-z0-9_-]{1,200}$/, { error: 'must be the next_cursor of the page before' })
  .meta({ description: 'The `next_cursor` of the page before; without it, the first page.' });

export const pageQuery = {
  limit: z
    .preprocess(
      numberOfWord,
      z
        .int({ error: LIMIT })
        .min(1, { error: LIMIT })
        .max(PAGE_LIMIT_MAX, { error: LIMIT })
        .meta({ description: 'How many items at most.', default: PAGE_LIMIT_DEFAULT }),
    )
    .default(PAGE_LIMIT_DEFAULT),
  cursor: cursor.optional(),
};

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Opaque; the `cursor` of the next page. Null on the last one.' }),
  });
}
