import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestWord } from '#config/nearest.ts';

const WORDS = ['serve', 'simulate', 'channels', 'check'];

test('a word with a slip finds the one that was meant', () => {
  assert.equal(nearestWord('sevre', WORDS), 'serve');
  assert.equal(nearestWord('chanels', WORDS), 'channels');
  assert.equal(nearestWord('Check', WORDS), 'check');
});

test('a word that is far from all of them finds none', () => {
  assert.equal(nearestWord('database', WORDS), null);
  assert.equal(nearestWord('x', WORDS), null);
});
