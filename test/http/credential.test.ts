import assert from 'node:assert/strict';
import test from 'node:test';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { addSupport, DIALOG360_CHANNEL, example, exampleFor, SALES_ID } from './acme.ts';
import { startWorld } from './management-world.ts';

const TOKEN = { upstream: 'graph', secret: 'canary-graph-token-0001', billed_by: 'meta' };
const NEW = { secret: 'canary-graph-token-0002' };

test('a credential goes in with its secret and is shown without it', async () => {
  await using world = await startWorld();
  const created = await world.api('PUT', '/credentials/acme-token', { body: TOKEN });
  assert.equal(created.status, 201);
  assert.deepEqual(created.body, {
    id: created.body.id,
    name: 'acme-token',
    upstream: 'graph',
    app: null,
    billed_by: 'meta',
    secret_hint: '0001',
    token_facts: null,
    findings: [],
    created_at: '2026-03-01T00:00:00.000Z',
    rotated_at: '2026-03-01T00:00:00.000Z',
  });
  assert.deepEqual((await world.api('GET', '/credentials/acme-token')).body, created.body);
  const listing = await world.api('GET', '/credentials');
  assert.deepEqual(listing.body, { items: [created.body], next_cursor: null });
});

test('what is said about a credential can change, its secret only by rotation', async () => {
  await using world = await startWorld();
  await world.api('PUT', '/credentials/acme-token', { body: TOKEN });
  const updated = await world.api('PUT', '/credentials/acme-token', {
    body: { upstream: 'graph', billed_by: 'provider' },
  });
  assert.equal(updated.status, 200);
  assert.equal(updated.body.billed_by, 'provider');
  const replaced = await world.api('PUT', '/credentials/acme-token', {
    body: { ...TOKEN, secret: NEW.secret },
  });
  assert.ok(replaced.status === 409 || replaced.status === 400, replaced.text);
  assert.match(replaced.body.detail, /rotate/);
});

test('a credential without a secret is not created', async () => {
  await using world = await startWorld();
  const reply = await world.api('PUT', '/credentials/acme-token', { body: { upstream: 'graph' } });
  assert.equal(reply.status, 400);
  assert.equal((await world.api('GET', '/credentials')).body.items.length, 0);
});

test('a credential of an app that is not there is not created', async () => {
  await using world = await startWorld();
  const body = { ...TOKEN, app: 'umbrella' };
  const reply = await world.api('PUT', '/credentials/acme-token', { body });
  assert.ok(reply.status === 404 || reply.status === 400, reply.text);
  assert.match(reply.body.detail, /umbrella/);
});

test('a key of the sandbox is refused with its sentence', async () => {
  await using world = await startWorld();
  const body = { upstream: 'dialog360', secret: 'canary_sandbox' };
  const reply = await world.api('PUT', '/credentials/acme-key', { body });
  assert.equal(reply.status, 422);
  assert.equal(reply.body.type, 'urn:waba-health:problem:sandbox_key');
});

test('a new secret is in force once a read with it shows the same number', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.clock.advance(60_000);
  const reply = await world.api('POST', '/credentials/acme-token/rotate', { body: NEW });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.body.credential.secret_hint, '0002');
  assert.equal(reply.body.credential.rotated_at, '2026-03-01T00:01:00.000Z');
  assert.equal(reply.body.health.channel.name, 'support');
  assert.equal(reply.body.health.messaging.status, 'AVAILABLE');
  assert.equal(world.upstreams.graph.asked.at(-1)?.access.secret.reveal(), NEW.secret);
});

test('a new secret that is rejected, or that shows another number, changes nothing', async () => {
  await using world = await startWorld();
  await addSupport(world);
  world.upstreams.graph.answers(() => failedAnswer('credential_rejected'));
  const rejected = await world.api('POST', '/credentials/acme-token/rotate', { body: NEW });
  assert.equal(rejected.status, 422);
  assert.equal(rejected.body.type, 'urn:waba-health:problem:credential_rejected');
  world.upstreams.graph.answers(() => exampleFor('phone-available', SALES_ID));
  const stranger = await world.api('POST', '/credentials/acme-token/rotate', { body: NEW });
  assert.equal(stranger.status, 422);
  assert.equal(stranger.body.type, 'urn:waba-health:problem:identity_changed');
  const credential = await world.api('GET', '/credentials/acme-token');
  assert.equal(credential.body.secret_hint, '0001');
});

test('a new secret that cannot be tried now changes nothing', async () => {
  await using world = await startWorld();
  await addSupport(world);
  world.upstreams.graph.answers(() => failedAnswer('unreachable'));
  const reply = await world.api('POST', '/credentials/acme-token/rotate', { body: NEW });
  assert.equal(reply.status, 502);
  assert.equal(reply.body.type, 'urn:waba-health:problem:check_failed');
});

test('a credential in use is not removed', async () => {
  await using world = await startWorld();
  await addSupport(world);
  assert.equal((await world.api('DELETE', '/credentials/acme-token')).status, 409);
  await world.api('DELETE', '/channels/support?purge=true');
  assert.equal((await world.api('DELETE', '/credentials/acme-token')).status, 204);
});

test('a new 360dialog key becomes the key of its clients', async () => {
  await using world = await startWorld();
  world.upstreams.dialog360.answers(() => goodAnswer(example('phone-available')));
  await world.api('PUT', '/channels/orders', { body: DIALOG360_CHANNEL });
  const secret = 'canary-360dialog-key-0002';
  const reply = await world.api('POST', '/credentials/orders/rotate', { body: { secret } });
  assert.equal(reply.status, 200, reply.text);
  const { body } = await world.api('GET', '/channels/orders/keys');
  assert.deepEqual(
    body.items.map((key: { hint: string; revoked_at: string | null }) => [
      key.hint,
      key.revoked_at === null,
    ]),
    [
      ['0001', false],
      ['0002', true],
    ],
  );
});
