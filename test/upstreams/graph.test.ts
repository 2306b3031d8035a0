import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Failure, FailureCode } from '#domain/failure.ts';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import { createGraph } from '#upstreams/graph/graph.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import { upstreamContract } from '#test/contracts/upstream.ts';
import { ACME_SECRET, Stage } from '#test/fakes/upstream-stage.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';
import { graphBatch } from '#test/fakes/graph-batch.ts';
import { answersJson } from '#test/fakes/scripted-server.ts';
import type { ScriptedAnswer } from '#test/fakes/scripted-server.ts';

const SUPPORT = '106540352242922';
const subject: UpstreamSubject = {
  nodeId: SUPPORT,
  tokenRejected: 'credential_rejected',
  open: createGraph,
  batched: graphBatch,
};
const GOOD = { health_status: { can_send_message: 'AVAILABLE', entities: [] }, id: SUPPORT };
const APP_SECRET = new Secret('4cme4pp5ecret0123456789abcdef012');

upstreamContract('graph', subject);

test('a read asks for the health status of the node alone, with the token in a header', async () => {
  await using stage = await Stage.start(subject, answersJson(GOOD));
  await stage.read();
  const [request] = stage.server.seen;
  assert.equal(request?.method, 'GET');
  assert.equal(request?.target, `/v26.0/${SUPPORT}?fields=health_status`);
  assert.equal(request?.headers['authorization'], `Bearer ${ACME_SECRET.reveal()}`);
  assert.equal(request?.headers['accept'], 'application/json');
});

test('a path in the base address stands before the version', async () => {
  await using stage = await Stage.start(subject, answersJson(GOOD), { path: '/graph/' });
  await stage.read();
  assert.equal(stage.server.seen[0]?.target, `/graph/v26.0/${SUPPORT}?fields=health_status`);
});

test('another version is asked for when told so', async () => {
  const older: UpstreamSubject = {
    ...subject,
    open: (options) => createGraph({ ...options, version: 'v25.0' }),
  };
  await using stage = await Stage.start(older, answersJson(GOOD));
  await stage.read();
  assert.match(stage.server.seen[0]?.target ?? '', /^\/v25\.0\//);
});

test("with the app's secret each call carries its proof and its time", async () => {
  await using stage = await Stage.start(subject, answersJson(GOOD));
  const proofs = new Set<string>();
  for (const [token, secret, laterMs] of [
    [ACME_SECRET, APP_SECRET, 0],
    [ACME_SECRET, APP_SECRET, 1_500],
    [ACME_SECRET, new Secret('the secret after'), 0],
    [new Secret('umbrellas-token'), APP_SECRET, 0],
  ] as const) {
    await stage.clock.advance(laterMs);
    await stage.read({ access: { secret: token, app: { metaAppId: '634974688087057', secret } } });
    const seconds = Math.floor(stage.clock.now() / 1000);
    const proof = createHmac('sha256', secret.reveal())
      .update(`${token.reveal()}|${seconds}`)
      .digest('hex');
    const query = `fields=health_status&appsecret_proof=${proof}&appsecret_time=${seconds}`;
    assert.equal(stage.server.seen.at(-1)?.target, `/v26.0/${SUPPORT}?${query}`);
    proofs.add(proof);
  }
  assert.equal(proofs.size, 4);
});

test('without the secret of its app a call carries no proof', async () => {
  await using stage = await Stage.start(subject, answersJson(GOOD));
  const app = { metaAppId: '634974688087057', secret: null };
  await stage.read({ access: { secret: ACME_SECRET, app } });
  assert.doesNotMatch(stage.server.seen[0]?.target ?? '', /appsecret/);
});

test('named fields are asked for beside the health status, which is named once', async () => {
  await using stage = await Stage.start(subject, answersJson(GOOD));
  await stage.readFields(['display_phone_number', 'health_status', 'id']);
  const target = `/v26.0/${SUPPORT}?fields=health_status,display_phone_number,id`;
  assert.equal(stage.server.seen[0]?.target, target);
});

test('a node id that could lead elsewhere is not asked for', async () => {
  for (const nodeId of [
    '',
    '..',
    'me/accounts',
    '1?fields=id',
    '1%2f2',
    'x'.repeat(129),
    '\ud800',
  ]) {
    await using stage = await Stage.start(subject, answersJson(GOOD));
    const answer = await stage.read({ nodeId });
    assert.equal(!answer.ok && answer.failure.code, 'not_found_or_forbidden', nodeId);
    assert.equal(stage.server.seen.length, 0);
  }
});

test('a wrong address or version stops the start with a sentence', () => {
  const clock = createFakeClock();
  const transport = createTransport({ clock });
  const refuses = (wrong: { baseUrl?: string; version?: string }): void => {
    assert.throws(
      () => createGraph({ transport, clock, ...wrong }),
      (error) => error instanceof Problem && error.code === 'cannot_start',
    );
  };
  for (const baseUrl of ['graph', 'ftp://a.example', 'https://u:p@a.example', 'https://a?x=1']) {
    refuses({ baseUrl });
  }
  for (const version of ['26', 'v26', '', 'v26.0/me']) refuses({ version });
});

test('the version that served an answer and its trace are kept', async () => {
  const answer = await goodWith({ 'facebook-api-version': 'v25.0', 'x-fb-trace-id': 'AbC/1+2=' });
  assert.deepEqual(answer.served, { version: 'v25.0', traceId: 'AbC/1+2=' });
});

test('a version or trace that does not look like one is left out', async () => {
  const headers = { 'facebook-api-version': '<b>', 'x-fb-request-id': 'two words' };
  assert.deepEqual((await goodWith(headers)).served, { version: null, traceId: null });
});

test('reported use of quotas is read, its regain minutes as ms', async () => {
  const { usage } = await goodWith({
    'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":31}',
    'x-business-use-case-usage':
      '{"102290129340398":[{"type":"whatsapp_business_management","call_count":100,' +
      '"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":12},{"type":"whatsapp",' +
      '"call_count":2,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}]}',
  });
  assert.deepEqual(usage, [
    { scope: 'app', type: 'app', percent: 31, regainMs: 0 },
    {
      scope: '102290129340398',
      type: 'whatsapp_business_management',
      percent: 100,
      regainMs: 720_000,
    },
    { scope: '102290129340398', type: 'whatsapp', percent: 2, regainMs: 0 },
  ]);
});

test('a throttled answer waits as long as the longest wait that it names', async () => {
  const failure = await failed({
    error: { code: 80007, message: 'Rate limit' },
    status: 400,
    headers: {
      'retry-after': '60',
      'x-business-use-case-usage': '{"1":[{"type":"x","estimated_time_to_regain_access":7}]}',
    },
  });
  assert.equal(failure.code, 'rate_limited');
  assert.equal(failure.retryAfterMs, 7 * 60_000);
});

test('an error is told with its code, subcode, trace and sentence', async () => {
  const failure = await failed({
    error: {
      message: 'Error validating access token: Session has expired',
      type: 'OAuthException',
      code: 190,
      error_subcode: 463,
      fbtrace_id: 'AxyZ123_abc',
    },
    status: 401,
  });
  assert.deepEqual(failure, {
    code: 'credential_rejected',
    detail:
      'Graph answered 401, error 190/463: Error validating access token: Session has expired.',
    httpStatus: 401,
    graphCode: 190,
    graphSubcode: 463,
    retryAfterMs: null,
    traceId: 'AxyZ123_abc',
  });
});

test('an error in a 200 is an error', async () => {
  await means('credential_rejected', { code: 190 }, 200);
  await means('upstream_error', { code: 987_654 }, 200);
});

test('a code outside the table is judged by its status', async () => {
  const byStatus: Record<number, FailureCode> = {
    400: 'upstream_error',
    401: 'credential_rejected',
    403: 'not_found_or_forbidden',
    404: 'not_found_or_forbidden',
    429: 'rate_limited',
    500: 'upstream_error',
  };
  for (const [status, code] of Object.entries(byStatus)) {
    await means(code, { code: 987_654 }, Number(status));
  }
});

test('envelopes in odd shapes are read as far as they go', async () => {
  await means('credential_rejected', { code: '190', message: 7, error_subcode: '463' }, 400);
  await means('credential_rejected', { code: 190, error_data: 'x', fbtrace_id: {} }, 400);
  for (const error of ['190', [{ code: 190 }], { code: {} }, { code: 1e300 }, {}, true]) {
    await means('upstream_error', error, 400);
  }
});

test('the details of an error belong to its sentence', async () => {
  const error_data = { messaging_product: 'whatsapp', details: 'The account is locked.' };
  const error = { code: 131_031, message: '(#131031) Locked', error_data };
  const { detail } = await failed({ error, status: 403 });
  assert.equal(detail, 'Graph answered 403, error 131031: (#131031) Locked The account is locked.');
});

test("an unknown field is told with Meta's sentence", async () => {
  const message =
    '(#100) Tried accessing nonexisting field (foo) on node type (WhatsAppBusinessPhoneNumber)';
  const script = answersJson({ error: { message, code: 100 } }, { status: 400 });
  await using stage = await Stage.start(subject, script);
  const answer = await stage.readFields(['foo']);
  assert.ok(!answer.ok);
  assert.equal(answer.failure.code, 'upstream_error');
  assert.equal(answer.failure.graphCode, 100);
  assert.ok(answer.failure.detail.endsWith(`${message}.`), answer.failure.detail);
});

test("the app's secret and the proof are not told either", async () => {
  const app = { metaAppId: '634974688087057', secret: APP_SECRET };
  await using stage = await Stage.start(subject, (socket, request) => {
    const message = `Invalid appsecret_proof ${request.target} ${APP_SECRET.reveal()}`;
    answersJson({ error: { message, code: 100 } }, { status: 400 })(socket, request);
  });
  const answer = await stage.read({ access: { secret: ACME_SECRET, app } });
  assert.ok(!answer.ok);
  assert.equal(answer.failure.code, 'credential_rejected');
  const proof = /appsecret_proof=(\w+)/.exec(stage.server.seen[0]?.target ?? '')?.[1] ?? '?';
  assert.ok(!answer.failure.detail.includes(proof), answer.failure.detail);
  assert.ok(!answer.failure.detail.includes(APP_SECRET.reveal()));
});

async function failed({ error, ...answer }: ScriptedAnswer & { error: unknown }): Promise<Failure> {
  await using stage = await Stage.start(subject, answersJson({ error }, answer));
  const read = await stage.read();
  assert.ok(!read.ok);
  return read.failure;
}

async function goodWith(headers: Readonly<Record<string, string>>) {
  await using stage = await Stage.start(subject, answersJson(GOOD, { headers }));
  const answer = await stage.read();
  assert.ok(answer.ok);
  return answer;
}

async function means(code: FailureCode, error: unknown, status: number): Promise<void> {
  const failure = await failed({ error, status });
  assert.equal(failure.code, code, `${status} ${JSON.stringify(error)}`);
}
