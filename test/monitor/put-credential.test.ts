import assert from 'node:assert/strict';
import test from 'node:test';
import { Secret } from '#domain/secret.ts';
import { putApp } from '#monitor/put-app.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { putCredential, removeCredential } from '#monitor/put-credential.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import { addSupport, addToken, allIsWell, bytesOf, graphWish } from './acme-monitor.ts';
import { NOTHING, refusedFor, storedNames, TOKEN } from './acme-monitor.ts';
import { openMonitorWorld } from './monitor-world.ts';

const WISH = {
  upstream: 'graph',
  secret: new Secret(TOKEN),
  app: null,
  billedBy: 'meta',
} as const;

test('a credential is added sealed, and known by the end of its secret', async () => {
  await using world = await openMonitorWorld();
  const { credential, created } = await putCredential(world.monitor, 'acme-token', WISH);
  assert.ok(created);
  assert.equal(credential.secretHint, '0001');
  assert.equal(credential.rotatedAt, credential.createdAt);
  const { found, secret } = await world.store.read(async (view) => ({
    found: await view.credentials.find('acme-token'),
    secret: await view.credentials.secretOf(credential.id),
  }));
  assert.deepEqual(found, credential);
  assert.equal(secret.reveal(), TOKEN);
  assert.ok(!bytesOf(world.store.dataDir).includes(TOKEN));
  assert.equal(world.upstreams.graph.asked.length, 0);
});

test('app and payer of a credential can be replaced, its secret stays', async () => {
  await using world = await openMonitorWorld();
  const before = await putCredential(world.monitor, 'acme-token', WISH);
  const about = { metaAppId: '1', ours: true, secret: null };
  const { app } = await putApp(world.monitor, 'acme-app', about);
  const wish = { ...WISH, secret: 'keep', app: 'acme-app', billedBy: 'provider' } as const;
  const { credential, created } = await putCredential(world.monitor, 'acme-token', wish);
  assert.equal(created, false);
  assert.deepEqual(credential, { ...before.credential, appId: app.id, billedBy: 'provider' });
  const secret = await world.store.read((view) => view.credentials.secretOf(credential.id));
  assert.equal(secret.reveal(), TOKEN);
});

test('who pays is known anew to the channels of a credential', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await addToken(world);
  const { channel } = await putChannel(world.monitor, 'support', graphWish());
  assert.equal((await world.monitor.latest.load(channel.id))?.billedBy, 'meta');
  const wish = { ...WISH, secret: 'keep', billedBy: 'provider' } as const;
  await putCredential(world.monitor, 'acme-token', wish);
  assert.equal((await world.monitor.latest.load(channel.id))?.billedBy, 'provider');
});

test('the secret of a credential is not replaced by putting it, but by rotating it', async () => {
  await using world = await openMonitorWorld();
  const { credential } = await putCredential(world.monitor, 'acme-token', WISH);
  const wish = {
    ...WISH,
    secret: new Secret('acme-graph-token-0002'),
    billedBy: 'provider',
  } as const;
  await assert.rejects(putCredential(world.monitor, 'acme-token', wish), {
    code: 'conflict',
    message: /rotate/,
  });
  const kept = await world.store.read((view) => view.credentials.find('acme-token'));
  assert.deepEqual(kept, credential);
});

test('a credential cannot change to another upstream', async () => {
  await using world = await openMonitorWorld();
  await putCredential(world.monitor, 'acme-token', WISH);
  const wish = { ...WISH, upstream: 'dialog360', secret: 'keep' } as const;
  await assert.rejects(putCredential(world.monitor, 'acme-token', wish), {
    code: 'conflict',
    message: /is for graph and cannot become one for dialog360/,
  });
});

test('a new credential without its secret, with a wrong name or with unusable text is refused', async () => {
  await using world = await openMonitorWorld();
  const at = (name: string, secret: Secret | 'keep') =>
    putCredential(world.monitor, name, { ...WISH, secret });
  await assert.rejects(at('acme-token', 'keep'), refusedFor('secret'));
  await assert.rejects(at('Acme', WISH.secret), refusedFor('name'));
  for (const text of ['', 'short', 'with a space', 'two\r\nlines-of-it', 'ümlaut-secret']) {
    await assert.rejects(at('acme-token', new Secret(text)), refusedFor('secret'));
  }
  assert.deepEqual(await storedNames(world.store), NOTHING);
});

test('a key of the sandbox is refused with where to get another', async () => {
  await using world = await openMonitorWorld();
  const secret = new Secret('acme-360dialog-key_sandbox');
  const wish = { ...WISH, upstream: 'dialog360', secret } as const;
  await assert.rejects(putCredential(world.monitor, 'acme-key', wish), {
    code: 'sandbox_key',
    message: /live number.*demo/,
  });
  assert.deepEqual(await storedNames(world.store), NOTHING);
});

test('an app that is not there, or on 360dialog, is refused and nothing is stored', async () => {
  await using world = await openMonitorWorld();
  const wish = { ...WISH, app: 'acme-app' };
  await assert.rejects(putCredential(world.monitor, 'acme-token', wish), {
    code: 'not_found',
    message: 'There is no app acme-app; add it first.',
  });
  const onDialog360 = { ...wish, upstream: 'dialog360' } as const;
  await assert.rejects(putCredential(world.monitor, 'acme-key', onDialog360), {
    code: 'invalid_request',
    message: /^app is for Graph tokens only/,
  });
  assert.deepEqual(await storedNames(world.store), NOTHING);
});

test('a credential is removed once no channel uses it, removed ones included', async () => {
  await using world = await openMonitorWorld();
  await addSupport(world);
  await assert.rejects(removeCredential(world.monitor, 'support'), { code: 'in_use' });
  await removeChannel(world.monitor, 'support', { purge: false });
  await assert.rejects(removeCredential(world.monitor, 'support'), { code: 'in_use' });
  await addToken(world);
  await removeCredential(world.monitor, 'acme-token');
  assert.deepEqual((await storedNames(world.store)).credentials, ['support']);
  await assert.rejects(removeCredential(world.monitor, 'acme-token'), { code: 'not_found' });
});
