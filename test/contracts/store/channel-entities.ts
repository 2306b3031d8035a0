/** Which channels name which entity, and who of them was read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEVER_READ } from '#domain/channel-state.ts';
import type { EntityRef } from '#domain/entity.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Store } from '#ports/store.ts';
import { addAcme, bodyOf, failedState, goodState, NOON } from '#test/contracts/store/acme.ts';
import { allPages, type OpenStore } from '#test/contracts/store/harness.ts';

const WABA = { type: 'WABA', id: '1' } as const;
const APP = { type: 'APP', id: '1' } as const;
const BODY = bodyOf('{"health_status":{}}');

export function channelEntitiesContract(open: OpenStore): void {
  test('the channels that name an entity are found in the order of ids, page by page', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'a', 'b', 'c', 'd', 'e');
    const ids = channels.map(({ id }) => id);
    for (const id of ids.toReversed()) await name(store, id, [WABA]);
    assert.deepEqual(await namersOf(store, WABA, 2), ids);
    assert.deepEqual(await namersOf(store, WABA, 5), ids);
    assert.equal(await countOf(store, WABA), 5);
    assert.deepEqual(await namersOf(store, APP), []);
    assert.equal(await countOf(store, APP), 0);
  });

  test('what a channel names is what its last good read says, once each and with an id', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    await name(store, support.id, [WABA, APP, WABA, { type: 'FLOW', id: null }]);
    await name(store, sales.id, [APP]);
    assert.deepEqual(await namersOf(store, WABA), [support.id]);
    assert.deepEqual(await namersOf(store, APP), [support.id, sales.id]);
    await name(store, support.id, [{ type: 'WABA', id: '2' }]);
    assert.deepEqual(await namersOf(store, WABA), []);
    assert.deepEqual(await namersOf(store, { type: 'WABA', id: '2' }), [support.id]);
    assert.deepEqual(await namersOf(store, APP), [sales.id]);
    await name(store, sales.id, []);
    assert.equal(await countOf(store, APP), 0);
  });

  test('an archived channel is not among those that name an entity, nor is a purged one', async () => {
    await using store = await open();
    const [support, sales, orders] = await addAcme(store, 'support', 'sales', 'orders');
    assert.ok(support && sales && orders);
    for (const { id } of [support, sales, orders]) await name(store, id, [WABA]);
    await store.change((tx) => tx.channels.archive(support.id, NOON));
    await store.change((tx) => tx.channels.purge(orders.id));
    assert.deepEqual(await namersOf(store, WABA, 1), [sales.id]);
    assert.equal(await countOf(store, WABA), 1);
  });

  test('who names an entity and was not asked since a moment is counted, if it is watched', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'well', 'ill', 'never', 'paused', 'archived');
    const [well, ill, , paused, archived] = channels;
    assert.ok(well && ill && paused && archived);
    for (const { id } of channels) await name(store, id, [WABA]);
    await store.change(async (tx) => {
      await tx.channels.writeState(well.id, goodState(5, BODY), BODY);
      await tx.channels.writeState(ill.id, failedState(5, NEVER_READ), null);
      await tx.channels.replace({ ...paused, pausedAt: NOON });
      await tx.channels.archive(archived.id, NOON);
    });
    const unread = (since: number) => store.read((view) => view.channels.countUnread(WABA, since));
    assert.equal(await unread(NOON + 5_000), 1);
    assert.equal(await unread(NOON + 5_001), 3);
    assert.equal(await store.read((view) => view.channels.countUnread(APP, NOON + 9_000)), 0);
  });
}

async function name(store: Store, id: ChannelId, entities: readonly EntityRef[]): Promise<void> {
  await store.change((tx) => tx.channels.nameEntities(id, entities));
}

function namersOf(
  store: Store,
  entity: { readonly type: string; readonly id: string },
  limit: number = 9,
): Promise<readonly ChannelId[]> {
  return store.read((view) => allPages(limit, (page) => view.channels.ofEntity(entity, page)));
}

function countOf(
  store: Store,
  entity: { readonly type: string; readonly id: string },
): Promise<number> {
  return store.read((view) => view.channels.countOfEntity(entity));
}
