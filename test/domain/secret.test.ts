import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { isLive } from '#domain/api-key.ts';
import { isId, NAME_PATTERN } from '#domain/id.ts';
import { hintOf, Secret } from '#domain/secret.ts';

const TEXT = 'canary-0123456789';

test('a secret cannot be printed by accident', () => {
  const secret = new Secret(TEXT);
  const printed = [secret.toString(), JSON.stringify({ secret }), inspect({ secret })];
  assert.ok(printed.every((text) => !text.includes('canary') && text.includes('[secret]')));
  assert.equal(secret.reveal(), TEXT);
});

test('a person recognises a long secret by its end, a short one by nothing', () => {
  assert.equal(hintOf(new Secret(TEXT)), '6789');
  assert.equal(hintOf(new Secret('0123456789')), '');
});

test('an API key opens nothing from the moment it expires or is revoked', () => {
  assert.equal(isLive({ expiresAt: null, revokedAt: null }, 10), true);
  assert.equal(isLive({ expiresAt: 11, revokedAt: null }, 10), true);
  assert.equal(isLive({ expiresAt: 10, revokedAt: null }, 10), false);
  assert.equal(isLive({ expiresAt: null, revokedAt: 10 }, 10), false);
});

test('a name is never taken for an id, nor an id for a name', () => {
  const id = `ch_${'0'.repeat(26)}`;
  assert.equal(isId('ch', id), true);
  assert.equal(isId('cr', id), false);
  assert.equal(NAME_PATTERN.test(id), false);
  for (const name of ['support', 's', '0', `a${'-'.repeat(62)}`]) assert.match(name, NAME_PATTERN);
  for (const name of ['', '-a', 'A', 'a_b', 'a b', `a${'-'.repeat(63)}`, 'ä', 'a\n']) {
    assert.doesNotMatch(name, NAME_PATTERN);
  }
});
