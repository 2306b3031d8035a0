/** API keys: found by hash, one live key a hash. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAcme, addSupport, anApiKey, NOON, sha256 } from '#test/contracts/store/acme.ts';
import { type OpenStore, refuses } from '#test/contracts/store/harness.ts';

const HASH = sha256('wh_4kZ8…');

export function apiKeysContract(open: OpenStore): void {
  test('a key comes back as it was stored, by id, by hash and by channel', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const issued = anApiKey(id, { expiresAt: NOON + 1 });
    const adopted = anApiKey(id, { origin: 'adopted', hint: 'x9Q2', createdAt: NOON + 2 });
    await store.change(async (tx) => {
      await tx.apiKeys.add(issued, HASH);
      await tx.apiKeys.add(adopted, sha256('other'));
    });
    const reopened = await store.reopen();
    await reopened.read(async ({ apiKeys }) => {
      assert.deepEqual(await apiKeys.find(issued.id), issued);
      assert.deepEqual(await apiKeys.findByHash(HASH), issued);
      assert.deepEqual(await apiKeys.findByHash(sha256('other')), adopted);
      assert.deepEqual(await apiKeys.listOf(id), [issued, adopted]);
      assert.deepEqual((await apiKeys.hashesOf(id)).toSorted(), [HASH, sha256('other')].toSorted());
      assert.equal(await apiKeys.find('key_nobody'), null);
      assert.equal(await apiKeys.findByHash(sha256('nobody')), null);
      assert.deepEqual(await apiKeys.listOf('ch_nobody'), []);
    });
  });

  test('a revoked key is still found, revoked when it first was', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const key = anApiKey(id);
    await store.change((tx) => tx.apiKeys.add(key, HASH));
    await store.change((tx) => tx.apiKeys.revoke(key.id, NOON + 1));
    await store.change((tx) => tx.apiKeys.revoke(key.id, NOON + 2));
    const found = await store.read((view) => view.apiKeys.findByHash(HASH));
    assert.deepEqual(found, { ...key, revokedAt: NOON + 1 });
    assert.deepEqual(await store.read((view) => view.apiKeys.hashesOf(id)), [HASH]);
  });

  test('one text is one live key, wherever it is added', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    await store.change((tx) => tx.apiKeys.add(anApiKey(support.id), HASH));
    const again = anApiKey(sales.id, { origin: 'adopted' });
    await refuses(
      store.change((tx) => tx.apiKeys.add(again, HASH)),
      'conflict',
      /opens a channel already/,
    );
  });

  test('a revoked key may come back, and then the one that is live is found', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const keys = [anApiKey(id), anApiKey(id), anApiKey(id)];
    for (const [index, key] of keys.entries()) {
      await store.change((tx) => tx.apiKeys.add(key, HASH));
      const found = await store.read((view) => view.apiKeys.findByHash(HASH));
      assert.deepEqual(found, key);
      await store.change((tx) => tx.apiKeys.revoke(key.id, NOON + index));
    }
    const last = await store.read((view) => view.apiKeys.findByHash(HASH));
    assert.equal(last?.revokedAt, NOON + 2);
  });
}
