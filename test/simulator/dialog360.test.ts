/** 360dialog's side: everything goes by key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createFakeClock } from '#test/fakes/clock.ts';
import { ACME_TOKEN, ask, at, startAcme, SUPPORT, SUPPORT_KEY } from './acme.ts';
import type { AcmeSimulator, Answered } from './acme.ts';

test('a key gets the answer of its number, HEAD its head, and nothing else is there', async () => {
  await using simulator = await startAcme();
  const { status, json, headers } = await simulator.health();
  assert.equal(status, 200);
  assert.equal(at(json, 'id'), SUPPORT);
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  const head = await call(simulator, 'health_status', { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
  for (const path of ['health_status/', 'messages']) {
    const other = await call(simulator, path);
    assert.equal(other.status, 404);
    assert.equal(typeof at(other.json, 'error'), 'string');
  }
});

test('no key, an unknown one and a revoked one get the same 401', async () => {
  await using simulator = await startAcme();
  const expected = '{"error":"Invalid API key"}';
  const nothing = await ask(`${simulator.dialog360Url}/health_status`);
  assert.deepEqual([nothing.status, nothing.text], [401, expected]);
  assert.equal(nothing.headers.get('www-authenticate'), null);
  const unknown = await simulator.health('somebody-elses-key');
  assert.deepEqual([unknown.status, unknown.text], [401, expected]);
  simulator.control.invalidate({ key: SUPPORT_KEY });
  const revoked = await simulator.health();
  assert.deepEqual([revoked.status, revoked.text], [401, expected]);
});

test('a key is refused in the documented words, and then accepted again', async () => {
  await using simulator = await startAcme();
  const refusals: readonly [string, number, RegExp][] = [
    ['disabled', 400, /WhatsApp for Business API has been disabled/],
    ['throttled', 400, /exceeded the endpoint rate limit/],
    ['unpaid', 400, /lack of payment/],
    ['forbidden', 403, /endpoint is blocked/],
    ['broken', 500, /Internal server error/],
    ['unavailable', 502, /not available/],
    ['expired', 401, /Invalid API key/],
  ];
  for (const [why, status, text] of refusals) {
    simulator.control.do({ do: 'refuse', key: SUPPORT_KEY, why });
    const refused = await simulator.health();
    assert.equal(refused.status, status, why);
    assert.deepEqual(Object.keys(Object(refused.json)), ['error']);
    assert.match(String(at(refused.json, 'error')), text);
  }
  simulator.control.restore({ key: SUPPORT_KEY });
  assert.equal((await simulator.health()).status, 200);
});

test('a throttled key is let in again when its minutes are over', async () => {
  const clock = createFakeClock();
  await using simulator = await startAcme({ clock });
  simulator.control.throttle({ key: SUPPORT_KEY, minutes: 2 });
  assert.equal((await simulator.health()).status, 400);
  await clock.advance(120_000);
  assert.equal((await simulator.health()).status, 200);
});

test('named fields come beside the health, and an unknown one fails as it does at Meta', async () => {
  await using simulator = await startAcme();
  const named = await call(simulator, 'health_status?fields=id,display_phone_number');
  assert.deepEqual(Object.keys(Object(named.json)), [
    'health_status',
    'id',
    'display_phone_number',
  ]);
  const unknown = await call(simulator, 'health_status?fields=mood');
  assert.equal(unknown.status, 400);
  assert.equal(at(unknown.json, 'error', 'code'), 100);
});

test('a swapped key speaks of another number', async () => {
  await using simulator = await startAcme();
  simulator.control.swap({ key: SUPPORT_KEY, number: 'sales' });
  assert.equal(at((await simulator.health()).json, 'id'), '597727103418254');
});

test("a number that Meta cannot load gives Meta's error", async () => {
  await using simulator = await startAcme();
  simulator.control.remove({ node: 'support' });
  const { status, json } = await simulator.health();
  assert.equal(status, 400);
  assert.equal(at(json, 'error', 'error_subcode'), 33);
});

test('a webhook is kept per number until its key is replaced', async () => {
  await using simulator = await startAcme();
  const path = 'v1/configs/webhook';
  assert.equal((await call(simulator, path)).status, 404);
  const webhook = { url: 'https://hooks.acme.example/wa', headers: { 'x-secret': 'ours' } };
  const set = await call(simulator, path, { method: 'POST', body: JSON.stringify(webhook) });
  assert.deepEqual(set.json, webhook);
  assert.deepEqual((await call(simulator, path)).json, webhook);
  for (const url of ['https://under_score.example/', 'https://acme.example:8443/', 'nowhere']) {
    const refused = await call(simulator, path, { method: 'POST', body: JSON.stringify({ url }) });
    assert.equal(refused.status, 400, url);
  }
  simulator.control.replace({ key: SUPPORT_KEY, with: 'support-key-the-second' });
  assert.equal((await simulator.health()).status, 401);
  assert.equal((await simulator.health('support-key-the-second')).status, 200);
  const after = await call(simulator, path, { key: 'support-key-the-second' });
  assert.equal(after.status, 404);
});

test('reads are counted by key and by number', async () => {
  await using simulator = await startAcme();
  await simulator.health();
  await simulator.health();
  await simulator.graph(SUPPORT, ACME_TOKEN);
  assert.equal(simulator.control.readsOf(SUPPORT_KEY), 2);
  assert.equal(simulator.control.readsOf('support'), 3);
  assert.equal(simulator.control.counts().routes['dialog360 health_status'], 2);
  simulator.control.resetCounts();
  assert.equal(simulator.control.readsOf('support'), 0);
});

function call(
  simulator: AcmeSimulator,
  path: string,
  init: { method?: string; body?: string; key?: string } = {},
): Promise<Answered> {
  const { key = SUPPORT_KEY, ...rest } = init;
  return ask(`${simulator.dialog360Url}/${path}`, { ...rest, headers: { 'D360-API-KEY': key } });
}
