/** A small fleet of what `npm run soak faults` does with a large one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_WAYS, runFaultyFleet } from './faulty-fleet.ts';

const CHANNELS = 400;
const INTERVALS = 3;

test('one channel in a hundred with each fault at each level slows no other and invents nothing', async () => {
  const each = CHANNELS / 100;
  const about = { channels: CHANNELS, each, intervals: INTERVALS };
  const without = await runFaultyFleet({ ...about, ways: [] });
  assert.deepEqual([without.checksMin, without.checksMax], [INTERVALS, INTERVALS]);
  assert.equal(without.failed, 0);
  const report = await runFaultyFleet({ ...about, ways: FAULT_WAYS });
  assert.equal(report.healthy, CHANNELS - FAULT_WAYS.length * each);
  assert.ok(report.failed >= FAULT_WAYS.length, `only ${report.failed} reads failed`);
  assert.deepEqual([report.checksMin, report.checksMax], [INTERVALS, INTERVALS]);
  assert.equal(report.lagP99Ms, without.lagP99Ms);
  assert.deepEqual(report.invented, []);
});
