import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Suspected } from '#domain/incidents/confirm.ts';
import { isConfirmed, suspectPaceMs } from '#domain/incidents/confirm.ts';

const ONE_READ: Suspected = {
  status: 'BLOCKED',
  reads: 1,
  spanMs: 0,
  byWebhook: false,
  isCoexistence: false,
  isStorm: false,
};

test('BLOCKED is confirmed by a read begun 30 s after the first, and by nothing sooner', () => {
  assert.equal(isConfirmed(ONE_READ), false);
  assert.equal(isConfirmed({ ...ONE_READ, reads: 40, spanMs: 29_999 }), false);
  assert.equal(isConfirmed({ ...ONE_READ, reads: 2, spanMs: 30_000 }), true);
});

test('a webhook that named the cause is the second witness', () => {
  assert.equal(isConfirmed({ ...ONE_READ, byWebhook: true }), true);
  assert.equal(isConfirmed({ ...ONE_READ, status: 'LIMITED', byWebhook: true }), false);
});

test('LIMITED takes three reads over five minutes', () => {
  const limited = { ...ONE_READ, status: 'LIMITED' } as const;
  assert.equal(isConfirmed({ ...limited, reads: 2, spanMs: 900_000 }), false);
  assert.equal(isConfirmed({ ...limited, reads: 9, spanMs: 299_999 }), false);
  assert.equal(isConfirmed({ ...limited, reads: 3, spanMs: 300_000 }), true);
});

test('a number that is used on a phone too is waited for a quarter of an hour', () => {
  const phone = { ...ONE_READ, isCoexistence: true, reads: 20, byWebhook: true };
  assert.equal(isConfirmed({ ...phone, spanMs: 899_999 }), false);
  assert.equal(isConfirmed({ ...phone, spanMs: 900_000 }), true);
});

test('in a storm one read more is waited for, whatever webhooks say', () => {
  const storm = { ...ONE_READ, isStorm: true, byWebhook: true };
  assert.equal(isConfirmed({ ...storm, reads: 2, spanMs: 60_000 }), false);
  assert.equal(isConfirmed({ ...storm, reads: 3, spanMs: 59_999 }), false);
  assert.equal(isConfirmed({ ...storm, reads: 3, spanMs: 60_000 }), true);
});

test('a suspect is read again after 30 s, then once a minute', () => {
  assert.deepEqual([1, 2, 9].map(suspectPaceMs), [30_000, 60_000, 60_000]);
});
