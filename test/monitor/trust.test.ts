import assert from 'node:assert/strict';
import test from 'node:test';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { example, openMonitorWorld } from './monitor-world.ts';

const WISH = { timeoutMs: 10_000, forced: true };
const ALL_WELL = goodAnswer(example('phone-available'));
const REJECTED = failedAnswer('credential_rejected');

test('a rejected credential is doubted first, and a second read 5 s later ends trust', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => REJECTED);
  const first = await world.monitor.checkChannel(support.id, WISH);
  assert.equal(first.state.trust.state, 'doubted');
  await world.clock.advance(4_999);
  assert.equal(world.upstream.asked.length, 1);
  await world.clock.advance(1);
  assert.equal(world.upstream.asked.length, 2);
  assert.deepEqual((await world.stateOf(support)).trust, {
    state: 'ended',
    code: 'credential_rejected',
    since: world.clock.now() - 5_000,
  });
});

test('two rejections of the same moment are one piece of evidence', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => REJECTED);
  await world.monitor.checkChannel(support.id, WISH);
  await world.clock.advance(1_000);
  const again = await world.monitor.checkChannel(support.id, WISH);
  assert.equal(again.state.trust.state, 'doubted');
});

test('the confirming read that finds all well refutes the doubt', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => REJECTED);
  await world.monitor.checkChannel(support.id, WISH);
  world.upstream.answers(() => ALL_WELL);
  await world.clock.advance(5_000);
  const state = await world.stateOf(support);
  assert.equal(state.trust.state, 'trusted');
  assert.equal(state.lastFailure, null);
  assert.equal(world.clock.pending, 0);
});

test('a confirming read that reaches nobody is made again, more and more slowly', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => REJECTED);
  await world.monitor.checkChannel(support.id, WISH);
  world.upstream.answers(() => failedAnswer('unreachable'));
  await world.clock.advance(5_000);
  assert.equal((await world.stateOf(support)).trust.state, 'doubted');
  const inTheFirstTenMinutes = world.upstream.asked.length;
  await world.clock.advance(600_000);
  const later = world.upstream.asked.length - inTheFirstTenMinutes;
  assert.ok(later >= 9 && later <= 16, `${later} reads in ten minutes`);
  world.upstream.answers(() => REJECTED);
  await world.clock.advance(60_000);
  assert.equal((await world.stateOf(support)).trust.state, 'ended');
});

test('a good read regains trust that had ended', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => REJECTED);
  await world.monitor.checkChannel(support.id, WISH);
  await world.clock.advance(5_000);
  world.upstream.answers(() => ALL_WELL);
  const { state } = await world.monitor.checkChannel(support.id, WISH);
  assert.equal(state.trust.state, 'trusted');
});

test('a doubt that a restart left behind is confirmed when the channel is asked for', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const key = await world.addKey(support);
  world.upstream.answers(() => ALL_WELL);
  await world.monitor.checkChannel(support.id, WISH);
  world.upstream.answers(() => REJECTED);
  await world.monitor.checkChannel(support.id, WISH);
  await world.monitor.close();
  const { createMonitor } = await import('#monitor/monitor.ts');
  const restarted = createMonitor(world.deps);
  const answer = await restarted.answerHealth({ key, maxAgeMs: null });
  assert.equal(answer.kind, 'answer');
  await world.clock.advance(5_000);
  const after = await restarted.answerHealth({ key, maxAgeMs: null });
  assert.equal(after.kind, 'failed');
  await restarted.close();
});
