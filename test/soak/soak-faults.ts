/** `npm run soak faults [<channels>]`: each way to fail, by itself, on one channel in a hundred. */
import assert from 'node:assert/strict';
import { FAULT_WAYS, runFaultyFleet } from './faulty-fleet.ts';
import type { FaultWay, FaultyReport } from './faulty-fleet.ts';

const CHANNELS = 2_000;
const INTERVALS = 6;

export async function soakFaults([count = String(CHANNELS)]: readonly string[]): Promise<void> {
  const channels = Number(count);
  const about = { channels, each: Math.ceil(channels / 100), intervals: INTERVALS };
  const without = await runFaultyFleet({ ...about, ways: [] });
  tell('none', without);
  for (const way of FAULT_WAYS) {
    const report = await runFaultyFleet({ ...about, ways: [way] });
    tell(nameOf(way), report);
    assert.equal(
      report.checksMin,
      without.checksMin,
      'channels that nothing struck were read less',
    );
    assert.equal(
      report.checksMax,
      without.checksMax,
      'channels that nothing struck were read more',
    );
    assert.equal(report.lagP99Ms, without.lagP99Ms, 'reads began later');
    assert.deepEqual(report.invented, []);
  }
}

function nameOf({ kind, level }: FaultWay): string {
  return `${kind}/${level}`;
}

function tell(fault: string, report: FaultyReport): void {
  const { healthy, checksMin, checksMax, failed, lagP99Ms, invented } = report;
  process.stdout.write(
    `faults fault=${fault} healthy=${healthy} checks=${checksMin}..${checksMax} failed=${failed} ` +
      `lag_p99_ms=${lagP99Ms} invented=${invented.length}\n`,
  );
}
