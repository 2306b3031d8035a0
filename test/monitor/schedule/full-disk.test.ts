/** Watching while the disk is full: said clearly, nothing damaged, and gone on with when there is room. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '#domain/problem.ts';
import { createMonitor } from '#monitor/monitor.ts';
import { goodAnswer } from '#test/fakes/upstream.ts';
import { example, openMonitorWorld } from '#test/monitor/monitor-world.ts';
import { auditChains, TOLD_SQL, toldOf } from '#test/soak/history-audit.ts';
import { openIn, rowsIn } from '#test/stores/open-in.ts';
import { addFleet, run } from './fleet.ts';

const MINUTE = 60_000;
const NAMES = ['phone-available', 'phone-blocked-payment'];

test('a full disk is said, damages nothing, and watching goes on when there is room', async () => {
  await using world = await openMonitorWorld({}, { maxBytes: 1_500_000 });
  await addFleet(world, { channels: 10 });
  let reads = 0;
  // No answer is like the one before, and both sides of each transition are kept.
  world.upstreams.graph.answers(() => {
    reads += 1;
    const body: object = JSON.parse(example(NAMES[reads % 2] ?? ''));
    return goodAnswer({ ...body, padding: `${reads} `.padEnd(20_000, 'x') });
  });
  world.monitor.schedule.start();
  for (let minutes = 0; world.told('background_failed').length === 0; minutes += 1) {
    assert.ok(minutes < 60, 'the disk was never full');
    await run(world, MINUTE);
  }
  for (const { error } of world.told('background_failed')) {
    assert.ok(error instanceof Problem, String(error));
    assert.equal(error.code, 'store_unavailable');
    assert.match(error.message, /no room left/);
  }
  await run(world, 5 * MINUTE);
  await world.monitor.close();
  await world.store.close();
  assert.deepEqual(rowsIn(world.store.dataDir, 'pragma integrity_check'), [
    { integrity_check: 'ok' },
  ]);
  auditChains(rowsIn(world.store.dataDir, TOLD_SQL).map(toldOf));

  const before = countIn(world.store.dataDir);
  const roomier = await openIn(world.store.dataDir, { clock: world.clock });
  const monitor = createMonitor({ ...world.deps, store: roomier });
  monitor.schedule.start();
  await run(world, 5 * MINUTE);
  await monitor.close();
  await roomier.close();
  assert.ok(countIn(world.store.dataDir) > before, 'nothing was written once there was room');
  auditChains(rowsIn(world.store.dataDir, TOLD_SQL).map(toldOf));
});

function countIn(dataDir: string): number {
  return Number(rowsIn(dataDir, 'select count(*) as n from transitions')[0]?.['n']);
}
