import assert from 'node:assert/strict';
import test from 'node:test';
import type { ChannelId } from '#domain/id.ts';
import { startPruning } from '#monitor/prune.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import type { Store } from '#ports/store.ts';
import { anEvent, opened, resolvedAt, waba } from '#test/contracts/store/an-incident.ts';
import { addTransitions, aTransition, listed } from '#test/contracts/store/transitions.ts';
import { addSupport, NOTHING, storedNames } from './acme-monitor.ts';
import { openMonitorWorld } from './monitor-world.ts';

const DAY = 86_400_000;
const HISTORY = { historyMs: 400 * DAY };

test('old history goes in the background, and what held at the horizon stays', async () => {
  await using world = await openMonitorWorld();
  const { id } = await world.addChannel();
  const now = world.clock.now();
  const old = Array.from({ length: 450 }, (_, n) => told(id, now - 401 * DAY + n, n));
  const young = [told(id, now - 390 * DAY, 998), told(id, now, 999)];
  await addTransitions(world.store, [...old, ...young]);
  const pruning = startPruning(world.deps, HISTORY);
  assert.equal((await all(world.store)).length, 452);
  await rounds(world, 8);
  assert.deepEqual(
    (await all(world.store)).map(({ attempt }) => attempt),
    [999, 998, 449],
  );
  await pruning.close();
});

test('an incident goes when its retention has ended, and never while it is open', async () => {
  await using world = await openMonitorWorld();
  const at = world.clock.now() - 401 * DAY;
  const [old, other] = [await opened(world.store), await opened(world.store, { cause: waba('2') })];
  const lasting = await opened(world.store, { cause: waba('3'), openedAt: at });
  await world.store.change(async (tx) => {
    await tx.incidents.addEvents([anEvent(old.id)]);
    await tx.incidents.replace(resolvedAt(old, at));
    await tx.incidents.replace(resolvedAt(other, world.clock.now()));
  });
  const pruning = startPruning(world.deps, HISTORY);
  await rounds(world, 3);
  await pruning.close();
  const page = { after: null, limit: 10 };
  const { items } = await world.store.read((view) => view.incidents.list(page, {}));
  assert.deepEqual(items.map(({ id }) => id).toSorted(), [other.id, lasting.id].toSorted());
});

test('a server that is restarted often prunes too: the first round comes minutes after a start', async () => {
  await using world = await openMonitorWorld();
  const { id } = await world.addChannel();
  const now = world.clock.now();
  await addTransitions(world.store, [told(id, now - 500 * DAY, 1), told(id, now - 450 * DAY, 2)]);
  const pruning = startPruning(world.deps, HISTORY);
  await world.clock.advance(600_000);
  await pruning.close();
  assert.equal((await all(world.store)).length, 1);
});

test('a channel that was removed is erased when its retention has ended, its credential too', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await removeChannel(world.monitor, 'support', { purge: false });
  const removedAt = world.clock.now();
  const many = Array.from({ length: 300 }, (_, n) => told(support.id, removedAt, n));
  await addTransitions(world.store, many);
  world.clock.jumpTo(removedAt + 390 * DAY);
  const pruning = startPruning(world.deps, HISTORY);
  await rounds(world, 8);
  assert.deepEqual((await storedNames(world.store)).archived, ['support']);
  world.clock.jumpTo(removedAt + 401 * DAY);
  await rounds(world, 8);
  assert.deepEqual(await storedNames(world.store), NOTHING);
  assert.deepEqual(await all(world.store), []);
  await pruning.close();
});

test('a store that is away is told of, and pruning goes on when it is back', async () => {
  await using world = await openMonitorWorld();
  const { id } = await world.addChannel();
  const now = world.clock.now();
  await addTransitions(world.store, [told(id, now - 500 * DAY, 1), told(id, now - 450 * DAY, 2)]);
  const pruning = startPruning(world.deps, HISTORY);
  world.away.store = true;
  await rounds(world, 1);
  assert.equal(world.told('background_failed')[0]?.what, 'pruning history');
  world.away.store = false;
  await rounds(world, 3);
  assert.equal((await all(world.store)).length, 1);
  await pruning.close();
  assert.equal(world.clock.pending, 0);
});

function told(channelId: ChannelId, at: number, attempt: number) {
  return aTransition(channelId, { at, attempt });
}

function all(store: Store) {
  return listed(store, { kinds: ['verdict'] }, 500);
}

/** Lets so many rounds begin, each of them to its end. */
async function rounds(
  { clock, store }: Awaited<ReturnType<typeof openMonitorWorld>>,
  count: number,
): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    await clock.advance(6 * 3_600_000);
    await store.change(() => Promise.resolve());
  }
}
