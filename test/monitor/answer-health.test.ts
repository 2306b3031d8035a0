import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import test from 'node:test';
import type { HealthAnswer } from '#monitor/answer-health.ts';
import type { KnownKey } from '#monitor/keyring.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { later, numbered, openMonitorWorld } from './monitor-world.ts';

const SECOND = 1_000;

test('a fresh answer costs neither a question nor a look into the store', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  const looks = { ...world.looks };
  assert.deepEqual(told(await ask()), { body: 1, hit: true, detail: null });
  assert.deepEqual(world.looks, looks);
  assert.equal(world.upstream.asked.length, 1);
});

test('a stale answer is given at once and refreshed behind it', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  await world.clock.advance(120 * SECOND);
  assert.deepEqual(told(await ask()), { body: 1, hit: true, detail: null });
  await world.clock.advance(0);
  assert.deepEqual(told(await ask()), { body: 2, hit: true, detail: null });
});

test('a refresh that fails keeps the stored answer going, and says so', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  world.upstream.answers(() => failedAnswer('upstream_error'));
  await world.clock.advance(120 * SECOND);
  await ask();
  await world.clock.advance(0);
  assert.deepEqual(told(await ask()), { body: 1, hit: true, detail: 'upstream_error' });
  assert.equal(world.upstream.asked.length, 2);
});

test('requests for a stale answer do not ask an upstream in trouble more than it can bear', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  world.upstream.answers(() => failedAnswer('timeout'));
  await world.clock.advance(120 * SECOND);
  for (let second = 0; second < 300; second += 1) {
    await ask();
    await world.clock.advance(SECOND);
  }
  const asked = world.upstream.asked.length - 1;
  assert.ok(asked >= 9 && asked <= 11, `${asked} reads in five minutes`);
});

test('past the staleness limit nothing stored is served any more', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  world.upstream.answers(() => failedAnswer('unreachable'));
  await world.clock.advance(600 * SECOND);
  assert.equal((await ask()).kind, 'answer');
  await world.clock.advance(30 * SECOND + 1);
  assert.equal((await ask()).kind, 'failed');
});

test('an outdated answer is replaced by one that the client waits for', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  await world.clock.advance(600 * SECOND + 1);
  assert.deepEqual(told(await ask()), { body: 2, fwd: 'stale', collapsed: false });
});

test('after a failure a channel without an answer is left alone for a moment', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  world.upstream.answers(() => failedAnswer('upstream_error'));
  await ask();
  await world.clock.advance(400);
  const again = await ask();
  assert.deepEqual(again.kind === 'failed' && [again.failure.code, again.retryAfterMs], [
    'upstream_error',
    600,
  ]);
  assert.equal(world.upstream.asked.length, 1);
  await world.clock.advance(600);
  await ask();
  assert.equal(world.upstream.asked.length, 2);
});

test('a wish for a new answer is granted once in ten seconds for each channel', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  assert.deepEqual(told(await ask(0)), { body: 1, hit: true, detail: null });
  await world.clock.advance(SECOND);
  assert.deepEqual(told(await ask(0)), { body: 2, fwd: 'request', collapsed: false });
  await world.clock.advance(SECOND);
  assert.deepEqual(told(await ask(0)), { body: 2, hit: true, detail: 'budget' });
  await world.clock.advance(8_999);
  assert.deepEqual(told(await ask(0)), { body: 2, hit: true, detail: 'budget' });
  await world.clock.advance(1);
  assert.deepEqual(told(await ask(0)), { body: 3, fwd: 'request', collapsed: false });
});

test('an answer no older than the client takes is given from memory', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  await world.clock.advance(5 * SECOND);
  assert.deepEqual(told(await ask(5_000)), { body: 1, hit: true, detail: null });
  assert.deepEqual(told(await ask(4_000)), { body: 2, fwd: 'request', collapsed: false });
});

test('wishes that come together share the read', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  await world.clock.advance(SECOND);
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const asking = [ask(0), ask(0), ask(0)];
  await world.clock.advance(SECOND);
  coming.come(numbered('phone-available', 2));
  const answers = (await Promise.all(asking)).map(told);
  assert.deepEqual(answers, [
    { body: 2, fwd: 'request', collapsed: false },
    { body: 2, fwd: 'request', collapsed: true },
    { body: 2, fwd: 'request', collapsed: true },
  ]);
});

test('a wish that takes more than three seconds gets the stored answer', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  await world.clock.advance(SECOND);
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const wished = ask(0);
  await world.clock.advance(3 * SECOND);
  assert.deepEqual(told(await wished), { body: 1, hit: true, detail: 'timeout' });
  coming.come(numbered('phone-available', 7));
  await world.clock.advance(0);
  assert.deepEqual(told(await ask()), { body: 7, hit: true, detail: null });
});

test('a wish that fails gets the stored answer and the reason', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  await world.clock.advance(SECOND);
  world.upstream.answers(() => failedAnswer('rate_limited', { retryAfterMs: 60_000 }));
  assert.deepEqual(told(await ask(0)), { body: 1, hit: true, detail: 'rate_limited' });
  await world.clock.advance(11 * SECOND);
  assert.deepEqual(told(await ask(0)), { body: 1, hit: true, detail: 'budget' });
  assert.equal(world.upstream.asked.length, 2);
});

test('with the store away stored answers are served up to the limit', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  world.away.store = true;
  await world.clock.advance(120 * SECOND);
  assert.deepEqual(told(await ask()), { body: 1, hit: true, detail: null });
  assert.deepEqual(told(await ask(0)), { body: 1, hit: true, detail: 'store_unavailable' });
  await world.clock.advance(480 * SECOND + 1);
  await assert.rejects(ask(), { code: 'store_unavailable' });
  const [failed, ...rest] = world.told('background_failed');
  assert.equal(failed?.what, 'refreshing an answer');
  assert.deepEqual(rest, []);
});

test('a client waits ten seconds at most for a first answer', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const waiting = ask();
  await world.clock.advance(10 * SECOND);
  const answer = await waiting;
  assert.equal(answer.kind === 'failed' && answer.failure.code, 'timeout');
  coming.come(numbered('phone-available', 1));
});

test('a key whose channel is gone opens nothing', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const key = await world.addKey(support);
  await world.store.change((tx) => tx.channels.purge(support.id));
  assert.deepEqual(await world.monitor.answerHealth({ key, maxAgeMs: null }), {
    kind: 'unauthorized',
  });
});

test('only the adopted key of a rejected credential is refused; an issued one learns why', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const adopted = await world.addKey(support, { text: 'adopted', origin: 'adopted' });
  const issued = await world.addKey(support);
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  const ask = (key: KnownKey) => world.monitor.answerHealth({ key, maxAgeMs: null });
  assert.equal((await ask(adopted)).kind, 'unauthorized');
  const answer = await ask(issued);
  assert.equal(answer.kind === 'failed' && answer.failure.code, 'credential_rejected');
});

test('an adopted key stays refused while the upstream that rejected it cannot be reached', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  const adopted = await world.addKey(support, { text: 'adopted', origin: 'adopted' });
  const ask = () => world.monitor.answerHealth({ key: adopted, maxAgeMs: null });
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  await ask();
  await world.clock.advance(5 * SECOND);
  world.upstream.answers(() => failedAnswer('unreachable'));
  await world.clock.advance(60 * SECOND);
  assert.equal((await ask()).kind, 'unauthorized');
});

test('a process that just started serves what an earlier one stored', async () => {
  await using world = await openMonitorWorld();
  const ask = await watching(world);
  await ask();
  const { createMonitor } = await import('#monitor/monitor.ts');
  const restarted = createMonitor(world.deps);
  const [channel] = (
    await world.store.read((view) => view.channels.list({ after: null, limit: 1 }))
  ).items;
  assert.ok(channel);
  const key = await world.addKey(channel.channel, { text: 'second' });
  const answer = await restarted.answerHealth({ key, maxAgeMs: null });
  assert.deepEqual(told(answer), { body: 1, hit: true, detail: null });
  await restarted.close();
});

/** The channel *support*, whose nth good answer has the id n; gives a function that asks for it. */
async function watching(
  world: MonitorWorld,
): Promise<(maxAgeMs?: number) => Promise<HealthAnswer>> {
  const key = await world.addKey(await world.addChannel());
  world.upstream.answers(() => numbered('phone-available', world.upstream.asked.length));
  return async (maxAgeMs) => {
    await setImmediate();
    return world.monitor.answerHealth({ key, maxAgeMs: maxAgeMs ?? null });
  };
}

/** Which of the numbered bodies was given, and how it came about. */
function told(answer: HealthAnswer): object {
  assert.ok(answer.kind === 'answer', `no answer: ${JSON.stringify(answer)}`);
  const { id } = JSON.parse(Buffer.from(answer.servable.body).toString());
  const { story } = answer;
  return story.hit
    ? { body: Number(id), hit: true, detail: story.detail }
    : { body: Number(id), fwd: story.fwd, collapsed: story.collapsed };
}
