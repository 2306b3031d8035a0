/** Channels as configured: what they hold, and what no two may share. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channel } from '#domain/channel.ts';
import { Secret } from '#domain/secret.ts';
import type { Store } from '#ports/store.ts';
import { aChannel, aCredential, addAcme, addSupport, NOON } from '#test/contracts/store/acme.ts';
import { type OpenStore, refuses, rowOf } from '#test/contracts/store/harness.ts';

export function channelsContract(open: OpenStore): void {
  roundTripContract(open);
  uniqueContract(open);
}

function roundTripContract(open: OpenStore): void {
  test('a channel comes back as it was stored, by id and by name', async () => {
    await using store = await open();
    const credential = aCredential();
    const channel = aChannel(credential, {
      externalId: 'CRM/Kunde №7 ☎️',
      labels: JSON.parse('{"team": "Zürich 🏔", "__proto__": "x", "constructor": "y", "empty": ""}'),
      checkIntervalMs: 15_000,
      identity: { phoneNumberId: '1', wabaId: null, businessId: '3', appId: '4' },
    });
    await add(store, credential, channel);
    const reopened = await store.reopen();
    assert.deepEqual(await reopened.read((view) => view.channels.find(channel.id)), channel);
    assert.deepEqual(await reopened.read((view) => view.channels.find('support')), channel);
    const row = await reopened.read((view) => view.channels.findRow('support'));
    assert.deepEqual(row?.channel, channel);
    assert.equal(await reopened.read((view) => view.channels.find('sales')), null);
    assert.equal(await reopened.read((view) => view.channels.findRow('sales')), null);
  });

  test('what comes back are ordinary values that others may compare and extend', async () => {
    await using store = await open();
    const channel = await addSupport(store);
    const { items } = await store.read((view) => view.channels.list({ after: null, limit: 1 }));
    const row = await rowOf(store, channel.id);
    for (const value of [items[0], row, row.channel, row.state, row.channel.labels]) {
      assert.equal(Object.getPrototypeOf(value), Object.prototype);
    }
  });

  test('a channel that was never read has no state, no body and no lease', async () => {
    await using store = await open();
    const channel = await addSupport(store);
    assert.deepEqual((await rowOf(store, channel.id)).state, {
      attempt: 0,
      good: null,
      since: null,
      lastFailure: null,
      trust: { state: 'trusted' },
    });
    assert.equal(await store.read((view) => view.channels.bodyOf(channel.id)), null);
  });

  test('replacing a channel changes every field but what was learned', async () => {
    await using store = await open();
    const credential = aCredential();
    const before = aChannel(credential, {
      labels: { team: 'one', old: 'yes' },
      identity: { phoneNumberId: '1', wabaId: '2', businessId: '3', appId: '4' },
    });
    await add(store, credential, before);
    const after = {
      ...before,
      name: 'sales',
      externalId: 'x-1',
      nodeId: 'another',
      labels: { team: 'two' },
      checkIntervalMs: 60_000,
      updatedAt: NOON + 5,
    };
    await store.change((tx) => tx.channels.replace({ ...after, identity: null, archivedAt: 5 }));
    assert.deepEqual(await store.read((view) => view.channels.find('sales')), after);
    assert.equal(await store.read((view) => view.channels.find('support')), null);
    assert.deepEqual(await labelled(store, { team: 'two' }), ['sales']);
    assert.deepEqual(await labelled(store, { old: 'yes' }), []);
  });

  test('replacing or removing what is not there has no effect', async () => {
    await using store = await open();
    const credential = aCredential();
    const ghost = aChannel(credential, { labels: { team: 'one' } });
    await store.change(async (tx) => {
      await tx.credentials.add(credential, new Secret('x'));
      await tx.channels.replace(ghost);
      await tx.channels.archive(ghost.id, NOON);
      await tx.channels.purge(ghost.id);
      await tx.apps.remove('app_ghost');
      await tx.credentials.remove('cr_ghost');
      await tx.apiKeys.revoke('key_ghost', NOON);
    });
    assert.equal(await store.read((view) => view.channels.count()), 0);
    assert.equal(await store.read((view) => view.channels.find(ghost.id)), null);
  });
}

function uniqueContract(open: OpenStore): void {
  test('a name that another channel has is refused by name', async () => {
    await using store = await open();
    const support = await addSupport(store);
    const twin = { ...support, id: 'ch_twin', nodeId: 'other' } as const;
    await refuses(
      store.change((tx) => tx.channels.add(twin)),
      'conflict',
      /name "support"/,
    );
    const sales = { ...twin, name: 'sales' };
    await store.change((tx) => tx.channels.add(sales));
    const rename = store.change((tx) => tx.channels.replace({ ...sales, name: 'support' }));
    await refuses(rename, 'conflict', /name "support"/);
  });

  test('an external id and a node belong to one channel each', async () => {
    await using store = await open();
    const credential = aCredential();
    await add(store, credential, aChannel(credential, { externalId: 'crm-7' }));
    const sales = aChannel(credential, { name: 'sales' });
    const sameExternal = store.change((tx) => tx.channels.add({ ...sales, externalId: 'crm-7' }));
    await refuses(sameExternal, 'conflict', /external id "crm-7"/);
    const sameNode = store.change((tx) => tx.channels.add({ ...sales, nodeId: 'node of support' }));
    await refuses(sameNode, 'conflict', /node of support/);
    await store.change((tx) => tx.channels.add(sales));
    assert.equal(await store.read((view) => view.channels.count()), 2);
  });

  test('a 360dialog key serves one channel, a Graph token as many as there are numbers', async () => {
    await using store = await open();
    const dialog = aCredential({ name: 'orders', upstream: 'dialog360' });
    await addAcme(store, 'support', 'sales');
    await add(store, dialog, aChannel(dialog, { name: 'orders' }));
    const second = aChannel(dialog, { name: 'orders-again' });
    await refuses(
      store.change((tx) => tx.channels.add(second)),
      'conflict',
      /360dialog key/,
    );
  });

  test('two at once cannot take the same name', async () => {
    await using store = await open();
    const credential = aCredential();
    await store.change((tx) => tx.credentials.add(credential, new Secret('x')));
    const rivals = ['one', 'two'].map((nodeId) => aChannel(credential, { nodeId }));
    const results = await Promise.allSettled(
      rivals.map((rival) => store.change((tx) => tx.channels.add(rival))),
    );
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal(await store.read((view) => view.channels.count()), 1);
  });
}

async function add(
  store: Store,
  credential: Parameters<typeof aChannel>[0],
  channel: Channel,
): Promise<void> {
  await store.change(async (tx) => {
    await tx.credentials.add(credential, new Secret('x'));
    await tx.channels.add(channel);
  });
}

async function labelled(store: Store, labels: Record<string, string>): Promise<string[]> {
  const page = { after: null, limit: 100 };
  const { items } = await store.read((view) => view.channels.list(page, { labels }));
  return items.map(({ channel }) => channel.name);
}
