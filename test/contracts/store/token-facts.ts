/** What is known of the tokens of credentials. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import type { TokenFacts } from '#domain/token-facts.ts';
import type { KnownToken } from '#ports/token-facts.ts';
import { UNKNOWN_TOKEN } from '#ports/token-facts.ts';
import { aCredential, NOON, TIMED_OUT } from '#test/contracts/store/acme.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';

const DAY = 86_400_000;

const FACTS: TokenFacts = {
  metaAppId: '900000000000001',
  type: 'SYSTEM_USER',
  isValid: true,
  expiresAt: NOON + DAY,
  dataAccessExpiresAt: null,
  scopes: ['whatsapp_business_management'],
  targetIds: ['102290129340398'],
  error: null,
};
const KNOWN: KnownToken = { facts: FACTS, readAt: NOON, failure: null };

export function tokenFactsContract(open: OpenStore): void {
  const claim = { now: NOON, limit: 10, againAt: NOON + DAY };

  test('what is known of a token comes back as it was written', async () => {
    await using store = await open();
    const credential = aCredential();
    await store.change((tx) => tx.credentials.add(credential, new Secret('one')));
    const find = () => store.read((view) => view.tokenFacts.find(credential.id));
    assert.deepEqual(await find(), UNKNOWN_TOKEN);
    await store.change((tx) => tx.tokenFacts.write(credential.id, KNOWN, NOON));
    assert.deepEqual(await find(), KNOWN);
    const failed = { ...KNOWN, failure: TIMED_OUT };
    await store.change((tx) => tx.tokenFacts.write(credential.id, failed, NOON));
    const known = await store.read((view) =>
      view.tokenFacts.ofCredentials([credential.id, 'cr_ghost']),
    );
    assert.deepEqual(known, new Map([[credential.id, failed]]));
    assert.deepEqual(await store.read((view) => view.tokenFacts.find('cr_ghost')), UNKNOWN_TOKEN);
  });

  test('tokens are due at once, and keys of 360dialog never', async () => {
    await using store = await open();
    const token = aCredential();
    const key = aCredential({ name: 'key', upstream: 'dialog360' });
    await store.change(async (tx) => {
      await tx.credentials.add(token, new Secret('one'));
      await tx.credentials.add(key, new Secret('two'));
    });
    const due = (now: number) => store.change((tx) => tx.tokenFacts.claimDue({ ...claim, now }));
    assert.deepEqual(await due(NOON), [token.id]);
    assert.deepEqual(await due(NOON), []);
    assert.deepEqual(await due(NOON + DAY), [token.id]);
  });

  test('a new secret is unknown again and inspected at once; a new name changes nothing', async () => {
    await using store = await open();
    const credential = aCredential();
    await store.change((tx) => tx.credentials.add(credential, new Secret('one')));
    await store.change((tx) => tx.tokenFacts.write(credential.id, KNOWN, NOON + DAY));
    const find = () => store.read((view) => view.tokenFacts.find(credential.id));
    await store.change((tx) => tx.credentials.replace({ ...credential, name: 'other' }, 'keep'));
    assert.deepEqual(await find(), KNOWN);
    const rotated = { ...credential, rotatedAt: NOON + 5 };
    await store.change((tx) => tx.credentials.replace(rotated, new Secret('two')));
    assert.deepEqual(await find(), UNKNOWN_TOKEN);
    const due = await store.change((tx) => tx.tokenFacts.claimDue({ ...claim, now: NOON + 5 }));
    assert.deepEqual(due, [credential.id]);
  });
}
