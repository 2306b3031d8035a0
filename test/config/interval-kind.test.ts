import assert from 'node:assert/strict';
import test from 'node:test';
import { checkInterval } from '#config/interval-kind.ts';
import { intervalRulesOf } from '#config/interval-rules.ts';
import { loadServerOptions } from '#config/load.ts';
import { intervalMsFor } from '#domain/interval.ts';

function read(text: string) {
  return checkInterval.read(text, () => new Uint8Array());
}

test('an interval is for an upstream or for a label with a value', () => {
  assert.deepEqual(read('graph:2m'), { value: { upstream: 'graph', intervalMs: 120_000 } });
  assert.deepEqual(read('dialog360:15s'), { value: { upstream: 'dialog360', intervalMs: 15_000 } });
  assert.deepEqual(read('tier=gold:30s'), label('tier', 'gold'));
  assert.deepEqual(read('url=https://a=b:30s'), label('url', 'https://a=b'));
  assert.deepEqual(read('graph=:30s'), label('graph', ''));
});

test('what is no interval is refused with the form that it must have', () => {
  for (const text of [
    'graph',
    '2m',
    'meta:2m',
    'graph:14s',
    'graph:25h',
    'graph:2',
    'tier=a',
    '',
  ]) {
    const reading = read(text);
    assert.ok('wrong' in reading, text);
    assert.match(reading.wrong, /must be graph:<duration>, .* from 15s to 1d/);
  }
});

test('the options give the rules, and of two for the same the later one counts', () => {
  const { checkInterval: given } = loadServerOptions({
    flags: { checkInterval: ['graph:1m', 'tier=gold:30s', 'tier=gold:20s', 'tier=free:10m'] },
    env: { HOME: '/home/acme' },
    readFile: () => new Uint8Array(),
  });
  const rules = intervalRulesOf(given);
  const about = { checkIntervalMs: null, upstream: 'graph', labels: {} } as const;
  assert.equal(intervalMsFor(about, rules), 60_000);
  assert.equal(intervalMsFor({ ...about, upstream: 'dialog360' }, rules), 300_000);
  assert.equal(intervalMsFor({ ...about, labels: { tier: 'gold' } }, rules), 20_000);
  assert.equal(intervalMsFor({ ...about, labels: { tier: 'free' } }, rules), 600_000);
  assert.equal(intervalMsFor({ ...about, checkIntervalMs: 45_000 }, rules), 45_000);
});

function label(name: string, value: string) {
  return { value: { label: name, value, intervalMs: 30_000 } };
}
