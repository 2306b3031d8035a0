import assert from 'node:assert/strict';
import test from 'node:test';
import { createClient } from '#client/create-client.ts';
import { OPERATIONS } from '#api/operations.ts';
import { allIsWell, DIALOG360_KEY, GRAPH_TOKEN, SALES_ID, SUPPORT_ID } from './acme.ts';
import { startWorld, TOKEN } from './management-world.ts';
import type { World } from './management-world.ts';
import { blockAndRead, killDelivery } from './troubled.ts';

test('every operation works through real HTTP and answers as the document says', async () => {
  await using world = await startWorld();
  const { api } = world;
  allIsWell(world);
  const secret = 'canary-app-secret-0001';
  await api('PUT', '/apps/acme', { body: { meta_app_id: '634974688087057', secret } });
  await api('GET', '/apps/acme');
  await api('GET', '/apps');
  const token = { upstream: 'graph', secret: GRAPH_TOKEN, app: 'acme' };
  await api('PUT', '/credentials/acme-token', { body: token });
  await api('GET', '/credentials/acme-token');
  await api('GET', '/credentials');
  const credential = { ref: 'acme-token' };
  const channel = { upstream: 'graph', credential, node_id: SUPPORT_ID };
  await api('PUT', '/channels/support', { body: channel });
  await api('GET', '/channels/support');
  await api('GET', '/channels');
  await api('POST', '/channels/support/checks', { body: {} });
  await api('GET', '/channels/support/health');
  const { body: history } = await api('GET', '/channels/support/transitions');
  await api('GET', '/transitions');
  await api('GET', '/channels/support/uptime');
  const { body_after: hash } = history.items[0].evidence;
  await api('GET', `/bodies/${hash}`);
  await api('POST', '/checks', { body: { credential: 'acme-token', node_id: '1' } });
  await api('POST', '/channels/support/profile');
  const decided = { channels: ['support'], reason: 'a holiday' };
  await api('POST', '/channels/pause', { body: decided });
  await api('POST', '/channels/resume', { body: decided });
  await api('POST', '/channels/support/move', { body: channel });
  await api('POST', '/credentials/acme-token/inspect');
  await api('POST', '/credentials/acme-token/wabas');
  await api('POST', '/credentials/acme-token/numbers', { body: { wabas: [{ id: '1' }] } });
  await api('GET', '/seen-numbers?standing=unwatched&credential=acme-token');
  const rotated = { secret: 'canary-graph-token-0002' };
  await api('POST', '/credentials/acme-token/rotate', { body: rotated });
  const { body: key } = await api('POST', '/channels/support/keys');
  await api('GET', '/channels/support/keys');
  await api('DELETE', `/keys/${key.id}`);
  await api('PUT', '/channels/sales', { body: { ...channel, node_id: SALES_ID } });
  await api('POST', '/channels/retire', { body: { channels: ['sales'] } });
  const { body: instance } = await api('GET', '/instance');
  assert.equal(instance.version, '1.2.3');
  assert.deepEqual(instance.counts, { channels: 1 });
  assert.equal(typeof instance.instance_id, 'string');
  await api('GET', '/status?troubled=5');
  await api('GET', '/budgets');
  await api('GET', '/changes');
  await api('GET', '/signals');
  await api('GET', '/store');
  await api('POST', '/backups');
  await tellOfIncidents(world);
  await api('DELETE', '/channels/support?purge=true');
  const { body: retired } = await api('GET', '/channels?archived=true');
  await api('DELETE', `/channels/${retired.items[0].id}?purge=true`);
  await api('DELETE', '/credentials/acme-token');
  await api('DELETE', '/apps/acme');
  assert.deepEqual(world.answered, new Set(Object.keys(OPERATIONS)));
});

/** The operations about incidents and about who is told of them. Precondition: *support* is watched and well. */
async function tellOfIncidents(world: World): Promise<void> {
  const { api } = world;
  const slack = { kind: 'slack', secrets: { url: 'https://hooks.slack.example/canary-0001' } };
  await api('GET', '/receiver-kinds');
  await api('PUT', '/receivers/ops', { body: slack });
  await api('GET', '/receivers');
  await api('GET', '/receivers/ops');
  const rotated = { secret: 'https://hooks.slack.example/canary-0002' };
  await api('POST', '/receivers/ops/rotate', { body: rotated });
  await api('PUT', '/rules/all', { body: { receivers: ['ops'] } });
  await api('GET', '/rules');
  await api('GET', '/rules/all');
  await blockAndRead(world);
  await api('GET', '/incidents');
  await api('GET', '/incidents/1');
  await api('GET', '/incidents/1/members');
  await api('GET', '/incidents/1/events');
  await api('GET', '/incidents/1/why');
  await api('GET', '/incidents/1/evidence?labels=true');
  await api('POST', '/rules/try', { body: { incident: '1' } });
  await api('POST', '/incidents/1/acknowledge', { body: { by: 'Ann' } });
  await api('POST', '/incidents/1/resolve', { body: { by: 'Ann', note: 'they know' } });
  const { body: tested } = await api('POST', '/receivers/ops/test');
  await api('GET', '/deliveries');
  await api('GET', `/deliveries/${tested.id}`);
  await killDelivery(world, tested.id);
  await api('POST', `/deliveries/${tested.id}/replay`);
  const silence = { author: 'Ann', reason: 'the move', ends_at: '2026-03-02T00:00:00Z' };
  const { body: added } = await api('POST', '/silences', { body: silence });
  await api('GET', '/silences');
  await api('POST', `/silences/${added.id}/end`);
  await api('DELETE', '/rules/all');
  await api('DELETE', '/receivers/ops');
}

test('the client does the same against the real server', async () => {
  await using world = await startWorld();
  allIsWell(world);
  const client = createClient({ baseUrl: world.url, token: TOKEN, timeoutMs: 10_000 });
  const added = await client.putChannel({
    params: { ref: 'orders' },
    body: {
      upstream: 'dialog360',
      credential: { secret: DIALOG360_KEY, billed_by: 'provider' },
      labels: { team: 'orders' },
    },
  });
  assert.equal(added.status, 201);
  assert.equal(added.body.status.messaging, 'AVAILABLE');
  const found = await client.listChannels({ query: { label: ['team=orders'], limit: 1 } });
  assert.deepEqual(found.body.items, [added.body]);
  const health = await client.checkChannel({ params: { ref: 'orders' } });
  assert.equal(health.body.channel.name, 'orders');
  const { body: key } = await client.addApiKey({ params: { ref: 'orders' } });
  assert.equal((await client.revokeApiKey({ params: { id: key.id } })).status, 204);
  await client.removeChannel({ params: { ref: 'orders' }, query: { purge: true } });
  await assert.rejects(client.getChannel({ params: { ref: 'orders' } }), {
    name: 'ClientProblem',
    code: 'not_found',
    status: 404,
  });
  const stranger = createClient({ baseUrl: world.url, token: 'umbrella', timeoutMs: 10_000 });
  await assert.rejects(stranger.listApps(), { code: 'unauthorized', status: 401 });
});

test('the document is served as it is', async () => {
  await using world = await startWorld();
  const { headers, body } = await world.ask('GET', '/openapi.json', { token: null });
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(body.openapi, '3.1.0');
  assert.equal(body.info.version, '1.2.3');
});
