/** `read`, `change` and `close`, whatever is read and changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import type { Store } from '#ports/store.ts';
import { aCredential } from '#test/contracts/store/acme.ts';
import { type OpenStore, refuses } from '#test/contracts/store/harness.ts';

export function transactionsContract(open: OpenStore): void {
  test('a change that throws leaves nothing, and its own error comes out', async () => {
    await using store = await open();
    const oops = new Error('oops');
    const change = store.change(async (tx) => {
      await tx.credentials.add(aCredential(), new Secret('token'));
      await tx.settings.put('admin_token_hash', 'half-done');
      throw oops;
    });
    await assert.rejects(change, (error) => error === oops);
    assert.equal(await hashIn(store), null);
    assert.equal(await store.read((view) => view.credentials.find('acme')), null);
  });

  test('a change can use what it has just written', async () => {
    await using store = await open();
    const seen = await store.change(async (tx) => {
      await tx.settings.put('admin_token_hash', 'new');
      return tx.settings.get('admin_token_hash');
    });
    assert.equal(seen, 'new');
    assert.equal(await hashIn(store), 'new');
  });

  test('a write that failed fails the whole change, even when its error is caught', async () => {
    await using store = await open();
    const change = store.change(async (tx) => {
      await tx.credentials.add(aCredential(), new Secret('token'));
      await tx.settings.put('admin_token_hash', 'half-done');
      await assert.rejects(tx.credentials.add(aCredential(), new Secret('token')));
    });
    await refuses(change, 'conflict', /./);
    assert.equal(await hashIn(store), null);
    await store.change((tx) => tx.settings.put('admin_token_hash', 'works again'));
    assert.equal(await hashIn(store), 'works again');
  });

  test('a read sees one state, whatever is committed meanwhile', async () => {
    await using store = await open();
    await putHash(store, 'before');
    const committed = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const reading = store.read(async (view) => {
      const first = await view.settings.get('admin_token_hash');
      begun.resolve();
      await committed.promise;
      return [first, await view.settings.get('admin_token_hash')];
    });
    await begun.promise;
    await putHash(store, 'after');
    committed.resolve();
    assert.deepEqual(await reading, ['before', 'before']);
    assert.equal(await hashIn(store), 'after');
  });

  test('a read waits for no change and sees none of it before it is committed', async () => {
    await using store = await open();
    await putHash(store, 'before');
    const written = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const changing = store.change(async (tx) => {
      await tx.settings.put('admin_token_hash', 'after');
      written.resolve();
      await mayCommit.promise;
    });
    await written.promise;
    assert.equal(await hashIn(store), 'before');
    mayCommit.resolve();
    await changing;
    assert.equal(await hashIn(store), 'after');
  });

  test('changes at the same time lose none of each other', async () => {
    await using store = await open();
    await putHash(store, '0');
    const increment = () =>
      store.change(async (tx) => {
        const before = Number(await tx.settings.get('admin_token_hash'));
        await tx.settings.put('admin_token_hash', String(before + 1));
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    assert.equal(await hashIn(store), '20');
  });

  usageContract(open);
}

function usageContract(open: OpenStore): void {
  test('a read has no way to write', async () => {
    await using store = await open();
    const nouns = await store.read((view) => Promise.resolve(Object.values(view)));
    for (const noun of nouns) {
      for (const verb of ['add', 'put', 'replace', 'remove', 'writeState', 'claim', 'revoke']) {
        assert.ok(!(verb in noun), `a view has ${verb}`);
      }
    }
  });

  test('the store is not called inside its own transactions, where it would wait for itself', async () => {
    await using store = await open();
    const notInside = /only the view/;
    await assert.rejects(
      store.change(() => putHash(store, 'x')),
      notInside,
    );
    await assert.rejects(
      store.read(() => hashIn(store)),
      notInside,
    );
    await assert.rejects(
      store.change(() => hashIn(store)),
      notInside,
    );
    await putHash(store, 'works again');
    assert.equal(await hashIn(store), 'works again');
  });

  test('closing waits for work under way, and a closed store refuses more', async () => {
    await using store = await open();
    const mayEnd = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const changing = store.change(async (tx) => {
      begun.resolve();
      await mayEnd.promise;
      await tx.settings.put('admin_token_hash', 'just in time');
    });
    await begun.promise;
    const closing = Promise.all([store.close(), store.close()]);
    await refuses(hashIn(store), 'store_unavailable', /closed/);
    mayEnd.resolve();
    await changing;
    await closing;
    await store.close();
    await refuses(putHash(store, 'x'), 'store_unavailable', /closed/);
    assert.equal(await hashIn(await store.reopen()), 'just in time');
  });

  test('a page has between 1 and 500 items', async () => {
    await using store = await open();
    for (const limit of [0, -1, 501, 1.5, Number.NaN]) {
      const page = { after: null, limit };
      await assert.rejects(
        store.read((view) => view.credentials.list(page)),
        /1 to 500/,
      );
      await assert.rejects(
        store.read((view) => view.channels.list(page)),
        /1 to 500/,
      );
    }
  });
}

function putHash(store: Store, hash: string): Promise<void> {
  return store.change((tx) => tx.settings.put('admin_token_hash', hash));
}

function hashIn(store: Store): Promise<string | null> {
  return store.read((view) => view.settings.get('admin_token_hash'));
}
