/** Graph's reads, lists and errors, as docs/meta.md tells them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ACME, ACME_TOKEN, ask, at, startAcme, SUPPORT } from './acme.ts';

test('a read without fields gives the documented ones, and named fields come in their order', async () => {
  await using simulator = await startAcme();
  const plain = await simulator.graph(SUPPORT);
  assert.deepEqual(plain.json, {
    verified_name: 'support',
    display_phone_number: '+1 555-224-2922',
    quality_rating: 'GREEN',
    id: SUPPORT,
  });
  const named = await simulator.graph(`${SUPPORT}?fields=status,health_status,throughput{level}`);
  assert.deepEqual(Object.keys(Object(named.json)), [
    'status',
    'health_status',
    'throughput',
    'id',
  ]);
});

test('one unknown field fails the whole request in the words of Meta', async () => {
  await using simulator = await startAcme();
  const { status, json } = await simulator.graph(`${SUPPORT}?fields=health_status,mood`);
  assert.equal(status, 400);
  assert.equal(at(json, 'error', 'code'), 100);
  assert.equal(
    at(json, 'error', 'message'),
    '(#100) Tried accessing nonexisting field (mood) on node type (WhatsAppBusinessPhoneNumber)',
  );
  const onWaba = await simulator.graph(`${ACME}?fields=display_phone_number`);
  assert.match(onWaba.text, /on node type \(WhatsAppBusinessAccount\)/);
  const onBusiness = await simulator.graph('506914307656634?fields=health_status');
  assert.match(onBusiness.text, /nonexisting field \(health_status\) on node type \(Business\)/);
});

test('the fields beside health tell of the same trouble', async () => {
  await using simulator = await startAcme();
  simulator.control.ban({ waba: 'acme' });
  simulator.control.unregister({ number: 'support' });
  const waba = await simulator.graph(`${ACME}?fields=account_review_status,owner_business_info`);
  assert.equal(at(waba.json, 'account_review_status'), 'REJECTED');
  assert.equal(at(waba.json, 'owner_business_info', 'name'), 'acme-gmbh');
  const number = await simulator.graph(`${SUPPORT}?fields=status,platform_type`);
  assert.equal(at(number.json, 'status'), 'BANNED');
  assert.equal(at(number.json, 'platform_type'), 'NOT_APPLICABLE');
});

test('an absent node and one of somebody else look exactly alike', async () => {
  await using simulator = await startAcme();
  const errors = [];
  for (const id of ['999999999999999', '106540352240009']) {
    const { status, json } = await simulator.graph(`${id}?fields=health_status`);
    assert.equal(status, 400);
    assert.equal(at(json, 'error', 'error_subcode'), 33);
    errors.push(String(at(json, 'error', 'message')).replace(id, 'X'));
  }
  assert.equal(errors[0], errors[1]);
  assert.match(
    errors[0] ?? '',
    /^Unsupported get request\. Object with ID 'X' does not exist, cannot/,
  );
});

test('a removed number is absent until it is restored', async () => {
  await using simulator = await startAcme();
  simulator.control.remove({ node: 'support' });
  assert.equal((await simulator.graph(SUPPORT)).status, 400);
  simulator.control.restore({ node: 'support' });
  assert.equal((await simulator.graph(SUPPORT)).status, 200);
});

test('every answer carries trace, version and usage, and no cache may keep it', async () => {
  await using simulator = await startAcme();
  const { headers } = await simulator.graph(`${SUPPORT}?fields=health_status`);
  assert.equal(headers.get('facebook-api-version'), 'v26.0');
  assert.match(headers.get('cache-control') ?? '', /no-store/);
  assert.equal(headers.get('x-fb-trace-id')?.length, 23);
  const usage: unknown = JSON.parse(headers.get('x-business-use-case-usage') ?? '{}');
  assert.equal(at(usage, ACME, 0, 'type'), 'whatsapp_business_management');
  assert.equal(at(usage, ACME, 0, 'estimated_time_to_regain_access'), 0);
  assert.equal(at(JSON.parse(headers.get('x-app-usage') ?? ''), 'call_count'), 0);
  const failed = await simulator.graph('1?fields=health_status');
  assert.equal(at(failed.json, 'error', 'fbtrace_id'), failed.headers.get('x-fb-trace-id'));
});

test('an expired version is served silently by the oldest live one', async () => {
  await using simulator = await startAcme();
  const served = async (path: string): Promise<string | null> => {
    const answer = await ask(`${simulator.graphUrl}/${path}`, {
      headers: { authorization: `Bearer ${ACME_TOKEN}` },
    });
    return answer.status === 200 ? answer.headers.get('facebook-api-version') : answer.text;
  };
  assert.equal(await served(`v19.0/${SUPPORT}`), 'v21.0');
  assert.equal(await served(SUPPORT), 'v26.0');
  assert.match((await served(`v99.0/${SUPPORT}`)) ?? '', /Unknown path components/);
  simulator.control.versions({ live: ['v27.0', 'v28.0'] });
  assert.equal(await served(`v26.0/${SUPPORT}`), 'v27.0');
});

test('reads of several ids and formatted dates are gone', async () => {
  await using simulator = await startAcme();
  for (const path of [`?ids=${SUPPORT}&fields=health_status`, `${SUPPORT}?date_format=U`]) {
    const { status, json } = await simulator.graph(path);
    assert.equal(status, 400);
    assert.match(String(at(json, 'error', 'message')), /not supported as of v26\.0/);
  }
});

test('the numbers of a WABA come page by page', async () => {
  await using simulator = await startAcme();
  const first = await simulator.graph(`${ACME}/phone_numbers?limit=2&fields=id,health_status`);
  assert.deepEqual(idsIn(first.json), [SUPPORT, '597727103418254']);
  assert.equal(at(first.json, 'data', 0, 'health_status', 'can_send_message'), 'AVAILABLE');
  const next = at(first.json, 'paging', 'next');
  assert.equal(typeof next, 'string');
  assert.ok(String(next).startsWith(`${simulator.graphUrl}/v26.0/${ACME}/phone_numbers?`));
  assert.ok(!String(next).includes(ACME_TOKEN));
  const second = await ask(String(next), { headers: { authorization: `Bearer ${ACME_TOKEN}` } });
  assert.deepEqual(idsIn(second.json), ['106540352240003']);
  assert.equal(at(second.json, 'paging', 'next'), undefined);
});

test('a portfolio lists the WABAs it owns and those shared with it, as far as they are granted', async () => {
  await using simulator = await startAcme();
  const list = async (path: string): Promise<unknown[]> =>
    idsIn((await simulator.graph(path)).json);
  assert.deepEqual(await list('me/businesses'), ['506914307656634']);
  assert.deepEqual(await list('506914307656634/owned_whatsapp_business_accounts'), [ACME]);
  assert.deepEqual(await list('506914307656634/client_whatsapp_business_accounts'), []);
  simulator.control.grant({ token: ACME_TOKEN, wabas: ['acme', 'umbrella'] });
  assert.deepEqual(await list('506914307656634/client_whatsapp_business_accounts'), [
    '102290129340000',
  ]);
  assert.deepEqual(await list(`${ACME}/message_templates?fields=name,health_status`), [
    '2632273056924580',
  ]);
});

test('a number that moved is listed under its new WABA and speaks of its new owner', async () => {
  await using simulator = await startAcme();
  simulator.control.grant({ token: ACME_TOKEN, wabas: ['acme', 'umbrella'] });
  simulator.control.move({ node: 'support', to: 'umbrella' });
  const old = await simulator.graph(`${ACME}/phone_numbers`);
  assert.ok(!idsIn(old.json).includes(SUPPORT));
  const now = await simulator.graph('102290129340000/phone_numbers');
  assert.ok(idsIn(now.json).includes(SUPPORT));
  const health = await simulator.graph(`${SUPPORT}?fields=health_status`);
  assert.equal(at(health.json, 'health_status', 'entities', 1, 'id'), '102290129340000');
});

test('an edge that a node does not have, and a write, are refused as Graph refuses them', async () => {
  await using simulator = await startAcme();
  const edge = await simulator.graph(`${SUPPORT}/phone_numbers`);
  assert.match(edge.text, /nonexisting field \(phone_numbers\)/);
  const written = await ask(`${simulator.graphUrl}/v26.0/${SUPPORT}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ACME_TOKEN}` },
  });
  assert.match(written.text, /Unsupported post request/);
});

function idsIn(json: unknown): unknown[] {
  const data = at(json, 'data');
  assert.ok(Array.isArray(data), JSON.stringify(json));
  return data.map((item: unknown) => at(item, 'id'));
}
