/** Graph's batches: what is sent, and what is made of any reply. */
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Secret } from '#domain/secret.ts';
import { createGraph } from '#upstreams/graph/graph.ts';
import { graphBatch, wordsOf } from '#test/fakes/graph-batch.ts';
import { answers, answersJson } from '#test/fakes/scripted-server.ts';
import { ACME_SECRET, GOOD, Stage } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';
import { ACME_APP, APP_SECRET, SUPPORT, UMBRELLA_TOKEN } from '#test/simulator/acme.ts';

const SALES = '597727103418254';
const UMBRELLA = { secret: new Secret(UMBRELLA_TOKEN), app: null };
const GOOD_ITEM = { body: JSON.stringify(GOOD) };
const subject: UpstreamSubject = {
  nodeId: SUPPORT,
  tokenRejected: 'credential_rejected',
  open: createGraph,
  batched: graphBatch,
};

test('a batch is one form to the version itself, its secrets in header and body', async () => {
  await using stage = await Stage.start(
    subject,
    answers(graphBatch([GOOD_ITEM, GOOD_ITEM, GOOD_ITEM])),
  );
  const app = { metaAppId: ACME_APP, secret: new Secret(APP_SECRET) };
  const access = { secret: ACME_SECRET, app };
  await stage.readBatch([{ access }, { access, nodeId: SALES }, { access: UMBRELLA }]);
  const [request] = stage.server.seen;
  assert.equal(`${request?.method} ${request?.target}`, 'POST /v26.0/');
  assert.equal(request?.headers['authorization'], `Bearer ${ACME_SECRET.reveal()}`);
  assert.equal(request?.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(request?.headers['accept-encoding'], 'identity');
  const { batch, ...form } = Object.fromEntries(new URLSearchParams(request?.body));
  const seconds = String(stage.clock.now() / 1000);
  assert.deepEqual(form, {
    include_headers: 'true',
    appsecret_proof: proofOf(ACME_SECRET.reveal(), seconds),
    appsecret_time: seconds,
  });
  assert.deepEqual(JSON.parse(batch ?? ''), [
    { method: 'GET', relative_url: `${SUPPORT}?fields=health_status` },
    { method: 'GET', relative_url: `${SALES}?fields=health_status` },
    {
      method: 'GET',
      relative_url: `${SUPPORT}?fields=health_status`,
      access_token: UMBRELLA_TOKEN,
    },
  ]);
});

test('an item with another app than the first brings its own proof', async () => {
  await using stage = await Stage.start(subject, answers(graphBatch([GOOD_ITEM, GOOD_ITEM])));
  const app = { metaAppId: '634974688087099', secret: new Secret(APP_SECRET) };
  await stage.readBatch([{}, { access: { secret: UMBRELLA.secret, app } }]);
  const form = new URLSearchParams(stage.server.seen[0]?.body);
  assert.equal(form.get('appsecret_proof'), null);
  const seconds = String(stage.clock.now() / 1000);
  const proof = `appsecret_proof=${proofOf(UMBRELLA_TOKEN, seconds)}&appsecret_time=${seconds}`;
  assert.deepEqual(Object(JSON.parse(form.get('batch') ?? ''))[1], {
    method: 'GET',
    relative_url: `${SUPPORT}?fields=health_status&${proof}`,
    access_token: UMBRELLA_TOKEN,
  });
});

test('a question that cannot be put is answered, and its neighbours are asked', async () => {
  await using stage = await Stage.start(subject, answers(graphBatch([GOOD_ITEM, null])));
  const broken = { secret: new Secret('two words'), app: null };
  const batch = await stage.readBatch([{ access: broken }, {}, { nodeId: '../me' }, {}]);
  assert.deepEqual(wordsOf(batch), ['credential_rejected', 'good', 'not_found_or_forbidden', null]);
  assert.doesNotMatch(stage.server.seen[0]?.body ?? '', /two|me%22/);
});

test('what an item does not tell in its headers, the batch tells', async () => {
  const own = { 'X-App-Usage': '{"call_count":9}', 'facebook-api-version': 'v25.0' };
  const items = [GOOD_ITEM, { ...GOOD_ITEM, headers: own }];
  const outer = {
    'x-business-use-case-usage': '{"1":[{"type":"whatsapp","call_count":50}]}',
    'facebook-api-version': 'v26.0',
    'x-fb-trace-id': 'Outer1',
  };
  await using stage = await Stage.start(subject, answers(graphBatch(items, { headers: outer })));
  const batch = await stage.readBatch([{}, {}]);
  const [first, second] = batch.ok ? batch.answers : [];
  assert.ok(first?.ok === true && second?.ok === true);
  assert.deepEqual(first.served, { version: 'v26.0', traceId: 'Outer1' });
  assert.equal(first.usage[0]?.percent, 50);
  assert.deepEqual(second.served, { version: 'v25.0', traceId: 'Outer1' });
  assert.deepEqual(second.usage, [{ scope: 'app', type: 'app', percent: 9, regainMs: 0 }]);
});

test('an entry in no known form spoils itself alone', async () => {
  const entries = [
    7,
    'text',
    [],
    {},
    { code: '200', body: '{}' },
    { code: 200.5, body: '{}' },
    { code: 200, body: { health_status: {} } },
    { code: 200 },
    { code: 200, headers: null, body: null },
    {
      code: 200,
      headers: [null, 7, { name: '__proto__', value: 'x' }],
      body: JSON.stringify(GOOD),
    },
  ];
  await using stage = await Stage.start(subject, answersJson(entries));
  const batch = await stage.readBatch(entries.map(() => ({})));
  const malformed = Array.from({ length: 9 }, () => 'malformed_answer');
  assert.deepEqual(wordsOf(batch), [...malformed, 'good']);
});

test('half a character of an item becomes the one that stands for it', async () => {
  const body = String.raw`[{"code":200,"body":"{\"health_status\":{\"can_send_message\":\"\ud83d\"}}"}]`;
  await using stage = await Stage.start(subject, answers({ body }));
  const batch = await stage.readBatch();
  const [answer] = batch.ok ? batch.answers : [];
  assert.ok(answer?.ok === true);
  assert.equal(answer.report.reported, '\ufffd');
  assert.match(Buffer.from(answer.body).toString('utf8'), /"\ufffd"/);
});

test('a batch that fails as a whole says how', async () => {
  const usage = { 'x-app-usage': '{"call_count":100,"estimated_time_to_regain_access":5}' };
  const good = graphBatch([GOOD_ITEM, GOOD_ITEM]).body?.toString() ?? '';
  const table = [
    [{ body: '[]' }, 'malformed_answer', /answered 200 with 0 answers to 2 questions/],
    [graphBatch([GOOD_ITEM]), 'malformed_answer', /with 1 answers to 2/],
    [graphBatch([null, null, null]), 'malformed_answer', /with 3 answers to 2/],
    [{ body: '{}' }, 'malformed_answer', /no list of answers/],
    [{ body: 'null' }, 'malformed_answer', /no list of answers/],
    [{ body: good.slice(0, -3) }, 'malformed_answer', /no JSON/],
    [{ body: Buffer.from('["\xff"]', 'latin1') }, 'malformed_answer', /no JSON/],
    [{ body: '['.repeat(300_000) }, 'malformed_answer', /no JSON/],
    [{ status: 201, body: good }, 'malformed_answer', /JSON that is no object/],
    [{ status: 500, body: '{"error":{"code":2}}' }, 'upstream_error', /error 2/],
    [{ status: 200, body: '{"error":{"code":190}}' }, 'credential_rejected', /error 190/],
    [{ status: 400, body: '{"error":{"code":4}}', headers: usage }, 'rate_limited', /error 4/],
    [{ status: 400, body: '{"error":{"message":"Too many"}}' }, 'upstream_error', /of its own/],
    [{ status: 404, body: '{}' }, 'not_found_or_forbidden', /without a list of answers/],
    [{ body: `["${'x'.repeat(4 * 1_048_576)}"]` }, 'malformed_answer', /more than 4194304 bytes/],
  ] as const;
  for (const [answer, code, detail] of table) {
    await using stage = await Stage.start(subject, answers(answer));
    const batch = await stage.readBatch([{}, {}]);
    assert.ok(!batch.ok, code);
    assert.equal(batch.failure.code, code, batch.failure.detail);
    assert.match(batch.failure.detail, detail);
    if (code === 'rate_limited') {
      assert.equal(batch.failure.retryAfterMs, 300_000);
      assert.equal(batch.usage[0]?.percent, 100);
    }
  }
});

test('an item of one is as large as an answer may be, and all together four times that', async () => {
  const padding = 'x'.repeat(1_048_576 - JSON.stringify({ ...GOOD, padding: '' }).length);
  const item = { body: JSON.stringify({ ...GOOD, padding }) };
  const three = graphBatch([item, item, item]);
  await using stage = await Stage.start(subject, answers(three));
  assert.deepEqual(wordsOf(await stage.readBatch([{}, {}, {}])), ['good', 'good', 'good']);
});

function proofOf(token: string, seconds: string): string {
  return createHmac('sha256', APP_SECRET).update(`${token}|${seconds}`).digest('hex');
}
