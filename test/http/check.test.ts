import assert from 'node:assert/strict';
import test from 'node:test';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { addSupport, example, exampleFor, SUPPORT_ID } from './acme.ts';
import { startWorld } from './management-world.ts';

test('a check asks now and tells all that is known afterwards', async () => {
  await using world = await startWorld();
  await addSupport(world);
  world.upstreams.graph.answers(() => exampleFor('phone-limited-business-unverified', SUPPORT_ID));
  await world.clock.advance(30_000);
  const reply = await world.api('POST', '/channels/support/checks');
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.body.messaging.status, 'LIMITED');
  assert.equal(reply.body.attempt, 2);
  assert.deepEqual((await world.api('GET', '/channels/support/health')).body, reply.body);
});

test('a failed check is an answer: what was known, and the failure beside it', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const failure = failedAnswer('rate_limited', { retryAfterMs: 90_500, graphCode: 80008 });
  world.upstreams.graph.answers(() => failure);
  await world.clock.advance(30_000);
  const { status, body } = await world.api('POST', '/channels/support/checks');
  assert.equal(status, 200);
  assert.equal(body.messaging.status, 'AVAILABLE');
  assert.partialDeepStrictEqual(body.failure, {
    code: 'rate_limited',
    detail: 'The fake upstream says rate_limited.',
    graph_code: 80008,
    retry_after_seconds: 91,
    at: '2026-03-01T00:00:30.000Z',
    attempt: 2,
    in_a_row: 1,
  });
});

test('an answer about another number is a finding on the credential', async () => {
  await using world = await startWorld();
  await addSupport(world);
  world.upstreams.graph.answers(() => exampleFor('phone-available', '999999999999999'));
  await world.clock.advance(30_000);
  const { body } = await world.api('POST', '/channels/support/checks');
  assert.equal(body.failure.code, 'identity_changed');
  assert.partialDeepStrictEqual(body.findings, [
    { subject: { kind: 'credential', type: null }, kind: 'identity_changed' },
  ]);
  assert.equal(body.messaging.status, 'AVAILABLE');
});

test('any node can be asked for, and nothing of it is stored', async () => {
  await using world = await startWorld();
  await addSupport(world);
  world.upstreams.graph.answers(() => goodAnswer(example('template-blocked')));
  const body = { credential: 'acme-token', node_id: '1234567890123456' };
  const reply = await world.api('POST', '/checks', { body });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.body.node_id, body.node_id);
  assert.equal(reply.body.messaging.status, 'BLOCKED');
  assert.equal(reply.body.messaging.since, null);
  assert.ok(reply.body.findings.length > 0);
  assert.equal(world.upstreams.graph.asked.at(-1)?.nodeId, body.node_id);
  assert.equal((await world.api('GET', '/channels')).body.items.length, 1);
});

test('a node that cannot be read is UNKNOWN with its failure', async () => {
  await using world = await startWorld();
  await addSupport(world);
  world.upstreams.graph.answers(() => failedAnswer('not_found_or_forbidden'));
  const body = { credential: 'acme-token', node_id: '1' };
  const reply = await world.api('POST', '/checks', { body });
  assert.equal(reply.status, 200, reply.text);
  assert.partialDeepStrictEqual(reply.body, {
    messaging: { status: 'UNKNOWN', reason: 'never_read' },
    read_at: null,
    failure: { code: 'not_found_or_forbidden' },
  });
});

test('a node is asked for with a credential that exists', async () => {
  await using world = await startWorld();
  const body = { credential: 'umbrella', node_id: '1' };
  const reply = await world.api('POST', '/checks', { body });
  assert.equal(reply.status, 404);
  assert.match(reply.body.detail, /umbrella/);
});

test('words of Meta that deceive the eye stay what they are in JSON', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const text = '\u202etoken\u0007 <script>';
  const answer = JSON.parse(example('phone-blocked-payment'));
  answer.health_status.entities[1].errors[0].error_description = text;
  world.upstreams.graph.answers(() => goodAnswer(answer));
  await world.clock.advance(30_000);
  const { body, headers } = await world.api('POST', '/channels/support/checks');
  assert.equal(body.findings[0].text, text);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
});
