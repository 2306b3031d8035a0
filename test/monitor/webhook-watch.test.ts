/** The webhook setting at 360dialog: lost or changed it is a warning, set again it is over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '#domain/profile.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import { WEBHOOK_EVERY_MS } from '#domain/webhook-watch.ts';
import type { Policy } from '#monitor/deps.ts';
import { readProfile } from '#monitor/read-profile.ts';
import { goodProfile } from '#test/fakes/upstream.ts';
import { addSupport } from './acme-monitor.ts';
import { openMonitorWorld } from './monitor-world.ts';

const SET = 'https://hooks.acme.example/… #0123456789ab';
const ELSEWHERE = 'https://hooks.acme.example/… #ba9876543210';

/** *support* with a webhook that a test sets. Null: 360dialog does not say. */
async function openWebhookWorld(policy: Partial<Policy> = { watchWebhooks: ['all'] }) {
  const world = await openMonitorWorld(policy);
  const support = await addSupport(world);
  let number: string | null = SET;
  world.upstream.answersProfiles(({ withWebhook }) => {
    const isTold = withWebhook === true && number !== null;
    const told = isTold ? { number, numberAskedAt: world.clock.now() } : {};
    const webhook: Profile['webhook'] = { ...EMPTY_PROFILE.webhook, ...told };
    return goodProfile({ webhook });
  });
  return {
    ...world,
    support,
    is: (setting: string | null) => {
      number = setting;
    },
    /** Reads the profile after that time, and tells whether the webhook was asked for. */
    async readAfter(ms: number): Promise<boolean> {
      world.clock.jumpTo(world.clock.now() + ms);
      await readProfile(world.deps, support.id);
      return world.upstream.askedProfiles.at(-1)?.withWebhook === true;
    },
    async incidents() {
      const page = { after: null, limit: 50 };
      const { items } = await world.store.read((view) => view.incidents.list(page, {}));
      return items.map(({ cause, codes, severity, actor, resolution }) => {
        return [cause.type, ...codes, severity, actor, resolution];
      });
    },
    async known() {
      return (await world.store.read((view) => view.profiles.find(support.id))).profile?.webhook;
    },
  };
}

test('a setting that is lost is a warning, and set again it is over', async () => {
  await using world = await openWebhookWorld();
  await world.readAfter(0);
  assert.deepEqual(await world.incidents(), []);
  world.is('none');
  await world.readAfter(WEBHOOK_EVERY_MS);
  assert.deepEqual(await world.incidents(), [['webhook', 'lost', 'warning', 'integrator', null]]);
  world.is(SET);
  await world.readAfter(3_600_000);
  assert.deepEqual(await world.incidents(), [
    ['webhook', 'lost', 'warning', 'integrator', 'recovered'],
  ]);
});

test('a setting that leads elsewhere is a warning', async () => {
  await using world = await openWebhookWorld();
  await world.readAfter(0);
  world.is(ELSEWHERE);
  await world.readAfter(WEBHOOK_EVERY_MS);
  assert.deepEqual(await world.incidents(), [
    ['webhook', 'changed', 'warning', 'integrator', null],
  ]);
});

test('a read of it that fails leaves what was known, and the next profile asks again', async () => {
  await using world = await openWebhookWorld();
  await world.readAfter(0);
  world.is(null);
  assert.equal(await world.readAfter(WEBHOOK_EVERY_MS), true);
  assert.equal((await world.known())?.number, SET);
  assert.deepEqual(await world.incidents(), []);
  world.is(SET);
  assert.equal(await world.readAfter(1), true);
  assert.equal(await world.readAfter(1), false);
});

test('it is asked once a day, and at once after the key was replaced', async () => {
  await using world = await openWebhookWorld();
  assert.equal(await world.readAfter(0), true);
  assert.equal(await world.readAfter(WEBHOOK_EVERY_MS - 1), false);
  assert.equal(await world.readAfter(1), true);
  world.clock.jumpTo(world.clock.now() + 1);
  await world.store.change(async (tx) => {
    const credential = await tx.credentials.find(world.support.credentialId);
    assert.ok(credential);
    await tx.credentials.replace({ ...credential, rotatedAt: world.clock.now() }, 'keep');
  });
  assert.equal(await world.readAfter(1), true);
  assert.equal(await world.readAfter(1), false);
});

test('where nobody wants it, it is not asked for', async () => {
  for (const policy of [{}, { watchWebhooks: [{ label: 'tier', value: 'gold' }] }]) {
    await using world = await openWebhookWorld(policy);
    assert.equal(await world.readAfter(0), false);
    assert.equal((await world.known())?.number, null);
  }
});
