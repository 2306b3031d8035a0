/** A directory in memory: what each method finds is what a test put there. */
import type { Failure } from '#domain/failure.ts';
import type {
  Directory,
  ListAnswer,
  ListedNumber,
  NamedNode,
  PageWish,
  TokenAnswer,
} from '#ports/directory.ts';
import type { Access } from '#ports/upstream.ts';

export interface FakeDirectory extends Directory {
  /** What a token sees, by its text. A token that is not here sees nothing. */
  readonly tokens: Map<string, TokenAnswer>;
  readonly businessesOf: Map<string, readonly NamedNode[]>;
  /** By the id of the business. */
  readonly owned: Map<string, readonly NamedNode[]>;
  readonly shared: Map<string, readonly NamedNode[]>;
  /** By the id of the WABA. */
  readonly numbersOf: Map<string, readonly ListedNumber[]>;
  readonly wabas: Map<string, NamedNode>;
  /** When set, everything fails so. */
  failure: Failure | null;
}

export function createFakeDirectory(): FakeDirectory {
  const fake: FakeDirectory = {
    tokens: new Map(),
    businessesOf: new Map(),
    owned: new Map(),
    shared: new Map(),
    numbersOf: new Map(),
    wabas: new Map(),
    failure: null,
    async inspectToken({ secret, app }: Access) {
      const known = fake.tokens.get(secret.reveal());
      if (fake.failure === null && known !== undefined) return known;
      const inspector = app?.secret ? 'app' : 'token';
      return { ok: false, failure: fake.failure ?? UNKNOWN, inspector };
    },
    businesses: async ({ secret }, page) => list(fake.businessesOf.get(secret.reveal()), page),
    ownedWabas: async (_access, id, page) => list(fake.owned.get(id), page),
    clientWabas: async (_access, id, page) => list(fake.shared.get(id), page),
    numbers: async (_access, id, page) => list(fake.numbersOf.get(id), page),
    async waba(_access, id) {
      const node = fake.wabas.get(id);
      if (fake.failure === null && node !== undefined) return { ok: true, node };
      return { ok: false, failure: fake.failure ?? UNKNOWN };
    },
  };

  /** Its cursors are offsets. */
  function list<Item>(all: readonly Item[] | undefined, page: PageWish): ListAnswer<Item> {
    if (fake.failure !== null) return { ok: false, failure: fake.failure };
    const items = all ?? [];
    const from = Number(page.after ?? 0);
    const to = from + page.limit;
    return { ok: true, items: items.slice(from, to), next: to < items.length ? `${to}` : null };
  }

  return fake;
}

const UNKNOWN: Failure = {
  code: 'not_found_or_forbidden',
  detail: 'The fake directory has no such entry.',
  httpStatus: 400,
  graphCode: 100,
  graphSubcode: 33,
  retryAfterMs: null,
  traceId: null,
};
