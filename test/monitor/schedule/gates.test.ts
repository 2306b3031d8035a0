/** What keeps a due channel from being asked: a dead credential, an upstream in trouble, a budget used up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rebalance } from '#monitor/schedule/rebalance.ts';
import type { Usage } from '#ports/upstream.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { example, openMonitorWorld } from '#test/monitor/monitor-world.ts';
import type { MonitorWorld } from '#test/monitor/monitor-world.ts';
import { addFleet, run } from './fleet.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WABA = '102290129340398';
const APP = '634974688087057';
const GOOD = goodAnswer(example('phone-available'));

test('a dead credential is confirmed for each of its channels, then one of them asks now and then', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000 });
  const channels = await addFleet(world, { channels: 60 });
  world.upstreams.graph.answers(() => GOOD);
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  world.upstreams.graph.answers(() => failedAnswer('credential_rejected'));
  await run(world, 10 * MINUTE);
  for (const channel of channels) {
    assert.equal((await world.stateOf(channel)).trust.state, 'ended', channel.name);
  }
  const before = asked(world);
  await run(world, HOUR);
  const probes = asked(world) - before;
  assert.ok(probes >= 1 && probes <= 12, `${probes} reads of a dead credential in an hour`);
});

test('once a dead credential lives again, all of its channels are read at once', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000 });
  const channels = await addFleet(world, { channels: 60 });
  world.upstreams.graph.answers(() => failedAnswer('credential_rejected'));
  world.monitor.schedule.start();
  await run(world, 15 * MINUTE);
  world.upstreams.graph.answers(() => GOOD);
  const [first] = channels;
  assert.ok(first);
  await world.monitor.schedule.revive(first.credentialId);
  await run(world, 10_000);
  for (const channel of channels) {
    assert.equal((await world.stateOf(channel)).trust.state, 'trusted', channel.name);
  }
});

test('an upstream that fails as a whole is probed, not hammered, and the fleet returns with it', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000 });
  const channels = await addFleet(world, { channels: 120, credentials: 6 });
  world.upstreams.graph.answers(() => GOOD);
  world.monitor.schedule.start();
  await run(world, 4 * MINUTE);
  world.upstreams.graph.answers(() => failedAnswer('upstream_error'));
  await run(world, 6 * MINUTE);
  assert.notEqual(world.monitor.schedule.facts().openSince.graph, null);
  const before = asked(world);
  await run(world, 10 * MINUTE);
  const probing = asked(world) - before;
  assert.ok(probing <= 50 * 15, `${probing} questions in ten minutes of outage`);
  world.upstreams.graph.answers(() => GOOD);
  await run(world, 8 * MINUTE);
  assert.equal(world.monitor.schedule.facts().openSince.graph, null);
  const since = world.clock.now() - 3 * MINUTE;
  for (const channel of channels) {
    assert.ok(((await world.stateOf(channel)).good?.readAt ?? 0) >= since, channel.name);
  }
});

test('scheduled reads keep to their share of the budget, and intervals stretch to fit it', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000, graphReadsPerHour: 600 });
  const channels = await addFleet(world, { channels: 40 });
  world.upstreams.graph.answers(() => GOOD);
  world.monitor.schedule.start();
  await run(world, 10 * MINUTE);
  await rebalance(world.deps);
  const bucket = `waba:${APP}/${WABA}`;
  const budget = await world.store.read((view) => view.budgets.find(bucket));
  // 40 numbers every two minutes want 1,200 reads an hour; 76 % of 600 are the schedule's.
  assert.ok(budget !== null && Math.abs(budget.stretch - 1_200 / 456) < 0.01);
  await run(world, 10 * MINUTE);
  const before = asked(world);
  await run(world, HOUR);
  const used = asked(world) - before;
  assert.ok(used <= 480, `${used} scheduled reads in an hour`);
  const counts = await Promise.all(channels.map((channel) => world.stateOf(channel)));
  const attempts = counts.map(({ good }) => good?.attempt ?? 0);
  assert.ok(Math.min(...attempts) > 0, 'nobody is left out');
});

test('a channel that finds its account leaves the stretch of the credential behind, and so does its bucket', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000, graphReadsPerHour: 2_000 });
  const [channel] = await addFleet(world, { channels: 100 });
  assert.ok(channel);
  const credential = `credential:${channel.credentialId}`;
  await world.store.change((tx) => tx.budgets.learn(credential, {}));
  await rebalance(world.deps);
  const stretched = await world.store.read((view) => view.channels.findRow(channel.id));
  // 100 numbers every two minutes want 3,000 reads an hour, of 1,520.
  assert.ok((stretched?.paceMs ?? 0) > 1.9 * channel.intervalMs);
  world.upstreams.graph.answers(() => GOOD);
  world.monitor.schedule.start();
  await run(world, 5 * MINUTE);
  const found = await world.store.read((view) => view.channels.findRow(channel.id));
  assert.equal(found?.paceMs, channel.intervalMs);
  await run(world, 15 * MINUTE);
  await rebalance(world.deps);
  assert.equal(await world.store.read((view) => view.budgets.find(credential)), null);
});

test('a banned account is asked as rarely as Meta allows those', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000 });
  await addFleet(world, { channels: 1 });
  world.upstreams.graph.answers(() => goodAnswer(example('phone-limited-waba-banned')));
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  const budgets = await world.store.read((view) => view.budgets.list({ after: null, limit: 9 }));
  const account = budgets.find(({ bucket }) => bucket.startsWith('waba:'));
  assert.equal(account?.isActive, false);
});

test('from half of the customer’s own quota on, scheduled reads wait and asked-for reads do not', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000 });
  const [channel] = await addFleet(world, { channels: 1 });
  assert.ok(channel);
  const usage: Usage[] = [{ scope: WABA, type: 'whatsapp', percent: 55, regainMs: 0 }];
  world.upstreams.graph.answers(() => ({ ...GOOD, usage }));
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  const before = asked(world);
  // It rests for five minutes after the read that reported it, which was the second.
  await run(world, 2 * MINUTE - 2_000);
  assert.equal(asked(world), before, 'the schedule waits');
  await world.monitor.checkChannel(channel.id, { timeoutMs: 1_000, forced: true });
  assert.equal(asked(world), before + 1, 'who asks is answered');
  const budget = await world.store.read((view) => view.budgets.find(`waba:${APP}/${WABA}`));
  assert.equal(budget?.percent, 55);
});

test('a throttled account is left in peace until Meta said, by everybody', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000 });
  const [channel] = await addFleet(world, { channels: 1 });
  assert.ok(channel);
  world.upstreams.graph.answers(() => GOOD);
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  world.upstreams.graph.answers(() => failedAnswer('rate_limited', { retryAfterMs: 20 * MINUTE }));
  await run(world, 3 * MINUTE);
  const before = asked(world);
  await run(world, 10 * MINUTE);
  assert.equal(asked(world), before);
  const check = world.monitor.checkChannel(channel.id, { timeoutMs: 1_000, forced: true });
  await assert.rejects(check, { code: 'budget_exhausted' });
});

test('a client that wants what the schedule is reading shares that read', async () => {
  await using world = await openMonitorWorld({ tickMs: 1_000 });
  const [channel] = await addFleet(world, { channels: 1 });
  assert.ok(channel);
  const reading = Promise.withResolvers<typeof GOOD>();
  world.upstreams.graph.answers(() => reading.promise);
  world.monitor.schedule.start();
  await run(world, 2_000);
  const check = world.monitor.checkChannel(channel.id, { timeoutMs: 60_000, forced: true });
  reading.resolve(GOOD);
  await run(world, 2_000);
  const { collapsed, outcome } = await check;
  assert.equal(collapsed, true);
  assert.equal(outcome.ok, true);
  assert.equal(asked(world), 1);
});

/** How many questions the upstream was asked, alone and in batches. */
function asked({ upstreams: { graph } }: MonitorWorld): number {
  return graph.asked.length;
}
