/** Meta's webhooks, as the simulator sends them when something changes. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { createFakeClock } from '#test/fakes/clock.ts';
import { answers, ScriptedServer } from '#test/fakes/scripted-server.ts';
import { until } from '#test/fakes/until.ts';
import { ACME, ACME_APP, ACME_WORLD, APP_SECRET, ask, at, startAcme, tell } from './acme.ts';
import type { AcmeSimulator } from './acme.ts';

/** 1 April 2026, 12:00 UTC. */
const NOON = Date.UTC(2026, 3, 1, 12);

/** Acme, and a receiver to which its app subscribed. */
async function startSubscribed() {
  const receiver = await ScriptedServer.start(answers({ status: 200 }));
  const clock = createFakeClock();
  clock.jumpTo(NOON);
  const simulator = await startAcme({ clock });
  simulator.control.subscribe({ app: 'acme-app', url: `${receiver.url}/hook` });
  return {
    simulator,
    receiver,
    /** The changes that came in, as field and value, once there are so many. */
    async changes(count: number) {
      await receiver.requests(count);
      return receiver.seen.map(({ body }) => {
        const entry = at(JSON.parse(body), 'entry', 0);
        assert.equal(at(entry, 'id'), ACME);
        assert.equal(at(entry, 'time'), NOON / 1000);
        return [at(entry, 'changes', 0, 'field'), at(entry, 'changes', 0, 'value')];
      });
    },
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

test('a ban and its end are told, signed with the secret of the app', async () => {
  await using world = await startSubscribed();
  const { control } = world.simulator;
  control.ban({ waba: 'acme' });
  control.recover({});
  assert.deepEqual(await world.changes(2), [ban('DISABLE'), ban('REINSTATE')]);
  const [request] = world.receiver.seen;
  assert.deepEqual([request?.method, request?.target], ['POST', '/hook']);
  const signature = createHmac('sha256', APP_SECRET)
    .update(request?.body ?? '')
    .digest('hex');
  assert.equal(request?.headers['x-hub-signature-256'], `sha256=${signature}`);
});

test('restrictions, reviews and flags are told where a scenario sets them', async () => {
  await using world = await startSubscribed();
  const { control } = world.simulator;
  control.set({ node: 'acme', fields: { status: 'RESTRICTED' } });
  control.set({ node: 'acme', fields: { account_review_status: 'REJECTED' } });
  control.set({ node: 'acme', fields: {} });
  const number = { node: 'support', fields: { display_phone_number: '+1 555-078-3881' } };
  control.set({ ...number, fields: { ...number.fields, status: 'FLAGGED' } });
  control.set(number);
  const restriction_type = 'RESTRICTED_BIZ_INITIATED_MESSAGING';
  const expiration = NOON / 1000 + 7 * 86_400;
  assert.deepEqual(await world.changes(5), [
    [
      'account_update',
      { event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type, expiration }] },
    ],
    ['account_review_update', { decision: 'REJECTED' }],
    ['account_review_update', { decision: 'APPROVED' }],
    flag('FLAGGED'),
    flag('UNFLAGGED'),
  ]);
});

test('what has no webhook at Meta has none here', async () => {
  await using world = await startSubscribed();
  const { control } = world.simulator;
  control.block({ node: 'acme', why: 'payment' });
  control.block({ node: 'acme-gmbh', why: 'incomplete_profile' });
  control.unregister({ number: 'support' });
  control.ban({ waba: 'acme' });
  await world.changes(1);
  control.ban({ waba: 'acme' });
  assert.equal((await sentBy(world.simulator)).length, 1);
});

test('an app that has ended its subscription gets nothing, and what was sent is listed', async () => {
  await using world = await startSubscribed();
  world.receiver.script = answers({ status: 401 });
  const { control } = world.simulator;
  control.ban({ waba: 'acme' });
  control.subscribe({ app: 'acme-app' });
  control.recover({ node: 'acme' });
  let sent: unknown;
  await world.receiver.requests(1);
  do sent = await sentBy(world.simulator);
  while (at(sent, 0, 'outcome') === null);
  const field = 'account_update';
  assert.deepEqual(sent, [{ app: ACME_APP, waba: ACME, field, at: NOON, outcome: 401 }]);
});

test('a receiver that is away is told by the outcome, and the simulator goes on', async () => {
  const receiver = await ScriptedServer.start(answers({}));
  const { url } = receiver;
  await receiver[Symbol.asyncDispose]();
  const apps = [{ id: ACME_APP, name: 'acme-app', secret: APP_SECRET, webhook_url: url }];
  const world = { ...ACME_WORLD, apps, tokens: [], scenario: [{ do: 'ban', waba: 'acme' }] };
  await using simulator = await startAcme({ world });
  let sent: unknown;
  do sent = await sentBy(simulator);
  while (at(sent, 0, 'outcome') === null);
  assert.equal(typeof at(sent, 0, 'outcome'), 'string');
  assert.equal((await simulator.health()).status, 200);
});

test('closing does not wait for a receiver that hangs', async () => {
  await using receiver = await ScriptedServer.start(() => undefined);
  const simulator = await startAcme();
  simulator.control.subscribe({ app: 'acme-app', url: receiver.url });
  simulator.control.ban({ waba: 'acme' });
  await until(() => receiver.seen.length === 1);
  await simulator.close();
});

test('a subscription that cannot be is refused in a sentence', async () => {
  await using simulator = await startAcme();
  const url = 'http://127.0.0.1:1/';
  for (const [action, sentence] of [
    [{ app: 'umbrella-app', url }, /without a secret/],
    [{ app: 'acme-app', url: 'ftp://127.0.0.1/' }, /http:\/\/ or https:\/\//],
    [{ app: 'acme-app', url: 'nowhere' }, /http:\/\/ or https:\/\//],
    [{ app: 'support', url }, /what is needed here is a APP/],
  ] as const) {
    const { status, json } = await tell(simulator, 'actions', { do: 'subscribe', ...action });
    assert.equal(status, 400);
    assert.match(String(at(json, 'error')), sentence);
  }
});

function ban(state: string) {
  const ban_info = { waba_ban_state: state, waba_ban_date: 'April 1, 2026' };
  return ['account_update', { event: 'DISABLED_UPDATE', ban_info }];
}

function flag(event: string) {
  return ['phone_number_quality_update', { display_phone_number: '15550783881', event }];
}

async function sentBy(simulator: AcmeSimulator): Promise<readonly unknown[]> {
  const { json } = await ask(`${simulator.controlUrl}/webhooks`);
  assert.ok(Array.isArray(json));
  return json;
}
