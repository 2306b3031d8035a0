/** Archiving, which keeps history, and purging, which keeps nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import {
  aChannel,
  aCredential,
  addAcme,
  anApiKey,
  bodyOf,
  failedState,
  goodState,
  NOON,
  sha256,
} from '#test/contracts/store/acme.ts';
import { type OpenStore, rowOf } from '#test/contracts/store/harness.ts';

const BODY = bodyOf('{"health_status":{},"id":"the body of support"}');

export function removalContract(open: OpenStore): void {
  archiveContract(open);
  purgeContract(open);
}

function archiveContract(open: OpenStore): void {
  test('an archived channel frees what it held, and a namesake may follow', async () => {
    await using store = await open();
    const credential = aCredential({ upstream: 'dialog360' });
    const about = { externalId: 'crm-7', nodeId: 'n', labels: { team: 'x' } };
    const first = aChannel(credential, about);
    const key = anApiKey(first.id, { origin: 'adopted' });
    await store.change(async (tx) => {
      await tx.credentials.add(credential, new Secret('x'));
      await tx.channels.add(first);
      await tx.apiKeys.add(key, sha256('key'));
      await tx.channels.archive(first.id, NOON + 5);
    });
    const second = aChannel(credential, about);
    await store.change((tx) => tx.channels.add(second));
    await store.change((tx) => tx.apiKeys.add(anApiKey(second.id), sha256('key')));
    assert.equal((await store.read((view) => view.channels.find('support')))?.id, second.id);
    assert.equal((await store.read((view) => view.apiKeys.find(key.id)))?.revokedAt, NOON + 5);
    assert.equal(await store.read((view) => view.channels.count()), 1);
  });

  test('an archived channel keeps its history, and nothing more happens to it', async () => {
    await using store = await open();
    const [channel] = await addAcme(store, 'support');
    assert.ok(channel);
    const { id } = channel;
    const state = goodState(1, BODY);
    await store.change((tx) => tx.channels.writeState(id, state, BODY));
    await store.change((tx) => tx.channels.archive(id, NOON + 5));
    const before = await rowOf(store, id);
    assert.equal(before.channel.archivedAt, NOON + 5);
    assert.deepEqual(before.state, state);
    await store.change(async (tx) => {
      assert.equal(await tx.channels.claim(id, NOON, 30_000), null);
      assert.equal(await tx.channels.writeState(id, failedState(2, state), null), false);
      await tx.channels.replace({ ...channel, name: 'other' });
      await tx.channels.archive(id, NOON + 9);
    });
    assert.deepEqual(await rowOf(store, id), before);
    assert.deepEqual(await store.read((view) => view.channels.bodyOf(id)), BODY);
    assert.equal(await store.read((view) => view.channels.find('support')), null);
  });
}

function purgeContract(open: OpenStore): void {
  test('a purged channel leaves nothing, archived or not', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'support', 'sales');
    for (const [index, { id }] of channels.entries()) {
      const key = anApiKey(id);
      await store.change(async (tx) => {
        await tx.apiKeys.add(key, sha256(id));
        await tx.channels.writeState(id, goodState(1, BODY), BODY);
        if (index === 0) await tx.channels.archive(id, NOON);
        await tx.channels.purge(id);
      });
      await store.read(async (view) => {
        assert.equal(await view.channels.find(id), null);
        assert.equal(await view.channels.findRow(id), null);
        assert.equal(await view.channels.bodyOf(id), null);
        assert.equal(await view.apiKeys.find(key.id), null);
        assert.equal(await view.apiKeys.findByHash(sha256(id)), null);
        const { items } = await view.channels.list({ after: null, limit: 9 }, { archived: true });
        assert.deepEqual(items, []);
      });
    }
    assert.equal(await store.read((view) => view.channels.count()), 0);
  });

  test('purging one channel leaves what it shared with another', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    await store.change(async (tx) => {
      for (const { id } of [support, sales]) {
        await tx.channels.writeState(id, goodState(1, BODY), BODY);
      }
      await tx.channels.purge(support.id);
    });
    assert.deepEqual(await store.read((view) => view.channels.bodyOf(sales.id)), BODY);
    assert.equal((await rowOf(store, sales.id)).state.attempt, 1);
  });
}
