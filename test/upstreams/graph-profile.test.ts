/** Profiles as the simulator tells them, of numbers and of WABAs, straight and through 360dialog. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { EMPTY_PROFILE, isCoexistence } from '#domain/profile.ts';
import { Secret } from '#domain/secret.ts';
import { createDialog360 } from '#upstreams/dialog360/dialog360.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import { ACME, SUPPORT_KEY, UMBRELLA_TOKEN } from '#test/simulator/acme.ts';
import { accessOf, GraphWorld, PROVEN, questionOf, TIMEOUT_MS } from './graph-world.ts';

const SUPPORT_PROFILE = {
  displayNumber: '+1 555-224-2922',
  verifiedName: 'support',
  nameStatus: 'APPROVED',
  quality: 'GREEN',
  messagingLimit: 'TIER_10K',
  status: 'CONNECTED',
  throughput: 'STANDARD',
  accountMode: 'LIVE',
  isOnBizApp: false,
  platformType: 'CLOUD_API',
  webhook: {
    application: 'https://hooks.example/whatsapp',
    waba: null,
    number: null,
    numberAskedAt: null,
  },
};

test("a number's profile is one request", async () => {
  await using world = await GraphWorld.start();
  const answer = await world.graph.readProfile(questionOf(undefined, PROVEN));
  assert.deepEqual(answer, { ok: true, profile: SUPPORT_PROFILE });
  assert.equal(world.relay.seen.length, 1);
});

test('a WABA has its name and status, learned with one request more', async () => {
  await using world = await GraphWorld.start();
  const answer = await world.graph.readProfile(questionOf(ACME));
  const profile = { ...EMPTY_PROFILE, verifiedName: 'acme', status: 'ACTIVE' };
  assert.deepEqual(answer, { ok: true, profile });
  assert.equal(world.relay.seen.length, 2);
});

test('another type of node has what it has, and one that is not seen fails', async () => {
  await using world = await GraphWorld.start();
  const template = await world.graph.readProfile(questionOf('2632273056924580'));
  assert.deepEqual(template, { ok: true, profile: { ...EMPTY_PROFILE, status: 'APPROVED' } });
  const nobody = await world.graph.readProfile(questionOf('999999999999999'));
  assert.equal(!nobody.ok && nobody.failure.code, 'not_found_or_forbidden');
  const foreign = await world.graph.readProfile(questionOf(undefined, accessOf(UMBRELLA_TOKEN)));
  assert.equal(!foreign.ok && foreign.failure.graphSubcode, 33);
});

test('a question that cannot be put is not asked', async () => {
  await using world = await GraphWorld.start();
  for (const question of [questionOf('../me'), questionOf(undefined, accessOf('two words'))]) {
    assert.equal((await world.graph.readProfile(question)).ok, false);
  }
  assert.equal(world.relay.seen.length, 0);
});

test('what changes at Meta is in the next profile', async () => {
  await using world = await GraphWorld.start();
  const { control } = world.simulator;
  control.ban({ waba: 'acme' });
  control.set({
    node: 'support',
    fields: { quality_rating: 'NA', is_on_biz_app: true, throughput: { level: 'HIGH' } },
  });
  const answer = await world.graph.readProfile(questionOf());
  assert.ok(answer.ok);
  assert.deepEqual(answer.profile, {
    ...SUPPORT_PROFILE,
    status: 'BANNED',
    quality: 'NA',
    throughput: 'HIGH',
    isOnBizApp: true,
  });
  assert.ok(isCoexistence(answer.profile));
});

test('through 360dialog the profile is the same, in one request', async () => {
  await using world = await GraphWorld.start();
  const { clock, relay } = world;
  const transport = createTransport({ clock });
  const dialog360 = createDialog360({ transport, clock, baseUrl: `${relay.url}/dialog360` });
  const access = { secret: new Secret(SUPPORT_KEY), app: null };
  const question = { nodeId: null, access, timeoutMs: TIMEOUT_MS };
  assert.deepEqual(await dialog360.readProfile(question), { ok: true, profile: SUPPORT_PROFILE });
  assert.equal(relay.seen.length, 1);
  world.simulator.control.refuse({ key: SUPPORT_KEY, why: 'unpaid' });
  const refused = await dialog360.readProfile(question);
  assert.equal(!refused.ok && refused.failure.code, 'account_disabled');
  await dialog360.close();
});
