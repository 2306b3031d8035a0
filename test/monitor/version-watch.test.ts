import assert from 'node:assert/strict';
import test from 'node:test';
import type { Answer } from '#ports/upstream.ts';
import { VersionWatch } from '#monitor/version-watch.ts';
import { goodAnswer } from '#test/fakes/upstream.ts';
import { example, openMonitorWorld } from './monitor-world.ts';

const WISH = { timeoutMs: 10_000, forced: true };

test('a Graph version that we did not ask for is told, and once only', async () => {
  await using world = await openMonitorWorld();
  const sales = await world.addChannel({ name: 'sales', upstream: 'graph' });
  for (const version of ['v26.0', 'v27.0', 'v27.0', null]) {
    world.upstreams.graph.answers(() => servedBy(version));
    await world.monitor.checkChannel(sales.id, WISH);
  }
  assert.deepEqual(world.told('version_forwarded'), [{ asked: 'v26.0', served: 'v27.0' }]);
});

test('behind 360dialog no version is asked for, so none is missed', async () => {
  await using world = await openMonitorWorld();
  const support = await world.addChannel();
  world.upstream.answers(() => servedBy('v21.0'));
  await world.monitor.checkChannel(support.id, WISH);
  assert.deepEqual(world.told('version_forwarded'), []);
});

test('a header that changes with each answer does not fill memory or log', () => {
  const told: string[] = [];
  const watch = new VersionWatch({ events: { emit: (name) => void told.push(name) } });
  for (let i = 0; i < 1_000; i += 1) watch.note('v26.0', `v${i}.x`);
  assert.equal(told.length, 20);
});

function servedBy(version: string | null): Answer {
  const answer = goodAnswer(example('phone-available'));
  return answer.ok ? { ...answer, served: { version, traceId: null } } : answer;
}
