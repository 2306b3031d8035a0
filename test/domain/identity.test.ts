import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Identity } from '#domain/identity.ts';
import { identityAfter, identityOf, isSameIdentity } from '#domain/identity.ts';
import { entity, report } from './samples.ts';

const NOBODY: Identity = { phoneNumberId: null, wabaId: null, businessId: null, appId: null };
const ACME: Identity = { phoneNumberId: '1', wabaId: '2', businessId: '3', appId: '4' };

test('the number is learned from its entity, not from the top-level id', () => {
  const said = report(
    entity({ type: 'PHONE_NUMBER', id: null }),
    entity({ type: 'WABA', id: '2' }),
    entity({ type: 'PHONE_NUMBER', id: '1' }),
    entity({ type: 'PHONE_NUMBER', id: '9' }),
  );
  const seen = { ...NOBODY, phoneNumberId: '1', wabaId: '2' };
  assert.deepEqual(identityOf({ ...said, nodeId: '105' }), seen);
});

test('an answer about another number is not the same', () => {
  assert.equal(isSameIdentity(ACME, { ...ACME, phoneNumberId: '9' }), false);
});

test('a number that moved to another WABA, business or app is still the same', () => {
  const moved: Identity = { phoneNumberId: '1', wabaId: '8', businessId: '9', appId: '10' };
  assert.equal(isSameIdentity(ACME, moved), true);
  assert.deepEqual(identityAfter(ACME, moved), moved);
});

test('an answer that names no number says nothing against it', () => {
  assert.equal(isSameIdentity(ACME, NOBODY), true);
  assert.deepEqual(identityAfter(ACME, NOBODY), ACME);
});

test('where a WABA is watched, another WABA is not the same', () => {
  const waba = { ...ACME, phoneNumberId: null };
  assert.equal(isSameIdentity(waba, { ...waba, wabaId: '8' }), false);
  assert.equal(isSameIdentity(waba, { ...waba, businessId: '8' }), true);
});

const anyId = fc.option(fc.constantFrom('1', '2', '3'), { nil: null });
const anyIdentity: fc.Arbitrary<Identity> = fc.record(
  { phoneNumberId: anyId, wabaId: anyId, businessId: anyId, appId: anyId },
  { noNullPrototype: true },
);

test('every identity is the same as itself, and pinning it again changes nothing', () => {
  fc.assert(
    fc.property(anyIdentity, (identity) => {
      assert.equal(isSameIdentity(identity, identity), true);
      assert.deepEqual(identityAfter(identity, identity), identity);
      assert.deepEqual(identityAfter(null, identity), identity);
    }),
  );
});

test('what is pinned after an answer never loses an id and never contradicts the answer', () => {
  fc.assert(
    fc.property(anyIdentity, anyIdentity, (pinned, seen) => {
      const next = identityAfter(pinned, seen);
      assert.equal(isSameIdentity(next, seen), true);
      for (const key of ['phoneNumberId', 'wabaId', 'businessId', 'appId'] as const) {
        assert.equal(next[key], seen[key] ?? pinned[key]);
      }
      if (isSameIdentity(pinned, seen) && pinned.phoneNumberId !== null) {
        assert.equal(next.phoneNumberId, pinned.phoneNumberId);
      }
    }),
  );
});
