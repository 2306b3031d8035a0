/** Apps and credentials: what they hold, their names, their secrets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import { aChannel, aCredential, ACME_TOKEN, anApp } from '#test/contracts/store/acme.ts';
import { allPages, type OpenStore, refuses } from '#test/contracts/store/harness.ts';

export function accessContract(open: OpenStore): void {
  appsContract(open);
  credentialsContract(open);
  secretsContract(open);
}

function appsContract(open: OpenStore): void {
  test('an app comes back as it was stored, by id and by name', async () => {
    await using store = await open();
    const app = anApp({ ours: false, hasSecret: true });
    await store.change((tx) => tx.apps.add(app, new Secret('app secret')));
    const reopened = await store.reopen();
    assert.deepEqual(await reopened.read((view) => view.apps.find(app.id)), app);
    assert.deepEqual(await reopened.read((view) => view.apps.find('acme-app')), app);
    assert.equal(await reopened.read((view) => view.apps.find('umbrella')), null);
  });

  test('an app can be replaced with its secret kept, replaced or taken away', async () => {
    await using store = await open();
    const app = anApp({ hasSecret: true });
    await store.change((tx) => tx.apps.add(app, new Secret('first')));
    const secret = async () => (await store.read((view) => view.apps.secretOf(app.id)))?.reveal();
    const renamed = { ...app, name: 'acme-two', ours: false, metaAppId: '99', updatedAt: 5 };
    await store.change((tx) => tx.apps.replace(renamed, 'keep'));
    assert.deepEqual(await store.read((view) => view.apps.find('acme-two')), renamed);
    assert.equal(await secret(), 'first');
    await store.change((tx) => tx.apps.replace(renamed, new Secret('second')));
    assert.equal(await secret(), 'second');
    await store.change((tx) => tx.apps.replace(renamed, null));
    assert.equal(await secret(), undefined);
    const bare = { ...renamed, hasSecret: false };
    assert.deepEqual(await store.read((view) => view.apps.find(app.id)), bare);
  });

  test('an app is not removed while a credential uses it', async () => {
    await using store = await open();
    const app = anApp();
    const credential = aCredential({ appId: app.id });
    await store.change(async (tx) => {
      await tx.apps.add(app, null);
      await tx.credentials.add(credential, new Secret(ACME_TOKEN));
    });
    await refuses(
      store.change((tx) => tx.apps.remove(app.id)),
      'in_use',
      /"acme"/,
    );
    await store.change((tx) => tx.credentials.remove(credential.id));
    await store.change((tx) => tx.apps.remove(app.id));
    assert.equal(await store.read((view) => view.apps.find(app.id)), null);
  });

  test('a name that another app has is refused by name', async () => {
    await using store = await open();
    const other = anApp({ name: 'other' });
    await store.change((tx) => tx.apps.add(anApp(), null));
    await refuses(
      store.change((tx) => tx.apps.add(anApp(), null)),
      'conflict',
      /"acme-app"/,
    );
    await store.change((tx) => tx.apps.add(other, null));
    const rename = store.change((tx) => tx.apps.replace({ ...other, name: 'acme-app' }, 'keep'));
    await refuses(rename, 'conflict', /"acme-app"/);
  });
}

function credentialsContract(open: OpenStore): void {
  test('a credential comes back as it was stored, by id and by name', async () => {
    await using store = await open();
    const app = anApp();
    const graph = aCredential({ appId: app.id });
    const dialog = aCredential({ name: 'orders', upstream: 'dialog360', billedBy: 'unknown' });
    await store.change(async (tx) => {
      await tx.apps.add(app, null);
      await tx.credentials.add(graph, new Secret(ACME_TOKEN));
      await tx.credentials.add(dialog, new Secret('key'));
    });
    const reopened = await store.reopen();
    assert.deepEqual(await reopened.read((view) => view.credentials.find(graph.id)), graph);
    assert.deepEqual(await reopened.read((view) => view.credentials.find('orders')), dialog);
    assert.equal(await reopened.read((view) => view.credentials.find(app.id)), null);
  });

  test('a credential can be replaced with its secret kept or replaced', async () => {
    await using store = await open();
    const credential = aCredential();
    await store.change((tx) => tx.credentials.add(credential, new Secret('first')));
    const rotated = { ...credential, name: 'acme-two', secretHint: 'cond', rotatedAt: NOW };
    await store.change((tx) => tx.credentials.replace(rotated, new Secret('second')));
    await store.change((tx) =>
      tx.credentials.replace({ ...rotated, billedBy: 'provider' }, 'keep'),
    );
    const found = await store.read((view) => view.credentials.find('acme-two'));
    assert.deepEqual(found, { ...rotated, billedBy: 'provider' });
    const secret = await store.read((view) => view.credentials.secretOf(credential.id));
    assert.equal(secret.reveal(), 'second');
  });

  test('a credential is not removed while a channel uses it, and uses are counted', async () => {
    await using store = await open();
    const credential = aCredential();
    const [support, sales] = [aChannel(credential), aChannel(credential, { name: 'sales' })];
    await store.change(async (tx) => {
      await tx.credentials.add(credential, new Secret(ACME_TOKEN));
      await tx.channels.add(support);
      await tx.channels.add(sales);
    });
    const uses = () => store.read((view) => view.credentials.usesOf(credential.id));
    const remove = () => store.change((tx) => tx.credentials.remove(credential.id));
    assert.equal(await uses(), 2);
    await refuses(remove(), 'in_use', /"(support|sales)"/);
    await store.change((tx) => tx.channels.purge(sales.id));
    await store.change((tx) => tx.channels.archive(support.id, NOW));
    assert.equal(await uses(), 0);
    await refuses(remove(), 'in_use', /history .*"support"/);
    await store.change((tx) => tx.channels.purge(support.id));
    await remove();
    assert.equal(await store.read((view) => view.credentials.find('acme')), null);
  });

  test('a name that another credential has is refused by name', async () => {
    await using store = await open();
    const add = () => store.change((tx) => tx.credentials.add(aCredential(), new Secret('x')));
    await add();
    await refuses(add(), 'conflict', /"acme"/);
  });

  test('apps and credentials are listed by name, page by page', async () => {
    await using store = await open();
    const names = ['a', 'a-b', 'a0', 'b', 'z'];
    await store.change(async (tx) => {
      for (const name of names.toReversed()) {
        await tx.apps.add(anApp({ name }), null);
        await tx.credentials.add(aCredential({ name }), new Secret('x'));
      }
    });
    for (const limit of [1, 2, 5, 6]) {
      const apps = await store.read((view) => allPages(limit, (page) => view.apps.list(page)));
      const credentials = await store.read((view) =>
        allPages(limit, (page) => view.credentials.list(page)),
      );
      assert.deepEqual(apps.map(nameOf), names);
      assert.deepEqual(credentials.map(nameOf), names);
    }
  });
}

function secretsContract(open: OpenStore): void {
  test('a secret comes back as it was, however long and in whatever script', async () => {
    await using store = await open();
    const texts = ['', 'x', 'päßwörd 🔑 \u0000 \u202e', 'long '.repeat(20_000)];
    const credentials = texts.map((_, index) => aCredential({ name: `secret-${index}` }));
    await store.change(async (tx) => {
      for (const [index, credential] of credentials.entries()) {
        await tx.credentials.add(credential, new Secret(texts[index] ?? ''));
      }
    });
    const reopened = await store.reopen();
    for (const [index, { id }] of credentials.entries()) {
      const secret = await reopened.read((view) => view.credentials.secretOf(id));
      assert.equal(secret.reveal(), texts[index]);
    }
  });

  test('no secret lies on the disk where it could be read', async () => {
    await using store = await open();
    const app = anApp({ hasSecret: true });
    await store.change(async (tx) => {
      await tx.apps.add(app, new Secret('appsecret-5d41402abc4b2a76'));
      await tx.credentials.add(aCredential({ appId: app.id }), new Secret(ACME_TOKEN));
    });
    const bytes = await store.storedBytes();
    assert.ok(bytes.includes('acme-app'), 'what is not secret is not found either');
    for (const secret of ['appsecret-5d41402abc4b2a76', ACME_TOKEN]) {
      for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
        const text = Buffer.from(secret).toString(encoding).replace(/=+$/, '');
        assert.ok(!bytes.includes(text), `a secret lies there as ${encoding}`);
      }
    }
  });

  test('the secret of nothing is refused or null, never empty', async () => {
    await using store = await open();
    await refuses(
      store.read((view) => view.credentials.secretOf('cr_nobody')),
      'not_found',
      /cr_nobody/,
    );
    assert.equal(await store.read((view) => view.apps.secretOf('app_nobody')), null);
  });
}

const NOW = Date.UTC(2026, 2, 2);

function nameOf({ name }: { name: string }): string {
  return name;
}
