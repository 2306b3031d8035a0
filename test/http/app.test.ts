import assert from 'node:assert/strict';
import test from 'node:test';
import { startWorld } from './management-world.ts';

const ACME = { meta_app_id: '634974688087057', secret: 'canary-app-secret-0001' };

test('an app is created once and updated afterwards', async () => {
  await using world = await startWorld();
  const created = await world.api('PUT', '/apps/acme', { body: ACME });
  assert.equal(created.status, 201);
  assert.deepEqual(created.body, {
    id: created.body.id,
    name: 'acme',
    meta_app_id: ACME.meta_app_id,
    ours: true,
    has_secret: true,
    created_at: '2026-03-01T00:00:00.000Z',
    updated_at: '2026-03-01T00:00:00.000Z',
  });
  await world.clock.advance(1000);
  const { meta_app_id } = ACME;
  const updated = await world.api('PUT', '/apps/acme', { body: { meta_app_id, ours: false } });
  assert.equal(updated.status, 200);
  assert.equal(updated.body.id, created.body.id);
  assert.equal(updated.body.ours, false);
  assert.equal(updated.body.updated_at, '2026-03-01T00:00:01.000Z');
});

test('a secret that is left out stays, and null removes it', async () => {
  await using world = await startWorld();
  await world.api('PUT', '/apps/acme', { body: ACME });
  const { meta_app_id } = ACME;
  const kept = await world.api('PUT', '/apps/acme', { body: { meta_app_id } });
  assert.equal(kept.body.has_secret, true);
  const removed = await world.api('PUT', '/apps/acme', { body: { meta_app_id, secret: null } });
  assert.equal(removed.body.has_secret, false);
});

test('an app is found by its name and by its id, until it is removed', async () => {
  await using world = await startWorld();
  const { body: app } = await world.api('PUT', '/apps/acme', { body: ACME });
  for (const ref of ['acme', app.id]) {
    const { webhook, ...found } = (await world.api('GET', `/apps/${ref}`)).body;
    assert.deepEqual(found, app);
    assert.equal(webhook.path, '/webhooks/meta/acme');
  }
  assert.equal((await world.api('DELETE', `/apps/${app.id}`)).status, 204);
  assert.equal((await world.api('GET', '/apps/acme')).status, 404);
});

test('an app that a credential uses is not removed', async () => {
  await using world = await startWorld();
  await world.api('PUT', '/apps/acme', { body: ACME });
  const body = { upstream: 'graph', secret: 'canary-token-0001', app: 'acme' };
  const credential = await world.api('PUT', '/credentials/acme-token', { body });
  assert.equal(credential.body.app.name, 'acme');
  const reply = await world.api('DELETE', '/apps/acme');
  assert.equal(reply.status, 409);
  assert.equal(reply.body.type, 'urn:waba-health:problem:in_use');
});

test('a listing is read page by page, and what comes in between shifts nothing', async () => {
  await using world = await startWorld();
  for (const name of ['a', 'b', 'd', 'e', 'f']) {
    await world.api('PUT', `/apps/${name}`, { body: { meta_app_id: '1' } });
  }
  const first = await world.api('GET', '/apps?limit=2');
  await world.api('PUT', '/apps/aa', { body: { meta_app_id: '1' } });
  await world.api('PUT', '/apps/c', { body: { meta_app_id: '1' } });
  await world.api('DELETE', '/apps/b');
  const names: string[] = first.body.items.map(({ name }: { name: string }) => name);
  let cursor: string | null = first.body.next_cursor;
  while (cursor !== null) {
    const page = await world.api('GET', `/apps?limit=2&cursor=${cursor}`);
    assert.ok(page.body.items.length <= 2);
    names.push(...page.body.items.map(({ name }: { name: string }) => name));
    cursor = page.body.next_cursor;
  }
  assert.deepEqual(names, ['a', 'b', 'c', 'd', 'e', 'f']);
});
