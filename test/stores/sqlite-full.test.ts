/** A full disk: a clear error, nothing lost, nothing damaged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Store } from '#ports/store.ts';
import { addSupport, bodyOf, goodState } from '#test/contracts/store/acme.ts';
import { refuses, rowOf } from '#test/contracts/store/harness.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { openIn, rowsIn } from '#test/stores/open-in.ts';

test('a write for which there is no room is refused, and everything before it is kept', async () => {
  await using store = await openTestStore({ maxBytes: 1_200_000 });
  const { id } = await addSupport(store);
  const last = await writeUntilFull(store, id);
  assert.ok(last > 1, 'not even the first body had room');
  await refuses(write(store, id, last + 1), 'store_unavailable', /no room left/);
  await keeps(store, id, last);
  await store.change((tx) => tx.settings.put('admin_token_hash', 'small enough'));
  assert.deepEqual(rowsIn(store.dataDir, 'pragma integrity_check'), [{ integrity_check: 'ok' }]);
  await store.close();
  const roomier = await openIn(store.dataDir);
  await keeps(roomier, id, last);
  assert.equal(await write(roomier, id, last + 1), true);
  await keeps(roomier, id, last + 1);
  await roomier.close();
});

test('a store that has no room to begin with does not start', async () => {
  await refuses(openTestStore({ maxBytes: 8_192 }), 'cannot_start', /no room left/);
});

/** Each body is larger than the one before; gives the last attempt that had room. */
async function writeUntilFull(store: Store, id: ChannelId): Promise<number> {
  for (let attempt = 1; attempt < 50; attempt += 1) {
    try {
      await write(store, id, attempt);
    } catch (error) {
      assert.ok(error instanceof Problem && error.code === 'store_unavailable', String(error));
      return attempt - 1;
    }
  }
  return assert.fail('the limit was never reached');
}

function bodyAt(attempt: number): Uint8Array {
  return bodyOf(`${attempt} `.padEnd(attempt * 20_000, 'x'));
}

function write(store: Store, id: ChannelId, attempt: number): Promise<boolean> {
  const body = bodyAt(attempt);
  return store.change((tx) => tx.channels.writeState(id, goodState(attempt, body), body));
}

async function keeps(store: Store, id: ChannelId, attempt: number): Promise<void> {
  assert.deepEqual((await rowOf(store, id)).state, goodState(attempt, bodyAt(attempt)));
  const body = await store.read((view) => view.channels.bodyOf(id));
  assert.ok(body !== null && Buffer.from(body).equals(bodyAt(attempt)));
}
