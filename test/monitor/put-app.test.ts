import assert from 'node:assert/strict';
import test from 'node:test';
import { Secret } from '#domain/secret.ts';
import { putApp, removeApp } from '#monitor/put-app.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { putCredential } from '#monitor/put-credential.ts';
import { addToken, allIsWell, graphWish, NOTHING, storedNames } from './acme-monitor.ts';
import { openMonitorWorld } from './monitor-world.ts';

const APP = { metaAppId: '670843887433847', ours: true, secret: new Secret('acme-app-secret') };

test('an app is added with its secret', async () => {
  await using world = await openMonitorWorld();
  const { app, created } = await putApp(world.monitor, 'acme-app', APP);
  assert.ok(created && app.hasSecret && app.ours);
  const { found, secret } = await world.store.read(async (view) => ({
    found: await view.apps.find('acme-app'),
    secret: await view.apps.secretOf(app.id),
  }));
  assert.deepEqual(found, app);
  assert.equal(secret?.reveal(), 'acme-app-secret');
});

test('an app that is put again is replaced under its id', async () => {
  await using world = await openMonitorWorld();
  const before = await putApp(world.monitor, 'acme-app', APP);
  await world.clock.advance(1_000);
  const wish = { metaAppId: '2', ours: false, secret: 'keep' } as const;
  const { app, created } = await putApp(world.monitor, 'acme-app', wish);
  assert.equal(created, false);
  const updatedAt = world.clock.now();
  assert.deepEqual(app, { ...before.app, metaAppId: '2', ours: false, updatedAt });
  const secret = await world.store.read((view) => view.apps.secretOf(app.id));
  assert.equal(secret?.reveal(), 'acme-app-secret');
});

test('the secret of an app can be taken away, and a new app needs none', async () => {
  await using world = await openMonitorWorld();
  await putApp(world.monitor, 'acme-app', APP);
  const { app } = await putApp(world.monitor, 'acme-app', { ...APP, secret: null });
  assert.equal(app.hasSecret, false);
  assert.equal(await world.store.read((view) => view.apps.secretOf(app.id)), null);
  const other = await putApp(world.monitor, 'other-app', { ...APP, secret: 'keep' });
  assert.equal(other.app.hasSecret, false);
});

test('reads prove themselves with the secret that an app was last given', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await putApp(world.monitor, 'acme-app', APP);
  await addToken(world, 'acme-app');
  const { channel } = await putChannel(world.monitor, 'support', graphWish());
  await putApp(world.monitor, 'acme-app', { ...APP, secret: new Secret('acme-new-secret') });
  await world.monitor.checkChannel(channel.id, { timeoutMs: 1_000, forced: true });
  const proofs = world.upstreams.graph.asked.map(({ access }) => access.app?.secret?.reveal());
  assert.deepEqual(proofs, ['acme-app-secret', 'acme-new-secret']);
});

test('what memory holds says nothing of an app, so a changed app leaves it and the store alone', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await putApp(world.monitor, 'acme-app', APP);
  await addToken(world, 'acme-app');
  const { channel } = await putChannel(world.monitor, 'support', graphWish());
  await world.monitor.latest.load(channel.id);
  const { reads } = world.looks;
  await putApp(world.monitor, 'acme-app', { ...APP, secret: new Secret('acme-new-secret') });
  assert.ok(world.monitor.latest.peek(channel.id));
  assert.equal(world.looks.reads, reads);
});

test('a wrong name or id of an app is refused and nothing is stored', async () => {
  await using world = await openMonitorWorld();
  await assert.rejects(putApp(world.monitor, 'Acme App', APP), {
    code: 'invalid_request',
    message: /^name must be 1 to 63 lower-case letters.*\.$/,
  });
  for (const metaAppId of ['', 'acme', '12 ', '1'.repeat(33)]) {
    await assert.rejects(putApp(world.monitor, 'acme-app', { ...APP, metaAppId }), {
      code: 'invalid_request',
      items: [{ at: 'meta_app_id', message: 'must be an id of Meta: 1 to 32 digits' }],
    });
  }
  assert.deepEqual(await storedNames(world.store), NOTHING);
});

test('an app is removed once no credential belongs to it', async () => {
  await using world = await openMonitorWorld();
  await putApp(world.monitor, 'acme-app', APP);
  await addToken(world, 'acme-app');
  await assert.rejects(removeApp(world.monitor, 'acme-app'), { code: 'in_use' });
  const token = { upstream: 'graph', secret: 'keep', app: null, billedBy: 'meta' } as const;
  await putCredential(world.monitor, 'acme-token', token);
  await removeApp(world.monitor, 'acme-app');
  assert.deepEqual((await storedNames(world.store)).apps, []);
  await assert.rejects(removeApp(world.monitor, 'acme-app'), {
    code: 'not_found',
    message: 'There is no app acme-app.',
  });
});
