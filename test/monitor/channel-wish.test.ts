import assert from 'node:assert/strict';
import test from 'node:test';
import { Secret } from '#domain/secret.ts';
import type { ChannelWish } from '#monitor/channel-wish.ts';
import { requireChannelWish } from '#monitor/channel-wish-check.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { graphWish, KEY, keyWish, NOTHING, refusedFor, storedNames } from './acme-monitor.ts';
import { openMonitorWorld } from './monitor-world.ts';

test('all that is wrong with a channel is named at once, and nobody is asked', async () => {
  await using world = await openMonitorWorld();
  const wrong = {
    nodeId: 'support',
    adoptKey: true,
    externalId: 'crm\u0000',
    labels: { team: 'fine', '-bad': 'x', note: 'two\nlines' },
    checkIntervalMs: 14_999,
  };
  await assert.rejects(
    putChannel(world.monitor, 'support', graphWish(wrong)),
    refusedFor(
      'node_id',
      'adopt_key',
      'external_id',
      'labels.-bad',
      'labels.note',
      'check_interval_seconds',
    ),
  );
  const credential = { secret: new Secret(KEY), billedBy: 'meta', app: 'acme-app' } as const;
  await assert.rejects(
    putChannel(world.monitor, 'support', keyWish(KEY, { credential, nodeId: '1' })),
    refusedFor('node_id', 'credential.app'),
  );
  assert.deepEqual(await storedNames(world.store), NOTHING);
  assert.equal(world.upstream.asked.length + world.upstreams.graph.asked.length, 0);
});

test('a wrong name, an unusable secret and a key of the sandbox are refused, nothing stays', async () => {
  await using world = await openMonitorWorld();
  for (const name of ['', 'Support', '-support', 's'.repeat(64), 'ch_1']) {
    await assert.rejects(putChannel(world.monitor, name, keyWish()), refusedFor('name'));
  }
  for (const key of ['', 'short', `${KEY}\r\nx: y`, 'k'.repeat(4_097)]) {
    await assert.rejects(putChannel(world.monitor, 'support', keyWish(key)), refusedFor('secret'));
  }
  for (const key of ['acme-360dialog_sandbox', 'acme-360dialog_SANDBOX']) {
    const unchecked = keyWish(key, { check: false });
    await assert.rejects(putChannel(world.monitor, 'support', unchecked), { code: 'sandbox_key' });
  }
  assert.deepEqual(await storedNames(world.store), NOTHING);
  assert.equal(world.upstream.asked.length, 0);
});

test('each thing said of a channel is right up to its limit and wrong beyond', () => {
  const limits: readonly {
    readonly at: string;
    readonly right: Partial<ChannelWish>;
    readonly wrong: Partial<ChannelWish>;
  }[] = [
    { at: 'node_id', right: { nodeId: '1'.repeat(32) }, wrong: { nodeId: '1'.repeat(33) } },
    { at: 'node_id', right: { nodeId: '1' }, wrong: { nodeId: null } },
    {
      at: 'external_id',
      right: { externalId: 'e'.repeat(128) },
      wrong: { externalId: 'e'.repeat(129) },
    },
    { at: 'external_id', right: { externalId: null }, wrong: { externalId: '' } },
    { at: 'labels', right: { labels: labels(32) }, wrong: { labels: labels(33) } },
    {
      at: 'labels.team',
      right: { labels: { team: 'v'.repeat(128) } },
      wrong: { labels: { team: 'v'.repeat(129) } },
    },
    {
      at: `labels.${'n'.repeat(63)}`,
      right: { labels: { ['n'.repeat(63)]: '' } },
      wrong: { labels: { ['n'.repeat(64)]: '' } },
    },
    {
      at: 'check_interval_seconds',
      right: { checkIntervalMs: 15_000 },
      wrong: { checkIntervalMs: 14_999 },
    },
    {
      at: 'check_interval_seconds',
      right: { checkIntervalMs: 86_400_000 },
      wrong: { checkIntervalMs: 86_400_001 },
    },
    {
      at: 'check_interval_seconds',
      right: { checkIntervalMs: null },
      wrong: { checkIntervalMs: Number.NaN },
    },
  ];
  for (const { at, right, wrong } of limits) {
    requireChannelWish(graphWish(right));
    assert.throws(() => requireChannelWish(graphWish(wrong)), refusedFor(at));
  }
});

function labels(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`label-${n}`, '']));
}
