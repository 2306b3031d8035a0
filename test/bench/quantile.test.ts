import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile } from '#bench/quantile.ts';

test('of a hundred figures the 95th is their p95, whatever their order', () => {
  const figures = Array.from({ length: 100 }, (_, n) => (n * 37) % 100);
  assert.equal(quantile(figures, 0.95), 94);
  assert.equal(quantile(figures, 0.5), 49);
  assert.equal(quantile(figures, 1), 99);
});

test('one figure is every quantile of itself, and none has none', () => {
  assert.equal(quantile([7], 0.95), 7);
  assert.ok(Number.isNaN(quantile([], 0.95)));
});
