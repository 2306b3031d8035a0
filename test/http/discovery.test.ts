import assert from 'node:assert/strict';
import test from 'node:test';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import type { TokenFacts } from '#domain/token-facts.ts';
import { addSupport, DIALOG360_CHANNEL, GRAPH_TOKEN, SALES_ID, SUPPORT_ID } from './acme.ts';
import type { World } from './management-world.ts';
import { startWorld } from './management-world.ts';

const WABA = '102290129340398';
const FACTS: TokenFacts = {
  metaAppId: '900000000000001',
  type: 'SYSTEM_USER',
  isValid: true,
  expiresAt: null,
  dataAccessExpiresAt: null,
  scopes: ['whatsapp_business_management'],
  targetIds: [WABA],
  error: null,
};

function acmeIsSeen({ directory }: World, facts: Partial<TokenFacts> = {}): void {
  directory.tokens.set(GRAPH_TOKEN, { ok: true, facts: { ...FACTS, ...facts } });
  directory.numbersOf.set(WABA, [
    { id: SUPPORT_ID, profile: EMPTY_PROFILE },
    { id: SALES_ID, profile: { ...EMPTY_PROFILE, verifiedName: 'Acme Sales' } },
  ]);
}

test('discovery says which numbers are watched already, and what could not be read', async () => {
  await using world = await startWorld();
  await addSupport(world);
  acmeIsSeen(world);
  const { body: wabas } = await world.api('POST', '/credentials/acme-token/wabas');
  assert.deepEqual(wabas, { items: [{ id: WABA, name: null, business: null }], unreadable: [] });
  const body = { wabas: [{ id: WABA }] };
  const { body: found } = await world.api('POST', '/credentials/acme-token/numbers', { body });
  assert.deepEqual(
    found.items.map((item: { node_id: string; standing: string }) => [item.node_id, item.standing]),
    [
      [SUPPORT_ID, 'watched'],
      [SALES_ID, 'unwatched'],
    ],
  );
  assert.equal(found.items[0].channel.name, 'support');
  const { body: seen } = await world.api('GET', '/seen-numbers');
  assert.equal(seen.items.length, 1);
  assert.partialDeepStrictEqual(seen.items[0], {
    node_id: SALES_ID,
    verified_name: 'Acme Sales',
    standing: 'unwatched',
    credential: { name: 'acme-token' },
    gone_at: null,
  });
  const all = await world.api('GET', '/seen-numbers?standing=watched&standing=unwatched&limit=1');
  assert.equal(all.body.items[0].node_id, SUPPORT_ID);
  const next = `/seen-numbers?standing=unwatched&cursor=${all.body.next_cursor}`;
  assert.equal((await world.api('GET', next)).body.items[0].node_id, SALES_ID);
});

test('what nobody can look into is refused with a sentence', async () => {
  await using world = await startWorld();
  await world.api('PUT', '/credentials/key', {
    body: { upstream: 'dialog360', secret: DIALOG360_CHANNEL.credential.secret },
  });
  const refused = await world.api('POST', '/credentials/key/wabas');
  assert.equal(refused.status, 400);
  assert.match(refused.body.items[0].message, /must be one for graph/);
  assert.equal((await world.api('POST', '/credentials/ghost/wabas')).status, 404);
  const many = Array.from({ length: 21 }, (_, index) => ({ id: `${index + 1}` }));
  for (const wabas of [[], many]) {
    const { status } = await world.api('POST', '/credentials/key/numbers', { body: { wabas } });
    assert.equal(status, 400);
  }
  assert.equal((await world.api('GET', '/seen-numbers?standing=lost')).status, 400);
});

test('a token that ends soon is said so wherever the credential is shown', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { body: before } = await world.api('GET', '/credentials/acme-token');
  assert.deepEqual([before.token_facts, before.findings], [null, []]);
  acmeIsSeen(world, { expiresAt: world.clock.now() + 86_400_000, dataAccessExpiresAt: 9e15 });
  const { body: inspected } = await world.api('POST', '/credentials/acme-token/inspect');
  assert.partialDeepStrictEqual(inspected.token_facts, {
    type: 'SYSTEM_USER',
    is_valid: true,
    expires_at: '2026-03-02T00:00:00.000Z',
    data_access_expires_at: null,
  });
  assert.equal(inspected.findings[0].kind, 'credential_expiring');
  assert.match(inspected.findings[0].remedy.text, /credentials rotate/);
  const { body: list } = await world.api('GET', '/credentials');
  assert.deepEqual(list.items, [inspected]);
  const { body: channel } = await world.api('GET', '/channels/support');
  assert.equal(channel.status.messaging, 'AVAILABLE');
});
