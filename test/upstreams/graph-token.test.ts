/** Tokens that are looked at: what is asked, by whom, and what it comes to. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TokenAnswer } from '#ports/directory.ts';
import type { Access } from '#ports/upstream.ts';
import { createGraph } from '#upstreams/graph/graph.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { graphBatch } from '#test/fakes/graph-batch.ts';
import { answers, ScriptedServer } from '#test/fakes/scripted-server.ts';
import type { ScriptedAnswer } from '#test/fakes/scripted-server.ts';
import { ACME, ACME_APP, ACME_TOKEN, ACME_WORLD, APP_SECRET } from '#test/simulator/acme.ts';
import { accessOf, GraphWorld, PROVEN, TIMEOUT_MS } from './graph-world.ts';

const WELL = {
  metaAppId: ACME_APP,
  type: 'SYSTEM_USER',
  isValid: true,
  expiresAt: null,
  dataAccessExpiresAt: null,
  scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
  targetIds: [ACME],
  error: null,
};

test('a token is looked at by its app, or by itself', async () => {
  await using world = await GraphWorld.start();
  for (const access of [PROVEN, accessOf()]) {
    const answer = await world.graph.directory.inspectToken(access, TIMEOUT_MS);
    assert.deepEqual(answer, { ok: true, facts: WELL });
  }
  const askers = world.relay.seen.map(({ headers }) => headers.authorization);
  assert.deepEqual(askers, [`Bearer ${ACME_APP}|${APP_SECRET}`, `Bearer ${ACME_TOKEN}`]);
});

test('the token that is looked at is in no URL', async () => {
  await using world = await GraphWorld.start();
  await world.graph.directory.inspectToken(PROVEN, TIMEOUT_MS);
  await world.graph.directory.inspectToken(accessOf(), TIMEOUT_MS);
  for (const { target, body } of world.relay.seen) {
    assert.equal(target, '/graph/v26.0/');
    assert.ok(body.includes(ACME_TOKEN), 'it is in the body');
  }
});

test('an end, missing permissions and missing grants are told', async () => {
  const expires_at = 1_900_000_000;
  const scopes = ['whatsapp_business_messaging'];
  await using world = await GraphWorld.start({
    ...ACME_WORLD,
    tokens: [{ text: ACME_TOKEN, app: 'acme-app', expires_at, scopes }],
  });
  assert.deepEqual(await world.graph.directory.inspectToken(PROVEN, TIMEOUT_MS), {
    ok: true,
    facts: { ...WELL, expiresAt: expires_at * 1000, scopes, targetIds: null },
  });
});

test('a dead token is told with its reason by its app; by itself it is rejected', async () => {
  await using world = await GraphWorld.start();
  world.simulator.control.invalidate({ token: ACME_TOKEN });
  const { directory } = world.graph;
  const byApp = await directory.inspectToken(PROVEN, TIMEOUT_MS);
  assert.ok(byApp.ok);
  assert.equal(byApp.facts.isValid, false);
  assert.equal(byApp.facts.error?.subcode, 467);
  assert.match(byApp.facts.error.message ?? '', /logged out/);
  assert.deepEqual(wordsOf(await directory.inspectToken(accessOf(), TIMEOUT_MS)), [
    'credential_rejected',
    'token',
  ]);
});

test('an app whose secret is wrong is no word about the token', async () => {
  await using world = await GraphWorld.start();
  const wrong = accessOf(ACME_TOKEN, 'another secret than the app has'.replaceAll(' ', '-'));
  const answer = await world.graph.directory.inspectToken(wrong, TIMEOUT_MS);
  assert.deepEqual(wordsOf(answer), ['credential_rejected', 'app']);
});

test('a token that nobody knows is not valid, and belongs to no app', async () => {
  await using world = await GraphWorld.start();
  const stranger = accessOf('EAAGnobodyHasThisOne', APP_SECRET);
  const answer = await world.graph.directory.inspectToken(stranger, TIMEOUT_MS);
  assert.ok(answer.ok);
  assert.deepEqual([answer.facts.isValid, answer.facts.metaAppId], [false, null]);
});

test('what does not say whether the token is valid is malformed, what was not finished late', async () => {
  const table = [
    [{ body: '{}' }, 'malformed_answer'],
    [{ body: '{"data":{"is_valid":"yes"}}' }, 'malformed_answer'],
    [{ body: '[]' }, 'malformed_answer'],
    [{ status: 400, body: '{"error":{"code":100}}' }, 'upstream_error'],
    [{ body: 'x'.repeat(2_000_000) }, 'malformed_answer'],
    [null, 'timeout'],
  ] as const;
  for (const [item, code] of table) {
    assert.deepEqual(wordsOf(await told(graphBatch([item]))), [code, 'app']);
  }
  assert.deepEqual(wordsOf(await told({ status: 503, body: 'busy' })), ['upstream_error', 'app']);
});

test('secrets in the words of Meta are not told', async () => {
  // Of letters alone and not long: nothing about them looks like a secret.
  const [token, appSecret] = ['acmesTokenInLetters', 'acmesAppInLetters'];
  const message = `Bad token ${token} of app secret ${appSecret}`;
  for (const body of [
    { data: { is_valid: false, error: { code: 190, message } } },
    { error: { code: 190, message } },
  ]) {
    const answer = await told(
      graphBatch([{ body: JSON.stringify(body) }]),
      accessOf(token, appSecret),
    );
    const shown = JSON.stringify(answer);
    assert.match(shown, /Bad token \[redacted\]/);
    assert.doesNotMatch(shown, /InLetters/);
  }
});

test('no answer about a token makes looking at it reject', async () => {
  const field = fc.oneof(fc.jsonValue(), fc.integer(), fc.array(fc.string()));
  const grant = fc.record({ scope: field, target_ids: field }, { requiredKeys: [] });
  const data = fc.record(
    {
      is_valid: fc.oneof(fc.boolean(), field),
      app_id: field,
      type: field,
      expires_at: field,
      data_access_expires_at: field,
      scopes: field,
      granular_scopes: fc.oneof(fc.array(grant), field),
      error: fc.oneof(fc.record({ code: field, subcode: field, message: field }), field),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(data, async (value) => {
      const body = JSON.stringify({ data: value });
      const answer = await told(graphBatch([{ body }]));
      assert.equal(answer.ok, typeof value.is_valid === 'boolean', body);
    }),
    { numRuns: 50 },
  );
});

/** What a look at a token, Acme's unless told, comes to when this is Graph's answer. */
async function told(answer: ScriptedAnswer, access: Access = PROVEN): Promise<TokenAnswer> {
  await using server = await ScriptedServer.start(answers(answer));
  const clock = createFakeClock();
  const graph = createGraph({ transport: createTransport({ clock }), clock, baseUrl: server.url });
  const found = await graph.directory.inspectToken(access, TIMEOUT_MS);
  await graph.close();
  return found;
}

function wordsOf(answer: TokenAnswer): readonly unknown[] {
  return answer.ok ? ['good'] : [answer.failure.code, answer.inspector];
}
