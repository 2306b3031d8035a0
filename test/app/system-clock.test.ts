import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#app/system-clock.ts';

test('a delay longer than Node can count does not run at once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const monthMs = 30 * 86_400_000;
  let runs = 0;
  systemClock.after(monthMs, () => (runs += 1));
  t.mock.timers.tick(2_147_483_647);
  assert.equal(runs, 0);
  t.mock.timers.tick(monthMs - 2_147_483_647);
  assert.equal(runs, 1);
});

test('a cancelled timer never runs, also in its second stretch', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  const timer = systemClock.after(3_000_000_000, () => (runs += 1));
  t.mock.timers.tick(2_500_000_000);
  timer.cancel();
  t.mock.timers.tick(3_000_000_000);
  assert.equal(runs, 0);
});
