/** Sealing alone: what opens, and what does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import { sealedSamplesOf } from '#stores/sql/seal-check.ts';
import { createSealer, type SealedPlace } from '#stores/sql/sealing.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { queriesOf } from '#test/stores/plans.ts';

const PLACE: SealedPlace = { table: 'credentials', row: 'cr_acme', column: 'secret' };
const randomness = createFakeRandomness();
const sealer = createSealer(new Uint8Array(32).fill(7), randomness);

test('any secret opens where it was sealed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(sealer.open(PLACE, sealer.seal(PLACE, new Secret(text))).reveal(), text);
    }),
  );
});

test('a sealed secret opens in no other table, row or column', () => {
  const sealed = sealer.seal(PLACE, new Secret('token'));
  doesNotOpen({ ...PLACE, table: 'apps' }, sealed);
  doesNotOpen({ ...PLACE, row: 'cr_umbrella' }, sealed);
  doesNotOpen({ ...PLACE, column: 'other' }, sealed);
  // The parts of a place do not run into each other.
  doesNotOpen({ ...PLACE, row: 'cr_acme","secret', column: '' }, sealed);
});

test('a sealed secret of which anything was changed or cut off does not open', () => {
  const sealed = sealer.seal(PLACE, new Secret('token of Acme'));
  for (let index = 0; index < sealed.length; index += 1) {
    const other = sealed[index] === 'A' ? 'Q' : 'A';
    const changed = `${sealed.slice(0, index)}${other}${sealed.slice(index + 1)}`;
    // The last character of each part has bits that mean nothing.
    if (canonical(changed) !== canonical(sealed)) doesNotOpen(PLACE, changed);
    doesNotOpen(PLACE, sealed.slice(0, index));
  }
  const [version, keyId, nonce, text, tag = ''] = sealed.split('.');
  const shortTag = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
  doesNotOpen(PLACE, [version, keyId, nonce, text, shortTag].join('.'));
});

test('another key does not open it, and says which one would', () => {
  const other = createSealer(new Uint8Array(32).fill(8), randomness);
  const sealed = sealer.seal(PLACE, new Secret('token'));
  const sentence = new RegExp(`sealed with key ${sealer.keyId}, .* in use is ${other.keyId}`);
  assert.throws(() => other.open(PLACE, sealed), sentence);
});

test('a key for another purpose is the same wherever the seal key is, and another for all else', () => {
  const key = (by: typeof sealer, label = 'links', instanceId = 'inst_acme') =>
    Buffer.from(by.derive(label, instanceId)).toString('hex');
  const same = createSealer(new Uint8Array(32).fill(7), randomness);
  const other = createSealer(new Uint8Array(32).fill(8), randomness);
  assert.equal(key(same), key(sealer));
  assert.match(key(sealer), /^[0-9a-f]{64}$/);
  const keys = [
    key(sealer),
    key(other),
    key(sealer, 'hooks'),
    key(sealer, 'links', 'inst_umbrella'),
  ];
  assert.equal(new Set(keys).size, keys.length);
  assert.notEqual(key(sealer), '07'.repeat(32));
});

function doesNotOpen(place: SealedPlace, sealed: string): void {
  assert.throws(
    () => sealer.open(place, sealed),
    (error) => error instanceof Problem && !error.message.includes('token'),
    sealed,
  );
}

function canonical(sealed: string): string {
  const parts = sealed.split('.').map((part, index) => {
    return index < 2 ? part : Buffer.from(part, 'base64url').toString('hex');
  });
  return parts.join('.');
}

test('a database of before there were receivers is not asked for theirs', async () => {
  for (const [version, tables] of [
    [2, 2],
    [3, 3],
  ] as const) {
    const queries = await queriesOf((db) => sealedSamplesOf(db, version));
    assert.equal(queries.length, tables);
  }
});
