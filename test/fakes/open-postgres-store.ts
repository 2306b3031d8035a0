/** A store over a PostgreSQL database of a test's own. */
import { Secret } from '#domain/secret.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { openPostgresStore, type PostgresStoreOptions } from '#stores/postgres/open.ts';
import { systemClock } from '#app/system-clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';

/** Each is a program of its own. */
let opened = 0;

export const SEAL_KEY: Uint8Array = new Uint8Array(32).fill(7);

export async function openPostgres(
  url: string,
  about: Partial<PostgresStoreOptions> = {},
): Promise<OpenedStore & AsyncDisposable> {
  const store = await openPostgresStore({
    url: new Secret(url),
    sealKey: SEAL_KEY,
    clock: systemClock,
    ids: createFakeIds(),
    randomness: createFakeRandomness(`program ${(opened += 1)}`),
    ...about,
  });
  return { ...store, [Symbol.asyncDispose]: () => store.close() };
}
