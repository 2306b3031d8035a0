/** Batch requests: many reads in one, each with its own token and its own fate. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import {
  ACME_APP,
  ACME_TOKEN,
  ACME_WORLD,
  APP_SECRET,
  ask,
  at,
  startAcme,
  SUPPORT,
  UMBRELLA_TOKEN,
} from './acme.ts';
import type { AcmeSimulator, Answered } from './acme.ts';

const UMBRELLA_DESK = '106540352240009';

test('a batch answers item by item in order, as a form and as JSON', async () => {
  await using simulator = await startAcme();
  const batch = [item(`${SUPPORT}?fields=health_status`), item('v26.0/nowhere')];
  const single = await simulator.graph(`${SUPPORT}?fields=health_status`);
  for (const send of [sendJson, sendForm]) {
    const { status, json } = await send(simulator, { batch });
    assert.equal(status, 200);
    assert.equal(at(json, 0, 'code'), 200);
    assert.equal(at(json, 0, 'body'), single.text);
    assert.equal(at(json, 1, 'code'), 400);
    const failed: unknown = JSON.parse(String(at(json, 1, 'body')));
    assert.equal(at(failed, 'error', 'error_subcode'), 33);
  }
});

test('item headers tell version and usage, unless they are not wanted', async () => {
  await using simulator = await startAcme();
  const batch = [item(SUPPORT)];
  const full = await sendJson(simulator, { batch });
  const headers = at(full.json, 0, 'headers');
  assert.ok(Array.isArray(headers));
  const names = headers.map((header: unknown) => at(header, 'name'));
  assert.ok(names.includes('facebook-api-version') && names.includes('x-business-use-case-usage'));
  assert.match(full.headers.get('x-business-use-case-usage') ?? '', /^\{"102290129340398":\[/);
  for (const send of [sendJson, sendForm]) {
    const bare = await send(simulator, { batch, include_headers: false });
    assert.deepEqual(Object.keys(Object(at(bare.json, 0))), ['code', 'body']);
  }
});

test('each item is read with its own token', async () => {
  await using simulator = await startAcme();
  const batch = [
    { ...item(UMBRELLA_DESK), access_token: UMBRELLA_TOKEN },
    item(UMBRELLA_DESK),
    { ...item(UMBRELLA_DESK), headers: [`Authorization: Bearer ${UMBRELLA_TOKEN}`] },
    { ...item(SUPPORT), access_token: 'EAAGnobody' },
    item(`${UMBRELLA_DESK}?access_token=${UMBRELLA_TOKEN}`),
  ];
  const { json } = await sendJson(simulator, { batch });
  assert.deepEqual(codesIn(json), [200, 400, 200, 401, 200]);
});

test("an item's proof must fit the item's own token", async () => {
  await using simulator = await startAcme({
    world: {
      ...ACME_WORLD,
      apps: [
        { id: '634974688087057', name: 'acme-app', secret: APP_SECRET, proof_required: true },
        { id: '634974688087099', name: 'umbrella-app', secret: 'umbrella', proof_required: true },
      ],
    },
  });
  const acme = createHmac('sha256', APP_SECRET).update(ACME_TOKEN).digest('hex');
  const umbrella = createHmac('sha256', 'umbrella').update(UMBRELLA_TOKEN).digest('hex');
  const foreign = { ...item(UMBRELLA_DESK), access_token: UMBRELLA_TOKEN };
  const batch = [
    item(SUPPORT),
    { ...foreign, appsecret_proof: umbrella },
    foreign,
    { ...foreign, appsecret_proof: acme },
  ];
  const { json } = await sendJson(simulator, { batch, appsecret_proof: acme });
  assert.deepEqual(codesIn(json), [200, 200, 400, 400]);
  assert.match(JSON.stringify(at(json, 2)), /require an appsecret_proof argument/);
  assert.match(JSON.stringify(at(json, 3)), /Invalid appsecret_proof/);
});

test('fifty items are a batch and fifty-one are too many', async () => {
  await using simulator = await startAcme();
  assert.equal(codesIn((await sendJson(simulator, { batch: reads(50) })).json).length, 50);
  const { status, json } = await sendJson(simulator, { batch: reads(51) });
  assert.equal(status, 400);
  assert.equal(at(json, 'error', 'type'), 'GraphBatchException');
  assert.match(String(at(json, 'error', 'message')), /Maximum batch size is 50/);
});

test('a batch without a usable fallback token or without items fails as a whole', async () => {
  await using simulator = await startAcme();
  const batch = [{ ...item(SUPPORT), access_token: ACME_TOKEN }];
  const nobody = await sendJson(simulator, { batch }, null);
  assert.equal(at(nobody.json, 'error', 'code'), 104);
  simulator.control.invalidate({ token: ACME_TOKEN });
  const dead = await sendJson(simulator, { batch });
  assert.equal(dead.status, 401);
  assert.equal(at(dead.json, 'error', 'error_subcode'), 467);
  const shapeless = await sendJson(simulator, { batch: 'soon' }, UMBRELLA_TOKEN);
  assert.match(shapeless.text, /must be a JSON array/);
});

test("an app's own token leads a batch, and opens nothing in it but tokens", async () => {
  await using simulator = await startAcme();
  const batch = [item(`debug_token?input_token=${ACME_TOKEN}`), item(SUPPORT)];
  const asApp = await sendJson(simulator, { batch }, `${ACME_APP}|${APP_SECRET}`);
  assert.deepEqual(codesIn(asApp.json), [200, 401]);
  assert.match(String(at(asApp.json, 0, 'body')), /"is_valid":true/);
  const wrong = await sendJson(simulator, { batch }, `${ACME_APP}|another`);
  assert.equal(wrong.status, 401);
});

test('a fault can leave one item unfinished, spoil one item, or spoil the batch', async () => {
  await using simulator = await startAcme();
  const batch = [item(`${SUPPORT}?fields=health_status`), item('597727103418254')];
  simulator.control.fault({ kind: 'null_item', node: 'support', next: 1 });
  const unfinished = await sendJson(simulator, { batch });
  assert.equal(at(unfinished.json, 0), null);
  assert.equal(at(unfinished.json, 1, 'code'), 200);
  simulator.control.fault({ kind: 'truncated', level: 'item', node: 'support', next: 1 });
  const spoiled = await sendJson(simulator, { batch });
  assert.equal(at(spoiled.json, 0, 'code'), 200);
  assert.throws(() => JSON.parse(String(at(spoiled.json, 0, 'body'))), SyntaxError);
  simulator.control.fault({ kind: 'status', level: 'request', node: 'sales', status: 503 });
  const whole = await sendJson(simulator, { batch });
  assert.equal(whole.status, 503);
  assert.equal(at(whole.json, 'error', 'is_transient'), true);
  assert.equal((await simulator.graph(SUPPORT)).status, 200);
});

test('a batch is one request and as many reads as it has items', async () => {
  await using simulator = await startAcme();
  await sendJson(simulator, { batch: [item(SUPPORT), item(SUPPORT), item('597727103418254')] });
  const counts = simulator.control.counts();
  assert.equal(counts.requests, 1);
  assert.equal(counts.batches, 1);
  assert.equal(counts.items, 3);
  assert.equal(counts.reads, 3);
  assert.equal(simulator.control.readsOf('support'), 2);
});

function item(relativeUrl: string): { method: string; relative_url: string } {
  return { method: 'GET', relative_url: relativeUrl };
}

function reads(count: number): object[] {
  return Array.from({ length: count }, () => item(SUPPORT));
}

function codesIn(json: unknown): unknown[] {
  assert.ok(Array.isArray(json), JSON.stringify(json));
  return json.map((answer: unknown) => at(answer, 'code'));
}

function sendJson(
  simulator: AcmeSimulator,
  body: object,
  token: string | null = ACME_TOKEN,
): Promise<Answered> {
  return ask(`${simulator.graphUrl}/v26.0/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
}

function sendForm(
  simulator: AcmeSimulator,
  body: { batch: object; include_headers?: boolean },
): Promise<Answered> {
  const form = new URLSearchParams({ batch: JSON.stringify(body.batch), access_token: ACME_TOKEN });
  if (body.include_headers !== undefined) {
    form.set('include_headers', String(body.include_headers));
  }
  return ask(`${simulator.graphUrl}/`, { method: 'POST', body: form });
}
