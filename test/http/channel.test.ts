import assert from 'node:assert/strict';
import test from 'node:test';
import { failedAnswer } from '#test/fakes/upstream.ts';
import {
  addSupport,
  allIsWell,
  DIALOG360_CHANNEL,
  exampleFor,
  GRAPH_CHANNEL,
  SALES_ID,
  SUPPORT_ID,
} from './acme.ts';
import type { World } from './management-world.ts';
import { startWorld } from './management-world.ts';

test('a channel is read once and then stored with what that read showed', async () => {
  await using world = await startWorld();
  await addSupport(world, { labels: { team: 'support' }, external_id: 'crm-17' });
  assert.equal(world.upstreams.graph.asked.length, 1);
  const { body } = await world.api('GET', '/channels/support');
  assert.deepEqual(body, {
    id: body.id,
    name: 'support',
    external_id: 'crm-17',
    display_number: null,
    verified_name: null,
    upstream: 'graph',
    credential: { id: body.credential.id, name: 'acme-token' },
    node_id: SUPPORT_ID,
    labels: { team: 'support' },
    check_interval_seconds: 120,
    own_check_interval_seconds: null,
    pace_seconds: 120,
    identity: {
      phone_number_id: SUPPORT_ID,
      waba_id: '102290129340398',
      business_id: '506914307656634',
      app_id: '634974688087057',
    },
    status: {
      messaging: 'AVAILABLE',
      calling: 'AVAILABLE',
      unknown_reason: null,
      since: '2026-03-01T00:00:00.000Z',
      calling_since: '2026-03-01T00:00:00.000Z',
      read_at: '2026-03-01T00:00:00.000Z',
      failure: null,
    },
    profile: null,
    created_at: '2026-03-01T00:00:00.000Z',
    updated_at: '2026-03-01T00:00:00.000Z',
    paused_at: null,
    archived_at: null,
  });
});

test('a 360dialog key makes channel, credential and access in one step', async () => {
  await using world = await startWorld();
  allIsWell(world);
  const reply = await world.api('PUT', '/channels/orders', { body: DIALOG360_CHANNEL });
  assert.equal(reply.status, 201, reply.text);
  assert.equal(reply.body.credential.name, 'orders');
  assert.equal(reply.body.status.messaging, 'AVAILABLE');
  const keys = await world.api('GET', '/channels/orders/keys');
  assert.partialDeepStrictEqual(keys.body.items, [{ origin: 'adopted', hint: '0001' }]);
});

test('the adopted key can be left out', async () => {
  await using world = await startWorld();
  allIsWell(world);
  const body = { ...DIALOG360_CHANNEL, adopt_key: false };
  await world.api('PUT', '/channels/orders', { body });
  assert.deepEqual((await world.api('GET', '/channels/orders/keys')).body.items, []);
});

test('a channel that cannot be seen is refused, and nothing of it stays', async () => {
  await using world = await startWorld();
  world.upstreams.dialog360.answers(() => failedAnswer('credential_rejected'));
  const reply = await world.api('PUT', '/channels/orders', { body: DIALOG360_CHANNEL });
  assert.equal(reply.status, 422);
  assert.equal(reply.body.type, 'urn:waba-health:problem:credential_rejected');
  assert.deepEqual((await world.api('GET', '/channels')).body.items, []);
  assert.deepEqual((await world.api('GET', '/credentials')).body.items, []);
});

test('a channel whose upstream is away is stored with that failure', async () => {
  await using world = await startWorld();
  world.upstreams.dialog360.answers(() => failedAnswer('timeout'));
  const reply = await world.api('PUT', '/channels/orders', { body: DIALOG360_CHANNEL });
  assert.equal(reply.status, 201, reply.text);
  assert.partialDeepStrictEqual(reply.body.status, {
    messaging: 'UNKNOWN',
    unknown_reason: 'never_read',
    failure: 'timeout',
  });
});

test('a channel can be stored without a look at it', async () => {
  await using world = await startWorld();
  const body = { ...DIALOG360_CHANNEL, check: false };
  assert.equal((await world.api('PUT', '/channels/orders', { body })).status, 201);
  assert.equal(world.upstreams.dialog360.asked.length, 0);
});

test('an update replaces labels, external id and interval, and asks nobody', async () => {
  await using world = await startWorld();
  await addSupport(world, { labels: { team: 'support' } });
  const body = { ...GRAPH_CHANNEL, labels: { tier: '1' }, check_interval_seconds: 60 };
  const reply = await world.api('PUT', '/channels/support', { body });
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(reply.body.labels, { tier: '1' });
  assert.equal(reply.body.check_interval_seconds, 60);
  assert.equal(reply.body.own_check_interval_seconds, 60);
  assert.equal(world.upstreams.graph.asked.length, 1);
});

test('an update that would make it another number is a conflict', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const body = { ...GRAPH_CHANNEL, node_id: SALES_ID };
  const reply = await world.api('PUT', '/channels/support', { body });
  assert.equal(reply.status, 409);
  assert.equal(reply.body.type, 'urn:waba-health:problem:conflict');
});

test('a node and an external id belong to one channel', async () => {
  await using world = await startWorld();
  await addSupport(world, { external_id: 'crm-17' });
  const again = await world.api('PUT', '/channels/sales', { body: GRAPH_CHANNEL });
  assert.equal(again.status, 409, again.text);
  const body = { ...GRAPH_CHANNEL, node_id: SALES_ID, external_id: 'crm-17' };
  assert.equal((await world.api('PUT', '/channels/sales', { body })).status, 409);
});

test('a listing can be narrowed by labels and by credential, and paged', async () => {
  await using world = await startWorld();
  await addSupport(world, { labels: { team: 'support', tier: '1' } });
  for (const [index, name] of ['orders', 'sales'].entries()) {
    const labels = { team: name, tier: '1' };
    const body = { ...GRAPH_CHANNEL, node_id: `${SALES_ID}${index}`, labels };
    assert.equal((await world.api('PUT', `/channels/${name}`, { body })).status, 201);
  }
  assert.deepEqual(await names(world, ''), ['orders', 'sales', 'support']);
  assert.deepEqual(await names(world, '?label=tier=1&label=team=sales'), ['sales']);
  assert.deepEqual(await names(world, '?label=team=nobody'), []);
  assert.deepEqual(await names(world, '?credential=acme-token&limit=2'), ['orders', 'sales']);
  const first = await world.api('GET', '/channels?label=tier=1&limit=2');
  const rest = await names(world, `?label=tier=1&limit=2&cursor=${first.body.next_cursor}`);
  assert.deepEqual(rest, ['support']);
});

test('a removed channel is gone from listings, its history stays under its id', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { body: channel } = await world.api('GET', '/channels/support');
  assert.equal((await world.api('DELETE', '/channels/support')).status, 204);
  assert.deepEqual(await names(world, ''), []);
  assert.deepEqual(await names(world, '?archived=true'), ['support']);
  assert.equal((await world.api('GET', '/channels/support')).status, 404);
  const archived = await world.api('GET', `/channels/${channel.id}`);
  assert.equal(archived.body.archived_at, '2026-03-01T00:00:00.000Z');
});

test('a purged channel is gone altogether, with the credential that was only its own', async () => {
  await using world = await startWorld();
  allIsWell(world);
  const { body: channel } = await world.api('PUT', '/channels/orders', { body: DIALOG360_CHANNEL });
  assert.equal((await world.api('DELETE', '/channels/orders?purge=true')).status, 204);
  assert.equal((await world.api('GET', `/channels/${channel.id}`)).status, 404);
  assert.deepEqual((await world.api('GET', '/credentials')).body.items, []);
});

test('the health view says what, why, since when, who acts and how', async () => {
  await using world = await startWorld();
  await addSupport(world);
  world.upstreams.graph.answers(() => exampleFor('phone-blocked-payment', SUPPORT_ID));
  await world.clock.advance(60_000);
  await world.api('POST', '/channels/support/checks');
  const { body } = await world.api('GET', '/channels/support/health');
  assert.partialDeepStrictEqual(body, {
    channel: { name: 'support' },
    messaging: {
      status: 'BLOCKED',
      basis: 'entities',
      reason: null,
      decided_by: [{ type: 'WABA', id: '102290129340398' }],
      since: '2026-03-01T00:01:00.000Z',
    },
    calling: null,
    reported: 'BLOCKED',
    effects: { business_initiated: { level: 'no' }, replies: { level: 'limited' } },
    last_known: null,
    trust: { state: 'trusted' },
    read_at: '2026-03-01T00:01:00.000Z',
    attempt: 2,
    failure: null,
  });
  const [finding] = body.findings;
  assert.deepEqual(body.reason, finding);
  assert.partialDeepStrictEqual(finding, {
    subject: { kind: 'entity', type: 'WABA', id: '102290129340398' },
    kind: 'error',
    code: '141006',
    capability: 'messaging',
    known: true,
    actor: 'account_owner',
  });
  assert.match(finding.text, /^There is an error with the payment method/);
  assert.match(finding.remedy.link, /^https:\/\//);
  assert.equal(body.entities.length, 4);
});

test('an outdated view is UNKNOWN and tells what was last known', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.clock.advance(601_000);
  const { body } = await world.api('GET', '/channels/support/health');
  assert.partialDeepStrictEqual(body, {
    messaging: { status: 'UNKNOWN', reason: 'outdated' },
    last_known: { messaging: 'AVAILABLE', calling: 'AVAILABLE', age_seconds: 601 },
    effects: { replies: { level: 'unknown' } },
  });
  assert.equal(world.upstreams.graph.asked.length, 1);
});

async function names(world: World, query: string): Promise<string[]> {
  const { body } = await world.api('GET', `/channels${query}`);
  return body.items.map(({ name }: { name: string }) => name);
}
