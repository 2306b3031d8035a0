/** One PostgreSQL for all tests of a file; where there is none they are skipped, saying why. */
import { after, before, test } from 'node:test';
import { startPostgres, type TestPostgres } from '#test/fakes/postgres.ts';
import { whyNoPostgres } from '#test/fakes/postgres-binaries.ts';

/** Declares the file's tests; each gets the server by calling `server()`, once it runs. */
export function withPostgres(declare: (server: () => TestPostgres) => void): void {
  const reason = whyNoPostgres();
  if (reason !== null) {
    test('PostgreSQL is tested where there is one', { skip: reason });
    return;
  }
  let server: TestPostgres | null = null;
  before(async () => {
    server = await startPostgres();
  });
  after(async () => server?.[Symbol.asyncDispose]());
  declare(() => {
    if (server === null) throw new Error('the server runs during tests only');
    return server;
  });
}
