import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_WEBHOOK } from '#domain/incidents/warnings.ts';
import { isWebhookDue, isWebhookWatched, WEBHOOK_EVERY_MS } from '#domain/webhook-watch.ts';

test('watched are channels of 360dialog: all, or those with the label', () => {
  const gold = { upstream: 'dialog360', labels: { tier: 'gold' } } as const;
  const plain = { upstream: 'dialog360', labels: {} } as const;
  const onTier = [{ label: 'tier', value: 'gold' }];
  assert.equal(isWebhookWatched(plain, []), false);
  assert.equal(isWebhookWatched(plain, ['all']), true);
  assert.equal(isWebhookWatched(plain, onTier), false);
  assert.equal(isWebhookWatched(gold, onTier), true);
  assert.equal(isWebhookWatched({ ...gold, upstream: 'graph' }, ['all']), false);
});

test('it is asked once a day, sooner after another key and while nothing is set', () => {
  const webhook = { application: null, waba: null, number: 'https://a.example/… #1' };
  const asked = (askedAt: number | null, about: { rotatedAt?: number; now: number }) =>
    isWebhookDue({ ...webhook, numberAskedAt: askedAt }, { rotatedAt: 0, ...about });
  assert.equal(isWebhookDue(undefined, { now: 1, rotatedAt: 0 }), true);
  assert.equal(asked(null, { now: 1 }), true);
  assert.equal(asked(1, { now: WEBHOOK_EVERY_MS }), false);
  assert.equal(asked(1, { now: WEBHOOK_EVERY_MS + 1 }), true);
  assert.equal(asked(1, { now: 3, rotatedAt: 2 }), true);
  const lost = { ...webhook, number: NO_WEBHOOK, numberAskedAt: 1 };
  assert.equal(isWebhookDue(lost, { now: 2, rotatedAt: 0 }), true);
});
