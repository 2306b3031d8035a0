import assert from 'node:assert/strict';
import test from 'node:test';
import type { Channel } from '#domain/channel.ts';
import type { Transition } from '#domain/transition.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';
import { addSupport } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { numbered, openMonitorWorld } from './monitor-world.ts';

const MINUTE = 60_000;
const FORCED = { timeoutMs: 1_000, forced: true };

test('a read that shows something else writes it with the bodies on both sides and its evidence', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  const began = world.clock.now();
  await read(world, channel, ['phone-available', 1]);
  const first = (await world.stateOf(channel)).good?.bodyHash ?? assert.fail();
  await world.clock.advance(MINUTE);
  await read(world, channel, ['phone-blocked-payment', 2]);
  const second = (await world.stateOf(channel)).good?.bodyHash ?? assert.fail();
  const [last, ...earlier] = await historyOf(world, channel, 'verdict');
  assert.deepEqual(
    { ...last, id: '', traceId: null, version: null },
    {
      id: '',
      channelId: channel.id,
      at: began + MINUTE,
      kind: 'verdict',
      series: 'verdict:messaging',
      capability: 'messaging',
      subjectType: null,
      subjectId: null,
      code: null,
      was: 'AVAILABLE',
      is: 'BLOCKED',
      detail: null,
      attempt: 2,
      startedAt: began + MINUTE,
      traceId: null,
      version: null,
      bodyBefore: first,
      bodyAfter: second,
    },
  );
  assert.deepEqual(
    earlier.map(({ was, is, bodyBefore, bodyAfter }) => [was, is, bodyBefore, bodyAfter]),
    [['UNKNOWN', 'AVAILABLE', null, first]],
  );
  for (const hash of [first, second]) {
    const body = await world.store.read((view) => view.history.bodyOf(hash));
    assert.ok(body && Buffer.from(body).includes('health_status'));
  }
  const row = await world.store.read((view) => view.channels.findRow(channel.id));
  assert.equal(row?.recorded.messaging, 'BLOCKED');
  assert.ok((await historyOf(world, channel, 'entity')).length > 0);
  const findings = await historyOf(world, channel, 'finding');
  assert.ok(findings.some(({ code, is }) => code === '141006' && is === 'present'));
});

test('what a read saw and what history tells of it are written together or not at all', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  await read(world, channel, ['phone-available', 1]);
  const before = await world.stateOf(channel);
  world.deps.ids.next = () => {
    throw new Error('no id for a transition');
  };
  await world.clock.advance(MINUTE);
  await assert.rejects(read(world, channel, ['phone-blocked-payment', 2]), /no id/);
  assert.deepEqual(await world.stateOf(channel), before);
  const told = await historyOf(world, channel, 'verdict');
  assert.deepEqual(
    told.map(({ is }) => is),
    ['AVAILABLE'],
  );
});

test('of bodies that say the same only those are kept that history names', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  const hashes: string[] = [];
  for (const n of [1, 2, 3]) {
    await read(world, channel, ['phone-available', n]);
    hashes.push((await world.stateOf(channel)).good?.bodyHash ?? assert.fail());
    await world.clock.advance(MINUTE);
  }
  assert.equal((await historyOf(world, channel)).length, 1);
  const kept = await Promise.all(
    hashes.map((hash) => world.store.read((view) => view.history.bodyOf(hash))),
  );
  assert.deepEqual(
    kept.map((body) => body !== null),
    [true, false, true],
  );
});

test('a gap in the reads is told by the read that ends it', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  const began = world.clock.now();
  await read(world, channel, ['phone-available', 1]);
  await world.clock.advance(60 * MINUTE);
  await read(world, channel, ['phone-available', 1]);
  const told = await historyOf(world, channel);
  assert.deepEqual(
    told.map(({ at, is, detail }) => [(at - began) / MINUTE, is, detail]),
    [
      [60, 'AVAILABLE', null],
      [10, 'UNKNOWN', 'outdated'],
      [0, 'AVAILABLE', null],
    ],
  );
});

test('failed reads tell when the view turned outdated, and the end of trust at once', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  const began = world.clock.now();
  await read(world, channel, ['phone-available', 1]);
  world.upstream.answers(() => failedAnswer('timeout'));
  for (let minute = 6; minute <= 18; minute += 6) {
    await world.clock.advance(6 * MINUTE);
    await world.monitor.checkChannel(channel.id, FORCED);
  }
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  for (const minutes of [1, 1]) {
    await world.clock.advance(minutes * MINUTE);
    await world.monitor.checkChannel(channel.id, FORCED);
  }
  const told = await historyOf(world, channel);
  assert.deepEqual(
    told.map(({ at, is, detail }) => [Math.floor((at - began) / MINUTE), is, detail]),
    // The monitor confirms a rejection by itself, without waiting to be asked.
    [
      [19, 'UNKNOWN', 'not_trusted'],
      [10, 'UNKNOWN', 'outdated'],
      [0, 'AVAILABLE', null],
    ],
  );
  assert.equal(told[0]?.startedAt, null);
  assert.equal(told[0]?.bodyBefore, told[0]?.bodyAfter);
});

test('who was added and removed is in the history', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await removeChannel(world.monitor, 'support', { purge: false });
  const told = await historyOf(world, support, 'watch');
  assert.deepEqual(
    told.map(({ was, is }) => [was, is]),
    [
      ['watched', 'removed'],
      [null, 'watched'],
    ],
  );
});

/** The number tells two bodies apart that say the same. */
async function read(world: MonitorWorld, channel: Channel, [example, n]: [string, number]) {
  world.upstream.answers(() => numbered(example, n));
  await world.monitor.checkChannel(channel.id, FORCED);
}

/** Newest first, of messaging and of whatever has no capability. */
async function historyOf(
  world: MonitorWorld,
  { id: channelId }: Channel,
  ...kinds: readonly Transition['kind'][]
): Promise<readonly Transition[]> {
  const page = { after: null, limit: 500 };
  const { items } = await world.store.read((view) => view.history.list(page, { channelId, kinds }));
  return items.filter(({ capability }) => capability !== 'calling');
}
