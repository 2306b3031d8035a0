import assert from 'node:assert/strict';
import test from 'node:test';
import type { Channel } from '#domain/channel.ts';
import type { Profile } from '#domain/profile.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import { PROFILE_EVERY_MS, readProfile } from '#monitor/read-profile.ts';
import { failedAnswer, goodProfile } from '#test/fakes/upstream.ts';
import { addToken, allIsWell, graphWish } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { openMonitorWorld } from './monitor-world.ts';
import { storedTransitions } from './stored-transitions.ts';
import { putChannel } from '#monitor/put-channel.ts';

const ACME: Partial<Profile> = {
  displayNumber: '+49 30 1234',
  verifiedName: 'Acme Support',
  quality: 'GREEN',
  messagingLimit: 'TIER_1K',
};

async function addSupport(world: MonitorWorld): Promise<Channel> {
  allIsWell(world);
  await addToken(world);
  return (await putChannel(world.monitor, 'support', graphWish())).channel;
}

function says(world: MonitorWorld, profile: Partial<Profile>): void {
  world.upstreams.graph.answersProfiles(() => goodProfile(profile));
}

function fails(world: MonitorWorld): void {
  const answer = failedAnswer('upstream_error');
  if (answer.ok) throw new Error('a failed answer');
  world.upstreams.graph.answersProfiles(() => ({ ok: false, failure: answer.failure }));
}

/** When the profile falls due next, as claims find out: in ms from now. */
async function dueIn(world: MonitorWorld): Promise<number> {
  const now = world.clock.now();
  for (const ms of [
    0,
    270_000,
    300_000,
    600_000,
    1_200_000,
    0.9 * PROFILE_EVERY_MS,
    PROFILE_EVERY_MS,
  ]) {
    const about = { now: now + ms, limit: 1, againAt: now + ms };
    const due = await world.store.change((tx) => tx.profiles.claimDue(about));
    if (due.length > 0) return ms;
  }
  return Infinity;
}

test('a first profile names the number and is where changes begin', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  says(world, ACME);
  const known = await readProfile(world.deps, support.id);
  assert.deepEqual(known.profile, { ...EMPTY_PROFILE, ...ACME });
  assert.equal(known.readAt, world.clock.now());
  const row = await world.store.read((view) => view.channels.findRow('support'));
  assert.deepEqual(row?.names, { displayNumber: '+49 30 1234', verifiedName: 'Acme Support' });
  assert.deepEqual(storedTransitions(world, support, 'profile'), []);
  assert.deepEqual(world.told('profile_read'), [
    { channelId: support.id, channel: 'support', changes: 0, failure: null },
  ]);
});

test('what is different afterwards becomes transitions, one a field', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  says(world, ACME);
  await readProfile(world.deps, support.id);
  says(world, { ...ACME, quality: 'RED', nameStatus: 'DECLINED' });
  await readProfile(world.deps, support.id);
  await readProfile(world.deps, support.id);
  assert.deepEqual(storedTransitions(world, support, 'profile'), [
    { code: 'name_status', was: null, is: 'DECLINED', detail: null },
    { code: 'quality', was: 'GREEN', is: 'RED', detail: null },
  ]);
});

test('a rating that Meta does not know, or left out, does not overwrite a known one', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  says(world, ACME);
  await readProfile(world.deps, support.id);
  for (const quality of ['NA', 'UNKNOWN', null]) {
    says(world, { ...ACME, quality });
    const known = await readProfile(world.deps, support.id);
    assert.equal(known.profile?.quality, 'GREEN', `after ${quality}`);
  }
  assert.deepEqual(storedTransitions(world, support, 'profile'), []);
});

test('a failed read keeps what was known, comes back sooner, and later each time', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  says(world, ACME);
  await readProfile(world.deps, support.id);
  assert.equal(await dueIn(world), PROFILE_EVERY_MS);
  fails(world);
  for (const expected of [300_000, 600_000, 1_200_000]) {
    const known = await readProfile(world.deps, support.id);
    assert.equal(known.failure?.code, 'upstream_error');
    assert.equal(known.profile?.quality, 'GREEN');
    assert.equal(await dueIn(world), expected);
  }
  const state = await world.stateOf(support);
  assert.equal(state.lastFailure, null, 'a profile takes no part in the status');
});

test('the messaging limit is known for every number of the business once one was read', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  says(world, ACME);
  await readProfile(world.deps, support.id);
  const business = support.identity?.businessId ?? '';
  const limits = await world.store.read((view) => view.profiles.portfolios([business]));
  assert.equal(limits.get(business)?.messagingLimit, 'TIER_1K');
});

test('an answer that was overtaken by another writes nothing', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  says(world, { ...ACME, quality: 'YELLOW' });
  const first = readProfile(world.deps, support.id);
  const second = readProfile(world.deps, support.id);
  const [one, other] = await Promise.all([first, second]);
  assert.deepEqual(one, other);
  assert.equal(world.told('profile_read').length, 2);
  assert.equal(
    (await world.store.read((view) => view.profiles.find(support.id))).failuresInARow,
    0,
  );
});

test('a channel that is gone has no profile to read', async () => {
  await using world = await openMonitorWorld();
  await assert.rejects(readProfile(world.deps, 'ch_00000000000000000000000000'), {
    code: 'not_found',
  });
});
