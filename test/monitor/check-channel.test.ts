import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import test from 'node:test';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState } from '#domain/channel-state.ts';
import { stateAfter } from '#domain/channel-state.ts';
import { outcomeOf } from '#monitor/outcome.ts';
import type { Answer } from '#ports/upstream.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { example, later, numbered, openMonitorWorld } from './monitor-world.ts';

const WISH = { timeoutMs: 10_000, forced: true };
const ALL_WELL = goodAnswer(example('phone-available'));

test('a good read is committed, remembered and told', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => goodAnswer(example('phone-blocked-payment')));
  const { outcome, state, written, collapsed } = await world.monitor.checkChannel(support.id, WISH);
  assert.ok(outcome.ok && written && !collapsed);
  assert.deepEqual(await world.stateOf(support), state);
  const held = world.monitor.latest.peek(support.id);
  assert.equal(Buffer.from(held?.body ?? []).toString(), example('phone-blocked-payment'));
  assert.deepEqual(held?.channel.identity, outcome.snapshot.identity);
  assert.deepEqual(world.told('check_finished'), [
    {
      channelId: support.id,
      channel: 'support',
      upstream: 'dialog360',
      attempt: 1,
      tookMs: 0,
      messaging: 'BLOCKED',
      failure: null,
      detail: null,
    },
  ]);
  assert.deepEqual(
    world.told('verdict_changed').map(({ capability, was, is }) => [capability, was, is]),
    [['messaging', 'UNKNOWN', 'BLOCKED']],
  );
});

test('the upstream is asked with the secret of the credential and a limit on its time', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel({ upstream: 'graph' });
  await world.monitor.checkChannel(support.id, WISH);
  const [asked] = world.upstreams.graph.asked;
  assert.equal(asked?.access.secret.reveal(), 'acme-360dialog-key-0001');
  assert.equal(asked?.nodeId, '106540352242922');
  assert.equal(asked?.timeoutMs, 9_500);
});

test('all who ask at the same time share one read', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const waiting = Array.from({ length: 500 }, () => world.monitor.checkChannel(support.id, WISH));
  await setImmediate();
  coming.come(ALL_WELL);
  const results = await Promise.all(waiting);
  assert.equal(world.upstream.asked.length, 1);
  assert.equal(results.filter(({ collapsed }) => !collapsed).length, 1);
  assert.ok(results.every(({ outcome }) => outcome.ok));
});

test('who stops waiting does not cancel the read for the others', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const hasty = world.monitor.checkChannel(support.id, { timeoutMs: 3_000, forced: true });
  const patient = world.monitor.checkChannel(support.id, WISH);
  const gaveUp = assert.rejects(hasty, { code: 'check_failed', message: /within 3 s.*goes on/ });
  await world.clock.advance(3_000);
  await gaveUp;
  coming.come(ALL_WELL);
  assert.ok((await patient).outcome.ok);
  assert.equal(world.upstream.asked.length, 1);
});

test('a read that another process makes is waited for and its result taken', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const theirs = await claimElsewhere(world, support);
  const ours = world.monitor.checkChannel(support.id, WISH);
  await world.clock.advance(1_000);
  await writeElsewhere(world, support, { attempt: theirs, answer: ALL_WELL });
  await world.clock.advance(1_000);
  const { outcome, collapsed } = await ours;
  assert.ok(outcome.ok && collapsed);
  assert.equal(world.upstream.asked.length, 0);
  assert.ok(world.monitor.latest.peek(support.id)?.body);
});

test('a failure that another process met is the result as well', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const theirs = await claimElsewhere(world, support);
  const ours = world.monitor.checkChannel(support.id, WISH);
  await world.clock.advance(100);
  await writeElsewhere(world, support, { attempt: theirs, answer: failedAnswer('timeout') });
  await world.clock.advance(200);
  const { outcome } = await ours;
  assert.equal(outcome.ok || outcome.failure.code, 'timeout');
});

test('nobody waits longer than their time for the read of another process', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  await claimElsewhere(world, support);
  const ours = world.monitor.checkChannel(support.id, WISH);
  const gaveUp = assert.rejects(ours, { code: 'check_failed', message: /Another process/ });
  await world.clock.advance(10_000);
  await gaveUp;
  assert.equal(world.upstream.asked.length, 0);
});

test('the lease of a process that died is taken over when it ends', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  await claimElsewhere(world, support);
  await world.clock.advance(30_000);
  world.upstream.answers(() => ALL_WELL);
  const { state } = await world.monitor.checkChannel(support.id, WISH);
  assert.equal(state.attempt, 2);
});

test('a result that comes after a newer one is not written', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const slow = world.monitor.checkChannel(support.id, { timeoutMs: 60_000, forced: true });
  await world.clock.advance(31_000);
  const attempt = await claimElsewhere(world, support);
  await writeElsewhere(world, support, { attempt, answer: numbered('phone-available', 2) });
  coming.come(numbered('phone-blocked-payment', 1));
  const { written, state } = await slow;
  assert.equal(written, false);
  assert.equal(state.good?.report.nodeId, '2');
  assert.equal((await world.stateOf(support)).good?.report.nodeId, '2');
  assert.equal(world.monitor.latest.peek(support.id)?.state.good?.report.nodeId, '2');
  assert.deepEqual(world.told('check_superseded'), [{ channelId: support.id, attempt: 1 }]);
  assert.deepEqual(world.told('check_finished'), []);
});

test('a failed read leaves the status and the body as they were', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => ALL_WELL);
  const before = await world.monitor.checkChannel(support.id, WISH);
  world.upstream.answers(() => failedAnswer('upstream_error'));
  const { state } = await world.monitor.checkChannel(support.id, WISH);
  assert.deepEqual(state.good, before.state.good);
  assert.deepEqual(state.since, before.state.since);
  assert.equal(state.lastFailure?.failure.code, 'upstream_error');
  const held = world.monitor.latest.peek(support.id);
  assert.equal(Buffer.from(held?.body ?? []).toString(), example('phone-available'));
});

test('an answer about another number is a failure and not written as status', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => ALL_WELL);
  await world.monitor.checkChannel(support.id, WISH);
  const stranger = example('phone-blocked-payment').replaceAll('106540352242922', '4917600000000');
  world.upstream.answers(() => goodAnswer(stranger));
  const { outcome, state } = await world.monitor.checkChannel(support.id, WISH);
  assert.ok(!outcome.ok);
  assert.equal(outcome.failure.code, 'identity_changed');
  assert.match(outcome.failure.detail, /number 4917600000000 instead of number 106540352242922/);
  assert.equal(state.good?.attempt, 1);
  assert.equal(state.trust.state, 'trusted');
});

test('too many channels read at once are refused with a sentence', async () => {
  await using world = await openMonitorWorld({ readsMax: 1 });
  const support = await world.addChannel();
  const sales = await world.addChannel({ name: 'sales' });
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const first = world.monitor.checkChannel(support.id, WISH);
  await setImmediate();
  await assert.rejects(world.monitor.checkChannel(sales.id, WISH), {
    code: 'check_failed',
    message: 'Too many channels are being read; ask again in a moment.',
  });
  coming.come(ALL_WELL);
  await first;
});

test('more clients than may wait are refused with a sentence', async () => {
  await using world = await openMonitorWorld({ waitersMax: 2 });
  const support = await world.addChannel();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const waiting = [1, 2].map(() => world.monitor.checkChannel(support.id, WISH));
  await setImmediate();
  await assert.rejects(world.monitor.checkChannel(support.id, WISH), { code: 'check_failed' });
  coming.come(ALL_WELL);
  await Promise.all(waiting);
  assert.ok((await world.monitor.checkChannel(support.id, WISH)).outcome.ok);
});

test('a channel that is gone or archived is not read', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  await world.store.change((tx) => tx.channels.archive(support.id, world.clock.now()));
  await assert.rejects(world.monitor.checkChannel(support.id, WISH), { code: 'not_found' });
  await assert.rejects(world.monitor.checkChannel('ch_00000000000000000000000009', WISH), {
    code: 'not_found',
  });
  assert.equal(world.upstream.asked.length, 0);
});

test('closing waits for the read under way and begins no other', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const last = world.monitor.checkChannel(support.id, WISH);
  await setImmediate();
  const closed = world.monitor.close();
  coming.come(ALL_WELL);
  await closed;
  assert.ok((await last).written);
  await assert.rejects(world.monitor.checkChannel(support.id, WISH), {
    message: 'The server is stopping; ask again in a moment.',
  });
  assert.equal(world.clock.pending, 0);
});

async function claimElsewhere({ store, clock }: MonitorWorld, { id }: Channel): Promise<number> {
  const claim = await store.change((tx) => tx.channels.claim(id, clock.now(), 30_000));
  assert.ok(claim, 'nobody else had the lease');
  return claim.attempt;
}

async function writeElsewhere(
  { store, clock, deps }: MonitorWorld,
  { id }: Channel,
  { attempt, answer }: { readonly attempt: number; readonly answer: Answer },
): Promise<void> {
  const at = clock.now();
  const about = { attempt, startedAt: at, readAt: at, pinned: null, digest: deps.digest };
  const outcome = outcomeOf(answer, about);
  const written = await store.change(async (tx) => {
    const row = await tx.channels.findRow(id);
    assert.ok(row);
    const next: ChannelState = stateAfter(row.state, outcome);
    return tx.channels.writeState(id, next, answer.ok ? answer.body : null);
  });
  assert.ok(written);
}
