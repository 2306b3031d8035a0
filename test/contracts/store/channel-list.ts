/** Listings of channels: order, pages, filters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChannelId } from '#domain/id.ts';
import { Secret } from '#domain/secret.ts';
import type { Status } from '#domain/status.ts';
import type { ChannelFilter, Store } from '#ports/store.ts';
import {
  aChannel,
  aCredential,
  addAcme,
  goodState,
  bodyOf,
  NOON,
} from '#test/contracts/store/acme.ts';
import { allPages, type OpenStore } from '#test/contracts/store/harness.ts';

export function channelListContract(open: OpenStore): void {
  test('channels are listed by name, page by page, with what is known of each', async () => {
    await using store = await open();
    const names = ['a', 'a-b', 'a0', 'b', 'sales', 'support'];
    const channels = await addAcme(store, ...names.toReversed());
    const body = bodyOf('{}');
    for (const { id } of channels) {
      await store.change((tx) => tx.channels.writeState(id, goodState(3, body), body));
    }
    for (const limit of [1, 2, 3, 6, 7]) {
      const rows = await store.read((view) => allPages(limit, (page) => view.channels.list(page)));
      assert.deepEqual(
        rows.map(({ channel }) => channel.name),
        names,
      );
      for (const { state } of rows) assert.deepEqual(state, goodState(3, body));
    }
  });

  test('a page goes on after a name that is gone', async () => {
    await using store = await open();
    const [support] = await addAcme(store, 'support', 'sales', 'zulu');
    assert.ok(support);
    const first = await store.read((view) => view.channels.list({ after: null, limit: 2 }));
    assert.equal(first.next, 'support');
    await store.change((tx) => tx.channels.archive(support.id, NOON));
    const page = { after: first.next, limit: 2 };
    assert.deepEqual(await namesIn(store, {}, page), ['zulu']);
  });

  test('archived channels are listed alone and only when asked for, same names included', async () => {
    await using store = await open();
    const credential = aCredential();
    await store.change(async (tx) => {
      await tx.credentials.add(credential, new Secret('x'));
      for (let round = 0; round < 5; round += 1) {
        const channel = aChannel(credential, { labels: { round: String(round % 2) } });
        await tx.channels.add(channel);
        if (round < 4) await tx.channels.archive(channel.id, NOON + round);
      }
    });
    assert.deepEqual(await namesIn(store, {}), ['support']);
    assert.deepEqual(await namesIn(store, { labels: { round: '0' } }), ['support']);
    for (const limit of [1, 2, 3, 4]) {
      for (const filter of [{}, { labels: { round: '0' } }]) {
        const rows = await store.read((view) =>
          allPages(limit, (page) => view.channels.list(page, { ...filter, archived: true })),
        );
        const ids = new Set(rows.map(({ channel }) => channel.id));
        assert.equal(ids.size, 'labels' in filter ? 2 : 4);
        assert.equal(ids.size, rows.length);
        for (const { channel } of rows) assert.notEqual(channel.archivedAt, null);
      }
    }
  });

  test('filters hold together, whatever the labels are', async () => {
    await using store = await open();
    const one = aCredential({ name: 'one' });
    const two = aCredential({ name: 'two' });
    const channel = (name: string, labels: Record<string, string>, credential = one) =>
      aChannel(credential, { name, labels });
    await store.change(async (tx) => {
      await tx.credentials.add(one, new Secret('x'));
      await tx.credentials.add(two, new Secret('x'));
      await tx.channels.add(channel('a', { team: 'x', tier: '1' }));
      await tx.channels.add(channel('b', { team: 'x', tier: '2' }));
      await tx.channels.add(channel('c', { team: 'X', tier: '1' }));
      await tx.channels.add(channel('d', { team: 'x', tier: '1' }, two));
      await tx.channels.add(channel('e', {}));
    });
    const names = (filter: ChannelFilter) => namesIn(store, filter);
    assert.deepEqual(await names({ labels: {} }), ['a', 'b', 'c', 'd', 'e']);
    assert.deepEqual(await names({ labels: { team: 'x' } }), ['a', 'b', 'd']);
    assert.deepEqual(await names({ labels: { team: 'x', tier: '1' } }), ['a', 'd']);
    assert.deepEqual(await names({ labels: { tier: '1', team: 'x' }, credentialId: two.id }), [
      'd',
    ]);
    assert.deepEqual(await names({ credentialId: one.id }), ['a', 'b', 'c', 'e']);
    assert.deepEqual(await names({ labels: { team: '' } }), []);
    assert.deepEqual(await names({ labels: { "x' or '1'='1": '%' } }), []);
  });

  test('channels are found by the verdict that their newest transition tells', async () => {
    await using store = await open();
    const [orders, sales, support] = await addAcme(store, 'orders', 'sales', 'support');
    assert.ok(orders && sales && support);
    const tell = (id: ChannelId, messaging: Status) => {
      const recorded = { messaging, calling: null, reason: null };
      return store.change((tx) => tx.history.record(id, { recorded, cause: null }));
    };
    await tell(support.id, 'BLOCKED');
    await tell(orders.id, 'BLOCKED');
    assert.deepEqual(await namesIn(store, { messaging: 'BLOCKED' }), ['orders', 'support']);
    assert.deepEqual(await namesIn(store, { messaging: 'UNKNOWN' }), ['sales']);
    assert.deepEqual(await namesIn(store, { messaging: 'LIMITED' }), []);
    const after = { after: 'orders', limit: 5 };
    assert.deepEqual(await namesIn(store, { messaging: 'BLOCKED' }, after), ['support']);
    const labelled = { ...support, labels: { team: 'x' } };
    await store.change((tx) => tx.channels.replace(labelled));
    const both = { messaging: 'BLOCKED', labels: { team: 'x' } } as const;
    assert.deepEqual(await namesIn(store, both), ['support']);
    await store.change((tx) => tx.channels.archive(orders.id, NOON));
    assert.deepEqual(await namesIn(store, { messaging: 'BLOCKED' }), ['support']);
    assert.deepEqual(await namesIn(store, { messaging: 'BLOCKED', archived: true }), ['orders']);
    await store.change((tx) => tx.channels.replace({ ...labelled, name: 'a-support' }));
    assert.deepEqual(await namesIn(store, { messaging: 'BLOCKED' }), ['a-support']);
  });

  test('any page size and any cursor give the same order without gaps', async () => {
    await using store = await open();
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,4}$/);
    const names = fc.sample(fc.uniqueArray(name, { minLength: 40, maxLength: 40 }), {
      numRuns: 1,
      seed: 7,
    })[0];
    assert.ok(names);
    await addAcme(store, ...names);
    const sorted = names.toSorted((a, b) => (a < b ? -1 : 1));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), name, async (limit, after) => {
        const expected = sorted.filter((each) => each > after).slice(0, limit);
        assert.deepEqual(await namesIn(store, {}, { after, limit }), expected);
      }),
      { numRuns: 50 },
    );
  });
}

async function namesIn(
  store: Store,
  filter: ChannelFilter,
  page: { after: string | null; limit: number } = { after: null, limit: 500 },
): Promise<string[]> {
  const { items } = await store.read((view) => view.channels.list(page, filter));
  return items.map(({ channel }) => channel.name);
}
