/** Faults: each kind as a client sees it, whom it strikes and for how long. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { createFakeClock } from '#test/fakes/clock.ts';
import { ACME_TOKEN, ACME_WORLD, ask, at, startAcme, SUPPORT, SUPPORT_KEY } from './acme.ts';
import type { AcmeSimulator } from './acme.ts';

const HEALTH = `${SUPPORT}?fields=health_status`;

test('a server error looks as it does at either upstream', async () => {
  await using simulator = await startAcme();
  simulator.control.fault({ kind: 'status', status: 500, headers: { 'Retry-After': 7 } });
  const graph = await simulator.graph(HEALTH);
  assert.equal(graph.status, 500);
  assert.equal(graph.headers.get('retry-after'), '7');
  assert.deepEqual(
    [at(graph.json, 'error', 'code'), at(graph.json, 'error', 'is_transient')],
    [2, true],
  );
  const provider = await simulator.health();
  assert.deepEqual([provider.status, provider.json], [500, { error: 'Internal server error' }]);
});

test('faults that come together leave the simulator standing', async () => {
  await using simulator = await startAcme();
  const { control } = simulator;
  for (const first of ['html', 'empty', 'truncated'] as const) {
    control.clear({});
    control.fault({ kind: first, level: 'item' });
    const alone = await simulator.graph(HEALTH);
    for (const second of ['wrong_types', 'null_errors'] as const) {
      control.fault({ kind: second, level: 'item' });
    }
    const { text } = await simulator.graph(HEALTH);
    assert.ok(text === alone.text, first);
  }
});

test("any of Meta's errors can be had, with the token in its text", async () => {
  await using simulator = await startAcme();
  simulator.control.fault({
    kind: 'graph_error',
    code: 190,
    subcode: 460,
    status: 401,
    message: 'Malformed access token {token}{key}',
  });
  const graph = await simulator.graph(HEALTH);
  assert.equal(graph.status, 401);
  assert.equal(at(graph.json, 'error', 'error_subcode'), 460);
  assert.equal(at(graph.json, 'error', 'message'), `Malformed access token ${ACME_TOKEN}`);
  const provider = await simulator.health();
  assert.equal(at(provider.json, 'error', 'message'), `Malformed access token ${SUPPORT_KEY}`);
});

test('an error can come with status 200, as a page, or as nothing at all', async () => {
  await using simulator = await startAcme();
  const { control } = simulator;
  control.fault({ kind: 'error_in_200', code: 131_000, next: 1 });
  const hidden = await simulator.graph(HEALTH);
  assert.deepEqual([hidden.status, at(hidden.json, 'error', 'code')], [200, 131_000]);
  control.fault({ kind: 'html', next: 1 });
  const page = await simulator.graph(HEALTH);
  assert.deepEqual([page.status, page.json], [502, undefined]);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  control.fault({ kind: 'empty', next: 1 });
  const empty = await simulator.health();
  assert.deepEqual([empty.status, empty.text], [200, '']);
  control.fault({ kind: 'body', body: '{"health_status":null}', next: 1 });
  assert.equal((await simulator.health()).text, '{"health_status":null}');
});

test('a body can be cut, too large or too deep', async () => {
  await using simulator = await startAcme();
  const { control } = simulator;
  control.fault({ kind: 'truncated', level: 'request', next: 1 });
  const cut = await simulator.graph(HEALTH);
  assert.deepEqual([cut.status, cut.json], [200, undefined]);
  control.fault({ kind: 'oversized', bytes: 1_500_000, next: 1 });
  const large = await simulator.graph(HEALTH);
  assert.equal(large.text.length, 1_500_000);
  assert.equal(at(large.json, 'id'), SUPPORT);
  control.fault({ kind: 'deep', depth: 50_000, next: 1 });
  const deep = await simulator.health();
  assert.ok(deep.text.includes(`"deep":${'['.repeat(50_000)}`));
});

test('types, words, entities and fields can be other than documented', async () => {
  await using simulator = await startAcme();
  const struck = async (fault: object): Promise<unknown> => {
    simulator.control.do({ do: 'fault', next: 1, ...fault });
    return (await simulator.graph(HEALTH)).json;
  };
  const entities = ['health_status', 'entities'];
  assert.ok(Array.isArray(await struck({ kind: 'wrong_types', what: 'root' })));
  assert.equal(at(await struck({ kind: 'wrong_types' }), 'health_status'), 'AVAILABLE');
  const keyed = await struck({ kind: 'wrong_types', what: 'entities' });
  assert.equal(at(keyed, ...entities, 'first', 'id'), SUPPORT);
  const named = await struck({ kind: 'wrong_types', what: 'entity' });
  assert.equal(at(named, ...entities, 0), 'PHONE_NUMBER');
  const counted = await struck({ kind: 'wrong_types', what: 'word' });
  assert.equal(at(counted, ...entities, 0, 'can_send_message'), 1);
  const coded = await struck({ kind: 'wrong_types', what: 'error_code' });
  assert.equal(at(coded, ...entities, 0, 'errors', 0, 'error_code'), '141000');
  const word = await struck({ kind: 'unknown_word', word: 'PAUSED' });
  assert.equal(at(word, ...entities, 0, 'can_send_message'), 'PAUSED');
  const type = await struck({ kind: 'unknown_type' });
  assert.equal(at(type, ...entities, 4, 'entity_type'), 'MESSAGING_ACCOUNT');
  const field = await struck({ kind: 'unknown_field' });
  assert.deepEqual(Object.keys(Object(field)), ['health_status', 'new_field', 'id']);
  const none = await struck({ kind: 'null_errors' });
  assert.equal(at(none, ...entities, 0, 'errors'), null);
});

test('ids can arrive as numbers that no double holds', async () => {
  await using simulator = await startAcme();
  simulator.control.fault({ kind: 'unquoted_ids', digits: 19, next: 1 });
  const { text } = await simulator.graph(HEALTH);
  assert.ok(text.includes(`"id":9999${SUPPORT}}`));
  assert.doesNotMatch(text, /"id":"/);
});

test('a delayed answer comes when its time is over', async () => {
  const clock = createFakeClock();
  await using simulator = await startAcme({ clock });
  simulator.control.fault({ kind: 'delay', ms: 5_000 });
  let answered = false;
  const reading = simulator.health().then(({ status }) => {
    answered = true;
    return status;
  });
  await until(() => clock.pending > 0);
  await clock.advance(4_999);
  assert.equal(answered, false);
  await clock.advance(1);
  assert.equal(await reading, 200);
});

test('a hanging read is never answered, and another one is', async () => {
  await using simulator = await startAcme();
  simulator.control.fault({ kind: 'hang', node: 'support' });
  const given = new AbortController();
  const hanging = ask(`${simulator.dialog360Url}/health_status`, {
    headers: { 'D360-API-KEY': SUPPORT_KEY },
    signal: given.signal,
  });
  await until(() => simulator.control.counts().open === 1);
  assert.equal((await simulator.graph('597727103418254')).status, 200);
  given.abort();
  await assert.rejects(hanging, { name: 'AbortError' });
  await until(() => simulator.control.counts().open === 0);
});

test('a connection can be reset before an answer, after half of it, or end too soon', async () => {
  await using simulator = await startAcme();
  simulator.control.fault({ kind: 'reset', next: 1 });
  assert.deepEqual(await rawRead(simulator), { code: 'ECONNRESET', bytes: 0 });
  const { text } = await simulator.health();
  simulator.control.fault({ kind: 'reset', after: 'half', next: 1 });
  assert.equal((await rawRead(simulator)).code, 'ECONNRESET');
  simulator.control.fault({ kind: 'truncated', next: 1 });
  const cut = await rawRead(simulator);
  assert.deepEqual(cut, { code: 'ECONNRESET', bytes: Math.floor(text.length / 2) });
  assert.equal((await simulator.health()).status, 200);
});

test('a fault strikes only what it names, and only as often as it says', async () => {
  await using simulator = await startAcme();
  const { control } = simulator;
  control.fault({ id: 'twice', kind: 'status', waba: 'acme', upstream: 'graph', next: 2 });
  assert.equal((await simulator.health()).status, 200);
  const statuses = [];
  for (let read = 0; read < 3; read += 1) statuses.push((await simulator.graph(HEALTH)).status);
  assert.deepEqual(statuses, [503, 503, 200]);
  assert.deepEqual(control.faults(), []);
  control.fault({ kind: 'status', key: SUPPORT_KEY, route: 'health_status' });
  assert.equal((await simulator.health('sales-key-0123456789abcdef')).status, 200);
  assert.equal((await simulator.health()).status, 503);
  assert.equal(control.faults()[0]?.struck, 1);
  control.clear({});
  assert.equal((await simulator.health()).status, 200);
});

test('a share of the reads fails, the same ones for the same seed', async () => {
  const patterns = [];
  for (const seed of [7, 7, 8]) {
    await using simulator = await startAcme({ world: { ...ACME_WORLD, seed } });
    simulator.control.fault({ kind: 'status', share: 0.3 });
    let pattern = '';
    for (let read = 0; read < 60; read += 1) {
      pattern += (await simulator.health()).status === 200 ? '.' : 'x';
    }
    patterns.push(pattern);
  }
  assert.equal(patterns[0], patterns[1]);
  assert.notEqual(patterns[0], patterns[2]);
  const failed = (patterns[0] ?? '').replaceAll('.', '').length;
  assert.ok(failed > 6 && failed < 30, `${failed} of 60`);
});

test('a fault at a level where it cannot be is refused', async () => {
  await using simulator = await startAcme();
  assert.throws(() => simulator.control.fault({ kind: 'reset', level: 'item' }), {
    message: '"reset" strikes the connection, not the item.',
  });
  assert.throws(() => simulator.control.fault({ kind: 'delay', waba: 'support' }), {
    message: '"support" is a PHONE_NUMBER; what is needed here is a WABA.',
  });
});

/** How a read over a socket of its own ends: the error, and how much of the body came before it. */
async function rawRead(simulator: AcmeSimulator): Promise<{ code: unknown; bytes: number }> {
  let bytes = 0;
  const sent = request(`${simulator.dialog360Url}/health_status`, {
    agent: false,
    headers: { 'D360-API-KEY': SUPPORT_KEY },
  }).end();
  // A reset after the head reaches the request too, which has no one else to tell.
  sent.on('error', () => undefined);
  try {
    const [response] = await once(sent, 'response');
    for await (const chunk of response) bytes += chunk.length;
    return { code: null, bytes };
  } catch (error) {
    return { code: at(error, 'code'), bytes };
  }
}

/** Waits, turn by turn of the event loop, until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}
