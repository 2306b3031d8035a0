/** The numbers that credentials can see. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CredentialId } from '#domain/id.ts';
import { Secret } from '#domain/secret.ts';
import type { Store } from '#ports/store.ts';
import { aCredential, NOON } from '#test/contracts/store/acme.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';
import { allPages } from '#test/contracts/store/harness.ts';

export function seenNumbersContract(open: OpenStore): void {
  listingContract(open);
  goneContract(open);
}

function listingContract(open: OpenStore): void {
  test('what was seen comes back, the newest names and the first moment with it', async () => {
    await using store = await open();
    const acme = await addCredential(store, 'acme');
    await see(store, acme, { nodeIds: ['1'], at: NOON });
    const renamed = { ...number('1'), verifiedName: 'Acme 🏔', wabaId: '200' };
    await store.change((tx) => tx.seenNumbers.see(acme, [renamed], NOON + 5));
    const { items } = await store.read((view) => view.seenNumbers.list({ after: null, limit: 10 }));
    const times = { firstSeenAt: NOON, seenAt: NOON + 5, goneAt: null };
    assert.deepEqual(items, [{ ...renamed, ...times, credentialId: acme }]);
    await store.change((tx) => tx.seenNumbers.see(acme, [], NOON));
  });

  test('pages are in the order of nodes, each node once, whoever sees it', async () => {
    await using store = await open();
    const acme = await addCredential(store, 'acme');
    const partner = await addCredential(store, 'partner');
    await see(store, acme, { nodeIds: ['1', '3', '5'], at: NOON });
    await see(store, partner, { nodeIds: ['2', '3', '4', '5'], at: NOON });
    const nodes = async (filter?: { credentialId: CredentialId }) => {
      const rows = await allPages(2, (page) =>
        store.read((view) => view.seenNumbers.list(page, filter)),
      );
      return rows.map(({ nodeId }) => nodeId);
    };
    assert.deepEqual(await nodes(), ['1', '2', '3', '4', '5']);
    assert.deepEqual(await nodes({ credentialId: partner }), ['2', '3', '4', '5']);
  });

  test('of two credentials the one tells that still sees the number', async () => {
    await using store = await open();
    const acme = await addCredential(store, 'acme');
    const partner = await addCredential(store, 'partner');
    await see(store, acme, { nodeIds: ['1'], at: NOON });
    await see(store, partner, { nodeIds: ['1'], at: NOON });
    const seenBy = async () => {
      const { items } = await store.read((view) =>
        view.seenNumbers.list({ after: null, limit: 10 }),
      );
      return items.map(({ credentialId, goneAt }) => [credentialId, goneAt]);
    };
    const gone = { seenBefore: NOON + 1, at: NOON + 1, wabaIds: 'all' } as const;
    await store.change((tx) => tx.seenNumbers.markGone(acme, gone));
    assert.deepEqual(await seenBy(), [[partner, null]]);
    await store.change((tx) => tx.seenNumbers.markGone(partner, gone));
    assert.deepEqual(await seenBy(), [[acme, NOON + 1]]);
  });

  test('what a removed credential saw goes with it', async () => {
    await using store = await open();
    const acme = await addCredential(store, 'acme');
    await see(store, acme, { nodeIds: ['1'], at: NOON });
    await store.change((tx) => tx.credentials.remove(acme));
    const { items } = await store.read((view) => view.seenNumbers.list({ after: null, limit: 1 }));
    assert.deepEqual(items, []);
  });
}

function goneContract(open: OpenStore): void {
  test('only what was not seen again, in WABAs that could be read, is gone', async () => {
    await using store = await open();
    const acme = await addCredential(store, 'acme');
    const elsewhere = { ...number('3'), wabaId: '200' };
    await see(store, acme, { nodeIds: ['1', '2'], at: NOON });
    await store.change((tx) => tx.seenNumbers.see(acme, [elsewhere], NOON));
    await see(store, acme, { nodeIds: ['1'], at: NOON + 5 });
    const about = { seenBefore: NOON + 5, at: NOON + 6, wabaIds: ['100'] };
    const mark = () => store.change((tx) => tx.seenNumbers.markGone(acme, about));
    assert.equal(await mark(), 1);
    assert.equal(await mark(), 0);
    assert.deepEqual(await whenGone(store), { 1: null, 2: NOON + 6, 3: null });
    const all = { ...about, at: NOON + 7, wabaIds: 'all' } as const;
    await store.change((tx) => tx.seenNumbers.markGone(acme, all));
    assert.deepEqual(await whenGone(store), { 1: null, 2: NOON + 6, 3: NOON + 7 });
    await see(store, acme, { nodeIds: ['2'], at: NOON + 8 });
    assert.deepEqual(await whenGone(store), { 1: null, 2: null, 3: NOON + 7 });
  });
}

async function whenGone(store: Store): Promise<Record<string, number | null>> {
  const { items } = await store.read((view) => view.seenNumbers.list({ after: null, limit: 10 }));
  return Object.fromEntries(items.map(({ nodeId, goneAt }) => [nodeId, goneAt]));
}

async function addCredential(store: Store, name: string): Promise<CredentialId> {
  const credential = aCredential({ name });
  await store.change((tx) => tx.credentials.add(credential, new Secret(`secret of ${name}`)));
  return credential.id;
}

function number(nodeId: string) {
  return {
    nodeId,
    wabaId: '100',
    businessId: '300',
    displayNumber: `+49 30 ${nodeId}`,
    verifiedName: null,
  };
}

function see(
  store: Store,
  credentialId: CredentialId,
  { nodeIds, at }: { readonly nodeIds: readonly string[]; readonly at: number },
): Promise<void> {
  return store.change((tx) => tx.seenNumbers.see(credentialId, nodeIds.map(number), at));
}
