import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthReport } from '#domain/health-report.ts';
import { causesIn } from '#domain/incidents/seen-cause.ts';
import { error, report, saying, sha256Hex } from '#test/domain/samples.ts';

const about = { channelId: 'ch_1', sha256Hex } as const;

/** `WABA/messaging: BLOCKED 141006`, a line for each. */
function causes(of: HealthReport): readonly string[] {
  return [...causesIn(of, about).values()].map(({ cause, capability, status, codes }) =>
    [`${cause.type ?? 'reported'}/${capability}: ${status}`, ...codes].join(' '),
  );
}

test('each entity that reports is a cause of its own, with its own codes', () => {
  const number = saying('PHONE_NUMBER', 'LIMITED', { errors: [error('141010')] });
  const waba = saying('WABA', 'BLOCKED', { errors: [error('141006')] });
  assert.deepEqual(causes(report(number, waba, saying('APP', 'AVAILABLE'))), [
    'PHONE_NUMBER/messaging: LIMITED 141010',
    'WABA/messaging: BLOCKED 141006',
    'APP/messaging: AVAILABLE',
  ]);
});

test('an entity that only mirrors a worse one with a reason is neither a cause nor well', () => {
  const waba = saying('WABA', 'BLOCKED', { errors: [error('141006')] });
  assert.deepEqual(causes(report(saying('PHONE_NUMBER', 'BLOCKED'), waba)), [
    'PHONE_NUMBER/messaging: UNKNOWN',
    'WABA/messaging: BLOCKED 141006',
  ]);
});

test('without any reason each bad entity stands for itself', () => {
  assert.deepEqual(causes(report(saying('PHONE_NUMBER', 'BLOCKED'), saying('WABA', 'LIMITED'))), [
    'PHONE_NUMBER/messaging: BLOCKED',
    'WABA/messaging: LIMITED',
  ]);
});

test('a BLOCKED without a reason is no mirror of a LIMITED with one', () => {
  const waba = saying('WABA', 'LIMITED', { errors: [error('141010')] });
  assert.deepEqual(causes(report(saying('PHONE_NUMBER', 'BLOCKED'), waba)), [
    'PHONE_NUMBER/messaging: BLOCKED',
    'WABA/messaging: LIMITED 141010',
  ]);
});

test('what only the aggregate says is a cause of the channel’s own', () => {
  const [[, seen] = []] = causesIn({ ...report(), reported: 'BLOCKED' }, about);
  assert.deepEqual(seen?.cause, { kind: 'entity', type: null, ref: 'ch_1' });
  assert.equal(seen?.status, 'BLOCKED');
});
