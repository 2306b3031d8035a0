import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { FailureCode } from '#domain/failure.ts';
import { createDialog360 } from '#upstreams/dialog360/dialog360.ts';
import { upstreamContract } from '#test/contracts/upstream.ts';
import { ACME_SECRET, Stage, fails } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';
import { answersJson } from '#test/fakes/scripted-server.ts';

const subject: UpstreamSubject = {
  nodeId: null,
  tokenRejected: 'not_found_or_forbidden',
  open: createDialog360,
  batched: ([answer = {}]) => answer,
};
const GOOD = { health_status: { can_send_message: 'AVAILABLE', entities: [] }, id: '1' };

upstreamContract('dialog360', subject);

test('a read asks without a query, with the key in its header', async () => {
  await using stage = await Stage.start(subject, answersJson(GOOD), { path: '/dialog360' });
  await stage.read();
  const [request] = stage.server.seen;
  assert.equal(request?.method, 'GET');
  assert.equal(request?.target, '/dialog360/health_status');
  assert.equal(request?.headers['d360-api-key'], ACME_SECRET.reveal());
  assert.equal(request?.headers['authorization'], undefined);
});

test('named fields go without the health status, which 360dialog adds itself', async () => {
  await using stage = await Stage.start(subject, answersJson(GOOD));
  await stage.readFields(['display_phone_number', 'health_status', 'quality_rating']);
  await stage.readFields(['health_status']);
  const targets = stage.server.seen.map(({ target }) => target);
  assert.deepEqual(targets, [
    '/health_status?fields=display_phone_number,quality_rating',
    '/health_status',
  ]);
});

test('headers of Meta that are passed on are read', async () => {
  const headers = { 'facebook-api-version': 'v26.0', 'x-app-usage': '{"call_count":9}' };
  await using stage = await Stage.start(subject, answersJson(GOOD, { headers }));
  const answer = await stage.read();
  assert.ok(answer.ok);
  assert.equal(answer.served.version, 'v26.0');
  assert.equal(answer.usage[0]?.percent, 9);
});

test('the three documented texts of a 400 are known in every shape of an error', async () => {
  const texts: Record<string, FailureCode> = {
    'WhatsApp for Business API has been disabled': 'account_disabled',
    'You have exceeded the endpoint rate limit': 'rate_limited',
    'Message could not be sent due to lack of payment (overdue invoices)': 'account_disabled',
  };
  for (const [text, code] of Object.entries(texts)) {
    for (const body of shapesOf(text)) await means(code, body, 400);
  }
});

test('a rejected key is rejected whatever the words', async () => {
  for (const body of shapesOf('Invalid API key')) await means('credential_rejected', body, 401);
  await means('credential_rejected', { error: 'has been disabled' }, 401);
  await fails(subject, { status: 401, body: '' }, 'credential_rejected');
  await fails(subject, { status: 401, body: 'Unauthorized' }, 'credential_rejected');
});

test('other errors of its own are judged by their status', async () => {
  await means('not_found_or_forbidden', { error: 'the endpoint is blocked' }, 403);
  await means('not_found_or_forbidden', { error: 'not found' }, 404);
  await means('rate_limited', { error: 'slow down' }, 429);
  await means('upstream_error', { error: 'something new' }, 400);
  await means('upstream_error', { error: 'internal server error' }, 500);
  await means('upstream_error', { error: 'WhatsApp for Business API not available' }, 502);
  await means('malformed_answer', { error: 'an error in a 200' }, 200);
});

test('its own sentence is told', async () => {
  for (const body of shapesOf('the endpoint is blocked')) {
    const failure = await means('not_found_or_forbidden', body, 403);
    assert.equal(failure.detail, '360dialog answered 403: the endpoint is blocked.');
  }
});

test("an error of Meta's that is passed on is judged by Meta's table", async () => {
  await means('account_disabled', metas(131_042), 400);
  await means('rate_limited', metas(80_008), 400);
  await means('not_found_or_forbidden', metas(10), 403);
  await means('upstream_error', metas(131_016), 500);
  const failure = await means('upstream_error', metas(2, { fbtrace_id: 'Abc' }), 500);
  assert.equal(failure.graphCode, 2);
  assert.equal(failure.traceId, 'Abc');
});

test("when Meta rejects 360dialog's own token, our key is not to blame", async () => {
  for (const status of [400, 401, 500]) {
    await means('not_found_or_forbidden', metas(190, { error_subcode: 467 }), status);
  }
});

test('an error object with a number of its own is not taken for one of Meta', async () => {
  for (const code of [0, 401, 1_013]) {
    await means('credential_rejected', { error: { message: 'Invalid API key', code } }, 401);
  }
});

function shapesOf(text: string): readonly unknown[] {
  return [
    { error: text },
    { error: { message: text } },
    { message: text },
    { meta: { success: false, http_code: 400, developer_message: text } },
    { errors: [{ code: 1_013, title: 'Error', details: text }] },
    { errors: [{ code: 1_013, title: text }] },
  ];
}

function metas(code: number, more: object = {}): unknown {
  return { error: { message: "Meta's sentence", type: 'OAuthException', code, ...more } };
}

function means(code: FailureCode, body: unknown, status: number) {
  return fails(subject, { status, body: JSON.stringify(body) }, code, JSON.stringify(body));
}
