/** Webhooks of Meta, through the real program: whom they name is read at once, and trouble is believed sooner. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { incidentPage } from '#api/incident.ts';
import { ACME, call, startWorld, waitUntil } from './world.ts';
import type { World } from './world.ts';

/** A number here, and the same at Meta. */
const NUMBERS = ['support', 'sales', 'orders'] as const;

/** Acme's app with its secret, its token, and these of its numbers. They are checked once an hour. */
async function startAcme(numbers: readonly (typeof NUMBERS)[number][]) {
  const world = await startWorld({ args: ['--check-interval', 'graph:1h'] });
  const app = ['apps', 'add', 'acme-app', '--meta-app-id', '900000000000001'];
  const steps: readonly (readonly [readonly string[], string])[] = [
    [[...app, '--secret-file', '-'], ACME.appSecret],
    [['credentials', 'add', 'acme', '--graph'], ACME.token],
    ...numbers.map((name) => {
      const access = ['--graph', '--credential', 'acme', '--node', ACME[name].id];
      return [['channels', 'add', name, ...access], ''] as const;
    }),
  ];
  for (const [args, input] of steps) {
    const { code, stderr } = await world.cli(args, { input });
    assert.equal(code, 0, stderr);
  }
  return world;
}

test('a signed webhook has the number read at once, and its copy does not have it read again', async () => {
  await using world = await startAcme(['support']);
  const shown = await world.cli(['apps', 'show', 'acme-app']);
  assert.match(shown.stdout, /Webhook URL .*\/webhooks\/meta\/acme-app/);
  assert.match(shown.stdout, /Verify token +[0-9a-f]{40}/);
  await world.act({ do: 'block', node: 'acme-waba', why: 'payment' });
  const settings = { phone_number_settings: { phone_number_id: ACME.support.id, calling: {} } };
  const change = { field: 'account_settings_update', value: settings };
  const entry = [{ id: '102290129340398', time: 1743451903, changes: [change] }];
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = createHmac('sha256', ACME.appSecret).update(body).digest('hex');
  const url = `${world.server().url}/webhooks/meta/acme-app`;
  const headers = { 'x-hub-signature-256': `sha256=${signature}` };
  for (const _ of ['sent', 'sent again']) {
    assert.equal((await call(url, { method: 'POST', headers, body })).status, 200);
  }
  await waitUntil(async () => {
    const { body: health } = await world.api('GET', '/channels/support/health');
    return health.includes('"messaging":"BLOCKED"') || /"status":"BLOCKED"/.test(health);
  });
  // The check with which it was added, and that of the webhook.
  const { body: health } = await world.api('GET', '/channels/support/health');
  assert.match(health, /"attempt":2,/);
  const listed = await world.cli(['signals', 'list', '--channel', 'support']);
  assert.equal(listed.code, 0, listed.stderr);
  assert.equal(listed.stdout.match(/account_settings_update/g)?.length, 1);
});

test('a ban that Meta tells of opens its incident with one bad read, and its numbers are read at once', async () => {
  await using world = await startAcme(NUMBERS);
  const url = `${world.server().url}/webhooks/meta/acme-app`;
  await world.act({ do: 'subscribe', app: 'acme-app', url }, { do: 'ban', waba: 'acme-waba' });
  await waitUntil(async () => (await incidentsOf(world))[0]?.affected === 3);
  const [incident, ...others] = await incidentsOf(world);
  assert.deepEqual(others, []);
  assert.deepEqual(incident, {
    cause: 'WABA 102290129340398',
    byWebhook: true,
    reads: 1,
    affected: 3,
    codes: ['141014'],
  });
  await world.act({ do: 'recover', node: 'acme-waba' });
  await waitUntil(async () => {
    const { body } = await world.api('GET', '/signals');
    return body.includes('"recovery"');
  });
});

/** What the API says of the incidents, newest first. */
async function incidentsOf(world: World) {
  const { status, body } = await world.api('GET', '/incidents');
  assert.equal(status, 200, body);
  return incidentPage.parse(JSON.parse(body)).items.map((incident) => {
    const { cause, confirmation, numbers, codes } = incident;
    return {
      cause: `${cause.type} ${cause.id}`,
      byWebhook: confirmation.by_webhook,
      reads: confirmation.reads,
      affected: numbers.affected,
      codes,
    };
  });
}
