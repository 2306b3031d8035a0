/** What a Graph credential can see: its WABAs, and their numbers. Every list has a limit. */
import type { Credential } from '#domain/credential.ts';
import type { Failure } from '#domain/failure.ts';
import { Problem } from '#domain/problem.ts';
import type { ListAnswer, ListedNumber, NamedNode, PageWish } from '#ports/directory.ts';
import type { Access } from '#ports/upstream.ts';
import { accessOf } from './access.ts';
import type { Deps } from './deps.ts';
import { inParallel } from './in-parallel.ts';
import { invalidRequest } from './name-check.ts';

interface FoundWaba extends NamedNode {
  /** Through which it was found; null for one that the token names itself. */
  readonly business: NamedNode | null;
}

/** A list that could not be read, or not to its end. */
export interface Unreadable {
  readonly what: 'token' | 'businesses' | 'owned_wabas' | 'client_wabas' | 'numbers';
  /** Of which business or WABA; null for the lists of the token itself. */
  readonly of: string | null;
  readonly failure: Failure;
}

export interface FoundWabas {
  /** Each once, in the order of ids. */
  readonly wabas: readonly FoundWaba[];
  readonly unreadable: readonly Unreadable[];
}

export interface FoundNumbers {
  readonly numbers: readonly (ListedNumber & { readonly waba: WabaRef })[];
  /** The WABAs whose list was read to its end. */
  readonly read: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

export interface WabaRef {
  readonly id: string;
  readonly businessId: string | null;
}

export interface Seer {
  readonly credential: Credential;
  readonly access: Access;
  /** Once it is aborted no list is asked for any more, and its reason is thrown. */
  readonly closing?: AbortSignal | undefined;
}

const BUSINESSES_MAX = 200;
const WABAS_MAX = 5_000;
const NUMBERS_MAX = 2_000;
const PAGE_ITEMS = 100;
const PAGE_TIMEOUT_MS = 10_000;
/** Lists read at once. */
const WIDTH = 4;

/** Throws Problem `not_found`, `invalid_request` (a key of 360dialog sees its own number only). */
export function seerOf({ store }: Pick<Deps, 'store'>, ref: string): Promise<Seer> {
  return store.read(async (view) => {
    const credential = await view.credentials.find(ref);
    if (credential === null) throw new Problem('not_found', `There is no credential ${ref}.`);
    if (credential.upstream !== 'graph') {
      const message = 'must be one for graph: a 360dialog key can see its own number only';
      throw invalidRequest([{ at: 'credential', message }]);
    }
    return { credential, access: await accessOf(view, credential) };
  });
}

/** The WABAs that the token names itself, and those of the businesses of its user. */
export async function findWabas(
  { directory }: Pick<Deps, 'directory'>,
  { access, closing }: Omit<Seer, 'credential'>,
): Promise<FoundWabas> {
  const unreadable: Unreadable[] = [];
  const found = new Map<string, FoundWaba>();
  const add = (waba: FoundWaba) => {
    if (found.size < WABAS_MAX || found.has(waba.id)) found.set(waba.id, waba);
  };
  const token = await directory.inspectToken(access, PAGE_TIMEOUT_MS);
  if (!token.ok) unreadable.push({ what: 'token', of: null, failure: token.failure });
  const targets = token.ok ? (token.facts.targetIds ?? []) : [];
  for (const id of targets) add({ id, name: null, business: null });
  const businesses = await all({ max: BUSINESSES_MAX, closing }, (page) =>
    directory.businesses(access, page),
  );
  note(businesses, { what: 'businesses', of: null }, unreadable);
  await inParallel(businesses.items, { width: WIDTH, closing }, async (business) => {
    const owned = await all({ max: WABAS_MAX, closing }, (page) =>
      directory.ownedWabas(access, business.id, page),
    );
    note(owned, { what: 'owned_wabas', of: business.id }, unreadable);
    const shared = await all({ max: WABAS_MAX, closing }, (page) =>
      directory.clientWabas(access, business.id, page),
    );
    note(shared, { what: 'client_wabas', of: business.id }, unreadable);
    for (const waba of [...shared.items, ...owned.items]) add({ ...waba, business });
  });
  const wabas = [...found.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return { wabas, unreadable };
}

/** The numbers of these WABAs, in the order of WABAs. */
export async function findNumbers(
  { directory }: Pick<Deps, 'directory'>,
  { access, closing }: Omit<Seer, 'credential'>,
  wabas: readonly WabaRef[],
): Promise<FoundNumbers> {
  const unreadable: Unreadable[] = [];
  const lists = new Map<string, readonly ListedNumber[]>();
  const read: string[] = [];
  await inParallel(wabas, { width: WIDTH, closing }, async ({ id }) => {
    const list = await all({ max: NUMBERS_MAX, closing }, (page) =>
      directory.numbers(access, id, page),
    );
    note(list, { what: 'numbers', of: id }, unreadable);
    if (list.failure === null) read.push(id);
    lists.set(id, list.items);
  });
  const numbers = wabas.flatMap((waba) =>
    (lists.get(waba.id) ?? []).map((number) => ({ ...number, waba })),
  );
  return { numbers, read, unreadable };
}

interface Listed<T> {
  readonly items: readonly T[];
  /** Why it does not reach the end; null when it does. */
  readonly failure: Failure | null;
}

async function all<T>(
  { max, closing }: { readonly max: number; readonly closing: AbortSignal | undefined },
  read: (page: PageWish) => Promise<ListAnswer<T>>,
): Promise<Listed<T>> {
  const items: T[] = [];
  let after: string | null = null;
  do {
    closing?.throwIfAborted();
    const limit = Math.min(PAGE_ITEMS, max - items.length);
    const page: ListAnswer<T> = await read({ after, limit, timeoutMs: PAGE_TIMEOUT_MS });
    if (!page.ok) return { items, failure: page.failure };
    items.push(...page.items);
    after = page.next;
  } while (after !== null && items.length < max);
  return { items, failure: after === null ? null : tooMany(max) };
}

function note(
  { failure }: Listed<unknown>,
  about: Omit<Unreadable, 'failure'>,
  unreadable: Unreadable[],
): void {
  if (failure !== null) unreadable.push({ ...about, failure });
}

/** Not Meta's failure but our limit; still, the list was not read to its end. */
function tooMany(max: number): Failure {
  return {
    code: 'malformed_answer',
    detail: `The list has more than ${max} entries; the rest was not read.`,
    httpStatus: null,
    graphCode: null,
    graphSubcode: null,
    retryAfterMs: null,
    traceId: null,
  };
}
