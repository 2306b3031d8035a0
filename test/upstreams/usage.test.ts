import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { longestRegainMs, usageOf } from '#upstreams/transport/meta/usage.ts';

test('absent headers report nothing', () => {
  assert.deepEqual(usageOf({}), []);
});

test('what is not understood is left out, and the rest is kept', () => {
  const header = {
    '1': [{ type: 'new', call_count: '12', extra: {} }, null, 7, { type: 'empty' }],
    '2': { type: 'no list', total_time: 3 },
    '3': [{ type: 8, call_count: -1, estimated_time_to_regain_access: 2 }],
  };
  assert.deepEqual(usageOf({ 'x-business-use-case-usage': JSON.stringify(header) }), [
    { scope: '1', type: 'new', percent: 12, regainMs: 0 },
    { scope: '2', type: 'nolist', percent: 3, regainMs: 0 },
    { scope: '3', type: '', percent: 0, regainMs: 120_000 },
  ]);
});

test('a header that is sent twice is read once', () => {
  const usage = usageOf({ 'x-app-usage': ['{"call_count":1}', '{"call_count":2}'] });
  assert.deepEqual(usage, [{ scope: 'app', type: 'app', percent: 1, regainMs: 0 }]);
});

test('the list has an end and the wait too', () => {
  const entry = { call_count: 1, estimated_time_to_regain_access: 1e9 };
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [at, [entry, entry]]));
  const usage = usageOf({ 'x-business-use-case-usage': JSON.stringify(many) });
  assert.equal(usage.length, 64);
  assert.equal(longestRegainMs(usage), 86_400_000);
});

test('no quota that is exhausted means no wait', () => {
  assert.equal(longestRegainMs([{ scope: 'app', type: 'app', percent: 99, regainMs: 0 }]), null);
});

test('no header makes it throw', () => {
  const value = fc.oneof(fc.json(), fc.string());
  fc.assert(
    fc.property(value, value, (app, cases) => {
      const usage = usageOf({ 'x-app-usage': app, 'x-business-use-case-usage': cases });
      for (const { percent, regainMs } of usage) assert.ok(percent >= 0 && regainMs >= 0);
    }),
  );
});
