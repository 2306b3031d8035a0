import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterAttempt } from '#domain/telling/after-attempt.ts';
import type { AttemptContext, Ended } from '#domain/telling/after-attempt.ts';
import { RETRY_AFTER_MS_MAX, RETRY_PAUSES_MS, retryPauseMs } from '#domain/telling/retry.ts';
import { aDelivery, aReceiver } from '#test/contracts/store/acme-telling.ts';
import { NOON } from '#test/contracts/store/acme.ts';

const HOUR = 3_600_000;

test('ten tries, a fifth to either side of their pauses', () => {
  assert.deepEqual(pauses(0), [
    ...RETRY_PAUSES_MS.map((pause) => Math.round(pause * 0.8)),
    null,
    null,
  ]);
  assert.deepEqual(pauses(255), [
    ...RETRY_PAUSES_MS.map((pause) => Math.round(pause * 1.2)),
    null,
    null,
  ]);
});

test('a service that forgets is tried more often, over the same time', () => {
  const pauseMsMax = 300_000;
  let tries = 0;
  let sumMs = 0;
  for (;;) {
    const pause = retryPauseMs({ attempts: tries + 1, chance: 128, pauseMsMax });
    if (pause === null) break;
    assert.ok(pause <= pauseMsMax * 1.2);
    sumMs += pause;
    tries += 1;
  }
  assert.ok(sumMs > 40 * HOUR && sumMs < 60 * HOUR, `${sumMs / HOUR} h`);
});

test('what an attempt makes of a delivery', () => {
  const taken = ends({ outcome: 'delivered' });
  assert.equal(taken.delivery.state, 'delivered');
  assert.equal(taken.delivery.deliveredAt, NOON);
  const later = ends({ outcome: 'transient' });
  assert.deepEqual([later.delivery.state, later.delivery.nextAt], ['pending', NOON + 4_000]);
  const plain = ends({ outcome: 'payload' });
  assert.deepEqual([plain.delivery.isPlain, plain.delivery.nextAt], [true, NOON]);
  assert.equal(ends({ outcome: 'config' }).delivery.state, 'dead');
  const cut = ends({ outcome: 'cut_off' });
  assert.deepEqual([cut.delivery.attempts, cut.delivery.nextAt], [0, NOON]);
});

test('a receiver gets the peace that it asks for, within reason', () => {
  assert.equal(heldUntil(null), NOON + 4_000);
  assert.equal(heldUntil(60_000), NOON + 60_000);
  assert.equal(heldUntil(7 * 24 * HOUR), NOON + RETRY_AFTER_MS_MAX);
});

test('a trial that is refused is kept, a test is not', () => {
  assert.equal(ends({ outcome: 'config' }, { isTrial: true }).delivery.state, 'pending');
  const old = NOON + 90 * HOUR;
  assert.equal(ends({ outcome: 'config' }, { isTrial: true, now: old }).delivery.state, 'dead');
  const aTest = aDelivery(aReceiver(), { incidentId: null, kind: 'test' });
  const ended = { outcome: 'config', retryAfterMs: null, detail: '' } as const;
  assert.equal(afterAttempt(aTest, ended, { ...CONTEXT, isTrial: true }).delivery.state, 'dead');
});

test('what is repeated stays pending, and begins anew once it is taken', () => {
  const { delivery } = ends({ outcome: 'delivered' }, { repeatMs: 60_000 });
  assert.equal(delivery.state, 'pending');
  assert.deepEqual([delivery.deliveredAt, delivery.nextAt], [NOON, NOON + 60_000]);
});

function pauses(chance: number) {
  return Array.from({ length: 11 }, (_, at) => retryPauseMs({ attempts: at + 1, chance }));
}

function heldUntil(retryAfterMs: number | null) {
  return ends({ outcome: 'throttled', retryAfterMs }).heldUntil;
}

const CONTEXT: AttemptContext = {
  now: NOON,
  chance: 0,
  isTrial: false,
  repeatMs: null,
  pauseMsMax: undefined,
};

function ends(ended: Partial<Ended> & Pick<Ended, 'outcome'>, about: Partial<AttemptContext> = {}) {
  const delivery = aDelivery(aReceiver());
  const whole = { retryAfterMs: null, detail: 'answered so', ...ended };
  return afterAttempt(delivery, whole, { ...CONTEXT, ...about });
}
