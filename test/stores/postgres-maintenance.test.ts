import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSupport } from '#test/contracts/store/acme.ts';
import { openPostgres } from '#test/fakes/open-postgres-store.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';

withPostgres((server) => {
  test('a shared database tells what it is, and sends whoever wants a copy to pg_dump', async () => {
    const store = await openPostgres(await server().createDatabase());
    await addSupport(store);
    const { engine, location, bytes, rows } = await store.maintenance.facts();
    assert.equal(engine, 'postgres');
    assert.match(location, /^PostgreSQL database test_\d+$/);
    assert.ok((bytes ?? 0) > 0);
    assert.equal(rows.channels, 1);
    assert.equal(rows.transitions, 0);
    await assert.rejects(store.maintenance.backup(null), { code: 'conflict', message: /pg_dump/ });
    await store.close();
  });
});
