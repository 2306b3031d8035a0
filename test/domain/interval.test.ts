import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_INTERVALS, intervalMsFor } from '#domain/interval.ts';

const PLAIN = { checkIntervalMs: null, labels: {} };

test('a channel without an interval of its own takes its upstream’s', () => {
  assert.equal(intervalMsFor({ ...PLAIN, upstream: 'graph' }, DEFAULT_INTERVALS), 120_000);
  assert.equal(intervalMsFor({ ...PLAIN, upstream: 'dialog360' }, DEFAULT_INTERVALS), 300_000);
});

test('its own comes before its labels’, of which the shortest counts', () => {
  const byLabel = [
    { label: 'tier', value: 'gold', intervalMs: 30_000 },
    { label: 'team', value: 'night', intervalMs: 60_000 },
  ];
  const rules = { ...DEFAULT_INTERVALS, byLabel };
  const gold = { ...PLAIN, upstream: 'graph', labels: { tier: 'gold', team: 'night' } } as const;
  assert.equal(intervalMsFor(gold, rules), 30_000);
  assert.equal(intervalMsFor({ ...gold, labels: { team: 'night' } }, rules), 60_000);
  assert.equal(intervalMsFor({ ...gold, labels: { tier: 'silver' } }, rules), 120_000);
  assert.equal(intervalMsFor({ ...gold, checkIntervalMs: 900_000 }, rules), 900_000);
});
