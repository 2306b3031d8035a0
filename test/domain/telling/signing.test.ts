import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PREVIOUS_SIGNS_MS,
  rotatedSigning,
  secretsAt,
  signingOf,
} from '#domain/telling/signing.ts';

const NOW = Date.UTC(2026, 10, 24);
const BEFORE = { url: 'https://acme.example', signing_secret: 'old' };

test('for a day after a rotation the old secret signs too', () => {
  const rotated = rotatedSigning(BEFORE, { next: 'new', now: NOW });
  const both = { url: BEFORE.url, signing_secret: 'new', previous_signing_secret: 'old' };
  assert.deepEqual(secretsAt(rotated, NOW), both);
  assert.deepEqual(secretsAt(rotated, NOW + PREVIOUS_SIGNS_MS - 1), both);
  const { previous_signing_secret: _, ...alone } = both;
  assert.deepEqual(secretsAt(rotated, NOW + PREVIOUS_SIGNS_MS), alone);
});

test('a second rotation keeps the newest of the old ones', () => {
  const once = rotatedSigning(BEFORE, { next: 'new', now: NOW });
  const twice = rotatedSigning(once, { next: 'newest', now: NOW + 1 });
  const { signing_secret: current, previous_signing_secret: previous } = secretsAt(twice, NOW + 1);
  assert.deepEqual([current, previous], ['newest', 'new']);
});

test('the first secret, and the same once more, leave nothing old behind', () => {
  assert.deepEqual(rotatedSigning({}, { next: 'new', now: NOW }), { signing_secret: 'new' });
  assert.deepEqual(rotatedSigning(BEFORE, { next: 'old', now: NOW }), BEFORE);
});

test('an old secret that somebody gave stays until it is taken away', () => {
  const given = { signing_secret: 'new', previous_signing_secret: 'old' };
  assert.deepEqual(secretsAt(given, NOW), given);
});

test('what is about signing is told apart from the rest', () => {
  const rotated = rotatedSigning(BEFORE, { next: 'new', now: NOW });
  assert.deepEqual(secretsAt({ ...signingOf(rotated), url: 'other' }, NOW), {
    url: 'other',
    signing_secret: 'new',
    previous_signing_secret: 'old',
  });
});
