/** The store's contract over PostgreSQL, directly and through a pooler. */
import { storeContract } from '#test/contracts/store.ts';
import type { StoreUnderTest } from '#test/contracts/store/harness.ts';
import { openPostgres } from '#test/fakes/open-postgres-store.ts';
import type { TestPostgres } from '#test/fakes/postgres.ts';
import { startTransactionPooler } from '#test/fakes/transaction-pooler.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';

withPostgres((server) => {
  storeContract('PostgreSQL', async () => openUnderTest(server(), (url) => url));

  storeContract('PostgreSQL behind a pooler', async () => {
    const pooler = await startTransactionPooler(server().port);
    const store = await openUnderTest(server(), (url) => pooler.through(url));
    return {
      ...store,
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]();
        await pooler[Symbol.asyncDispose]();
      },
    };
  });
});

/** Making a database takes longer than most tests, and each takes room on the disk. */
const emptied: string[] = [];

async function empty(server: TestPostgres, url: string): Promise<void> {
  const names = "string_agg(quote_ident(tablename), ', ')";
  const ours = "schemaname = current_schema() and tablename <> 'schema_version'";
  const [row] = await server.query(url, `select ${names} as tables from pg_tables where ${ours}`);
  await server.query(url, `truncate ${String(row?.['tables'])}`);
}

async function openUnderTest(
  server: TestPostgres,
  addressOf: (url: string) => string,
): Promise<StoreUnderTest> {
  const url = emptied.pop() ?? (await server.createDatabase());
  let store = await openPostgres(addressOf(url));
  return {
    ...store,
    async reopen() {
      await store.close();
      store = await openPostgres(addressOf(url));
      return store;
    },
    storedBytes: () => server.storedBytes(url),
    async [Symbol.asyncDispose]() {
      await store.close();
      await empty(server, url);
      emptied.push(url);
    },
  };
}
