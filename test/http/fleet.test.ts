import assert from 'node:assert/strict';
import test from 'node:test';
import { failedAnswer, goodProfile } from '#test/fakes/upstream.ts';
import { addSupport, DIALOG360_CHANNEL, GRAPH_CHANNEL, SALES_ID } from './acme.ts';
import { startWorld } from './management-world.ts';

test('many channels are paused at once, and each says what became of it', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const body = { channels: ['support', 'sales', 'support'], reason: 'a holiday' };
  const { body: paused } = await world.api('POST', '/channels/pause', { body });
  const { body: channel } = await world.api('GET', '/channels/support');
  assert.equal(channel.paused_at, '2026-03-01T00:00:00.000Z');
  assert.deepEqual(paused.items, [
    {
      ref: 'support',
      channel: { id: channel.id, name: 'support' },
      changed: true,
      problem: null,
    },
    {
      ref: 'sales',
      channel: null,
      changed: false,
      problem: { code: 'not_found', detail: 'There is no channel sales.' },
    },
  ]);
  const { body: resumed } = await world.api('POST', '/channels/resume', { body });
  assert.equal(resumed.items[0].changed, true);
  assert.equal((await world.api('GET', '/channels/support')).body.paused_at, null);
});

test('more channels than one request takes, none, and a reason with a line end are refused', async () => {
  await using world = await startWorld();
  const names = Array.from({ length: 201 }, (_, index) => `number-${index}`);
  for (const channels of [names, [], 'support']) {
    const { status, body } = await world.api('POST', '/channels/pause', { body: { channels } });
    assert.equal(status, 400);
    assert.match(body.items[0].message, /must be 1 to 200 names/);
  }
  const body = { channels: ['support'], reason: 'one\ntwo' };
  assert.equal((await world.api('POST', '/channels/retire', { body })).status, 400);
});

test('a retired channel is gone for whoever has its key, and found among the archived', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { body: key } = await world.api('POST', '/channels/support/keys');
  const headers = { 'd360-api-key': key.text };
  assert.equal((await world.ask('GET', '/health_status', { headers, token: null })).status, 200);
  await world.api('POST', '/channels/retire', { body: { channels: ['support'] } });
  assert.equal((await world.ask('GET', '/health_status', { headers, token: null })).status, 401);
  assert.equal((await world.api('GET', '/channels/support')).status, 404);
  const { body } = await world.api('GET', '/channels?archived=true');
  assert.equal(body.items[0].name, 'support');
});

test('a channel moves to another upstream and tells which credential nobody uses any more', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { status, body } = await world.api('POST', '/channels/support/move', {
    body: DIALOG360_CHANNEL,
  });
  assert.equal(status, 200);
  assert.equal(body.channel.upstream, 'dialog360');
  assert.equal(body.channel.node_id, null);
  assert.equal(body.channel.credential.name, 'support');
  assert.equal(body.unused_credential.name, 'acme-token');
});

test('a move to another number is refused with the code that says so', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const body = { ...GRAPH_CHANNEL, node_id: SALES_ID };
  const refused = await world.api('POST', '/channels/support/move', { body });
  assert.equal(refused.status, 422);
  assert.equal(refused.body.type, 'urn:waba-health:problem:identity_changed');
  const meant = { ...body, other_number: true };
  const moved = await world.api('POST', '/channels/support/move', { body: meant });
  assert.equal(moved.body.channel.identity.phone_number_id, SALES_ID);
});

test('a profile is read when somebody asks, and names the channel in the listing', async () => {
  await using world = await startWorld();
  await addSupport(world);
  world.upstreams.graph.answersProfiles(() =>
    goodProfile({
      displayNumber: '+49 30 1234',
      verifiedName: 'Acme',
      messagingLimit: 'TIER_1K',
      isOnBizApp: true,
      platformType: 'CLOUD_API',
    }),
  );
  const { body: channel } = await world.api('POST', '/channels/support/profile');
  assert.equal(channel.display_number, '+49 30 1234');
  assert.deepEqual(
    [channel.profile.messaging_limit, channel.profile.is_coexistence, channel.profile.quality],
    ['TIER_1K', true, null],
  );
  const { body: list } = await world.api('GET', '/channels');
  assert.deepEqual(list.items, [channel]);
});

test('numbers of one business share the messaging limit that was read last', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.api('PUT', '/channels/sales', { body: { ...GRAPH_CHANNEL, node_id: SALES_ID } });
  const says = (messagingLimit: string) =>
    world.upstreams.graph.answersProfiles(() => goodProfile({ messagingLimit }));
  says('TIER_1K');
  await world.api('POST', '/channels/support/profile');
  says('TIER_10K');
  await world.clock.advance(1_000);
  await world.api('POST', '/channels/sales/profile');
  const { body } = await world.api('GET', '/channels/support');
  assert.equal(body.profile.messaging_limit, 'TIER_10K');
});

test('a profile that cannot be read says why, and the status stays what it was', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { failure } = { failure: null, ...failedAnswer('rate_limited') };
  assert.ok(failure);
  world.upstreams.graph.answersProfiles(() => ({ ok: false, failure }));
  const { status, body } = await world.api('POST', '/channels/support/profile');
  assert.equal(status, 200);
  assert.equal(body.profile.failure.code, 'rate_limited');
  assert.equal(body.status.messaging, 'AVAILABLE');
  assert.equal(body.status.failure, null);
});

test('a channel can be added paused', async () => {
  await using world = await startWorld();
  await addSupport(world, { paused: true });
  const { body } = await world.api('GET', '/channels/support');
  assert.equal(body.paused_at, '2026-03-01T00:00:00.000Z');
});
