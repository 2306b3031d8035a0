/** Graph's batches before the simulator: mixed tokens, faults of every kind, nothing that leaks. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Answer, Question } from '#ports/upstream.ts';
import { wordsOf } from '#test/fakes/graph-batch.ts';
import {
  ACME,
  ACME_TOKEN,
  ACME_WORLD,
  APP_SECRET,
  SUPPORT,
  UMBRELLA_TOKEN,
} from '#test/simulator/acme.ts';
import { accessOf, GraphWorld, PROVEN, questionOf, TIMEOUT_MS } from './graph-world.ts';

const SALES = '597727103418254';
const UMBRELLA_DESK = '106540352240009';
const NODES = [
  SUPPORT,
  SALES,
  '106540352240003',
  ACME,
  '2632273056924580',
  'flow-1',
  UMBRELLA_DESK,
];
const UMBRELLA = accessOf(UMBRELLA_TOKEN);

test('whatever befalls a node, its item is what a single read gives', async () => {
  await using world = await GraphWorld.start();
  const { control } = world.simulator;
  control.quotas({ headers: false });
  const condition = fc.record({
    node: fc.constantFrom('support', 'sales', 'orders', 'acme'),
    word: fc.constantFrom('AVAILABLE', 'LIMITED', 'BLOCKED', 'PAUSED', ''),
    code: fc.constantFrom(141_006, 138_024, '131000', 2 ** 60),
    info: fc.constantFrom('Something new.', 'Wäre es "so"?\n\u2028'),
  });
  const fault = fc.record(
    {
      kind: fc.constantFrom(...ITEM_FAULTS),
      node: fc.constantFrom('support', 'sales', 'umbrella-desk'),
      status: fc.constantFrom(200, 201, 400, 401, 403, 404, 429, 500, 503),
      code: fc.constantFrom(1, 4, 10, 100, 190, 368, 80_008, 999_999),
      subcode: fc.constantFrom(33, 463),
      digits: fc.integer({ min: 1, max: 30 }),
      what: fc.constantFrom('root', 'health_status', 'entities', 'entity', 'word', 'error_code'),
    },
    { requiredKeys: ['kind'] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(condition, { maxLength: 3 }),
      fc.array(fault, { maxLength: 3 }),
      fc.array(fc.constantFrom(...NODES), { minLength: 1, maxLength: 8 }),
      async (conditions, faults, nodes) => {
        control.recover({});
        control.clear({});
        for (const { word, ...each } of conditions) {
          control.block({ why: 'custom', ...each, ...(word === '' ? {} : { word }) });
        }
        for (const each of faults) control.fault({ level: 'item', ...each });
        const questions = nodes.map((node, index) =>
          questionOf(node, [accessOf(), UMBRELLA, PROVEN][index % 3]),
        );
        const batch = await world.graph.readBatch(questions, TIMEOUT_MS);
        assert.ok(batch.ok, JSON.stringify(batch));
        const singles = await inTurn(world, questions);
        assert.deepEqual(batch.answers.map(plainly), singles.map(plainly));
      },
    ),
    { numRuns: 60 },
  );
});

test('tokens of several apps are mixed in one batch, each seeing its own', async () => {
  const proofRequired = ACME_WORLD.apps?.map((app) => ({
    ...app,
    secret: APP_SECRET,
    proof_required: true,
  }));
  await using world = await GraphWorld.start({ ...ACME_WORLD, apps: proofRequired ?? [] });
  const batch = await world.graph.readBatch(
    [
      questionOf(SUPPORT, PROVEN),
      questionOf(UMBRELLA_DESK, accessOf(UMBRELLA_TOKEN, APP_SECRET)),
      questionOf(UMBRELLA_DESK, PROVEN),
      questionOf(SUPPORT, accessOf('EAAGnobody', APP_SECRET)),
      questionOf(UMBRELLA_DESK, UMBRELLA),
      questionOf(UMBRELLA_DESK, accessOf(UMBRELLA_TOKEN, 'not the secret')),
    ],
    TIMEOUT_MS,
  );
  assert.deepEqual(wordsOf(batch), [
    'good',
    'good',
    'not_found_or_forbidden',
    'credential_rejected',
    'credential_rejected',
    'credential_rejected',
  ]);
  assert.equal(world.relay.seen.length, 1);
});

test('an item that was not finished is null, and good when asked again', async () => {
  await using world = await GraphWorld.start();
  world.simulator.control.fault({ kind: 'null_item', node: 'sales', next: 1 });
  const questions = [questionOf(SUPPORT), questionOf(SALES)];
  assert.deepEqual(wordsOf(await world.graph.readBatch(questions, TIMEOUT_MS)), ['good', null]);
  assert.deepEqual(wordsOf(await world.graph.readBatch(questions, TIMEOUT_MS)), ['good', 'good']);
});

test('an item that is oversized fails alone while all together fit', async () => {
  await using world = await GraphWorld.start();
  world.simulator.control.fault({ kind: 'oversized', level: 'item', node: 'sales' });
  const questions = [questionOf(SALES), questionOf(SUPPORT)];
  const batch = await world.graph.readBatch(questions, TIMEOUT_MS);
  assert.deepEqual(wordsOf(batch), ['malformed_answer', 'good']);
});

test('every fault that strikes the whole fails the whole, and the next batch is good', async () => {
  await using world = await GraphWorld.start();
  const { control } = world.simulator;
  const questions = [questionOf(SUPPORT), questionOf(SALES)];
  const table = [
    [{ kind: 'status', status: 500 }, 'upstream_error'],
    [{ kind: 'html' }, 'upstream_error'],
    [{ kind: 'html', status: 200 }, 'malformed_answer'],
    [{ kind: 'empty' }, 'malformed_answer'],
    [{ kind: 'truncated' }, 'malformed_answer'],
    [{ kind: 'truncated', level: 'connection' }, 'malformed_answer'],
    [{ kind: 'reset' }, 'unreachable'],
    [{ kind: 'body', body: '[{"code":200,"body":"{}"}]' }, 'malformed_answer'],
    [{ kind: 'graph_error', code: 4, status: 400 }, 'rate_limited'],
    [{ kind: 'error_in_200', code: 2 }, 'upstream_error'],
  ] as const;
  for (const [fault, code] of table) {
    control.fault({ level: 'request', ...LEVELS[fault.kind], ...fault, route: 'batch', next: 1 });
    const batch = await world.graph.readBatch(questions, TIMEOUT_MS);
    assert.equal(!batch.ok && batch.failure.code, code, JSON.stringify([fault, batch]));
    const again = await world.graph.readBatch(questions, TIMEOUT_MS);
    assert.deepEqual(wordsOf(again), ['good', 'good']);
  }
});

test('a token that is dead fails the batch that it leads, and only its items elsewhere', async () => {
  await using world = await GraphWorld.start();
  world.simulator.control.invalidate({ token: UMBRELLA_TOKEN });
  const dead = questionOf(UMBRELLA_DESK, UMBRELLA);
  const led = await world.graph.readBatch([dead, questionOf(SUPPORT)], TIMEOUT_MS);
  assert.equal(!led.ok && led.failure.code, 'credential_rejected');
  const carried = await world.graph.readBatch([questionOf(SUPPORT), dead], TIMEOUT_MS);
  assert.deepEqual(wordsOf(carried), ['good', 'credential_rejected']);
});

test('an exhausted WABA fails its own items, with the wait', async () => {
  await using world = await GraphWorld.start();
  world.simulator.control.throttle({ waba: 'acme', minutes: 12 });
  const questions = [questionOf(SUPPORT), questionOf(UMBRELLA_DESK, UMBRELLA)];
  const batch = await world.graph.readBatch(questions, TIMEOUT_MS);
  assert.deepEqual(wordsOf(batch), ['rate_limited', 'good']);
  const [first] = batch.ok ? batch.answers : [];
  assert.equal(first?.ok === false && first.failure.retryAfterMs, 12 * 60_000);
  assert.equal(first?.usage.find(({ scope }) => scope === ACME)?.percent, 100);
});

test('no token is in a URL, nor in anything that comes of it', async () => {
  await using world = await GraphWorld.start();
  const secrets = [ACME_TOKEN, UMBRELLA_TOKEN, APP_SECRET];
  const { control } = world.simulator;
  control.fault({
    kind: 'graph_error',
    level: 'item',
    code: 190,
    status: 401,
    message: 'Malformed access token {token}',
  });
  control.fault({
    kind: 'graph_error',
    level: 'request',
    message: `Bad ${secrets.join(' ')}`,
    next: 1,
  });
  const questions = [questionOf(SUPPORT, PROVEN), questionOf(UMBRELLA_DESK, UMBRELLA)];
  const told = [
    await world.graph.readBatch(questions, TIMEOUT_MS),
    await world.graph.readBatch(questions, TIMEOUT_MS),
    await world.graph.readProfile(questionOf(SUPPORT, PROVEN)),
  ];
  assert.deepEqual(
    told.map(({ ok }) => ok),
    [false, true, false],
  );
  const shown = JSON.stringify([told, world.relay.seen.map(({ target }) => target)]);
  for (const secret of secrets) assert.ok(!shown.includes(secret.slice(0, 14)), shown);
  assert.ok(world.relay.seen[0]?.body.includes(UMBRELLA_TOKEN), 'the canary sees what is sent');
});

/** Every kind that can strike an item but the one that leaves it unfinished. */
const ITEM_FAULTS = [
  'truncated',
  'status',
  'graph_error',
  'error_in_200',
  'html',
  'empty',
  'deep',
  'wrong_types',
  'unknown_field',
  'unknown_type',
  'unknown_word',
  'null_errors',
  'unquoted_ids',
] as const;

const LEVELS: Readonly<Record<string, object>> = { reset: { level: 'connection' } };

async function inTurn(world: GraphWorld, questions: readonly Question[]): Promise<Answer[]> {
  const found: Answer[] = [];
  for (const question of questions) found.push(await world.graph.read(question));
  return found;
}

/** For comparison: bytes as text, and of a trace, which counts on, whether there is one. */
function plainly(answer: Answer | null): unknown {
  if (answer === null) return null;
  if (!answer.ok) {
    const { traceId, ...failure } = answer.failure;
    return { ...answer, failure: { ...failure, isTraced: traceId !== null } };
  }
  const { body, served, ...rest } = answer;
  const isTraced = served.traceId !== null;
  return { ...rest, body: Buffer.from(body).toString('utf8'), version: served.version, isTraced };
}
