/** A webhook of Meta, through the real program: whom it names is read at once. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { ACME, call, startWorld, waitUntil } from './world.ts';

const SECRET = 'acme-app-secret-canary6-0123456';

test('a signed webhook has the number read at once, and its copy does not have it read again', async () => {
  await using world = await startWorld({ args: ['--check-interval', 'graph:1h'] });
  const steps: readonly (readonly [readonly string[], string])[] = [
    [['apps', 'add', 'acme-app', '--meta-app-id', '900000000000001', '--secret-file', '-'], SECRET],
    [['credentials', 'add', 'acme', '--graph'], ACME.token],
    [
      ['channels', 'add', 'support', '--graph', '--credential', 'acme', '--node', ACME.support.id],
      '',
    ],
  ];
  for (const [args, input] of steps) {
    const { code, stderr } = await world.cli(args, { input });
    assert.equal(code, 0, stderr);
  }
  const shown = await world.cli(['apps', 'show', 'acme-app']);
  assert.match(shown.stdout, /Webhook URL .*\/webhooks\/meta\/acme-app/);
  assert.match(shown.stdout, /Verify token +[0-9a-f]{40}/);
  const reads = await world.readsOf('support');
  await world.act({ do: 'block', node: 'acme-waba', why: 'payment' });
  const settings = { phone_number_settings: { phone_number_id: ACME.support.id, calling: {} } };
  const change = { field: 'account_settings_update', value: settings };
  const entry = [{ id: '102290129340398', time: 1743451903, changes: [change] }];
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const url = `${world.server().url}/webhooks/meta/acme-app`;
  const headers = { 'x-hub-signature-256': `sha256=${signature}` };
  for (const _ of ['sent', 'sent again']) {
    assert.equal((await call(url, { method: 'POST', headers, body })).status, 200);
  }
  await waitUntil(async () => {
    const { body: health } = await world.api('GET', '/channels/support/health');
    return health.includes('"messaging":"BLOCKED"') || /"status":"BLOCKED"/.test(health);
  });
  assert.equal(await world.readsOf('support'), reads + 1);
  const listed = await world.cli(['signals', 'list', '--channel', 'support']);
  assert.equal(listed.code, 0, listed.stderr);
  assert.equal(listed.stdout.match(/account_settings_update/g)?.length, 1);
});
