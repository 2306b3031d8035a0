import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACME, simulatedKey, simulatedNode, simulatedToken, startWorld } from './world.ts';
import type { HttpAnswer, World } from './world.ts';

const TIMEOUT = 'the upstream did not answer in time';
const NO_STATUS = 'the upstream sent something that is no health status';
const ITS_ERROR = 'the upstream reported an error of its own';
const UNREACHABLE = 'the upstream cannot be reached';
const LIMITED = 'the upstream allows no more questions for now';
const REJECTED =
  "the upstream rejects this channel's credential. The operator must replace it " +
  '(waba-health credentials rotate)';
const HIDDEN =
  'the upstream does not show this number to its credential. The operator must check its node id ' +
  'and permissions';

interface Fault extends Readonly<Record<string, unknown>> {
  readonly kind: string;
}

/** Each way in which 360dialog can fail, and the sentence that a client gets. */
const FAULTS: readonly (readonly [Fault, sentence: string])[] = [
  [{ kind: 'hang' }, TIMEOUT],
  [{ kind: 'hang', level: 'connection' }, TIMEOUT],
  [{ kind: 'delay', ms: 5_000 }, TIMEOUT],
  [{ kind: 'reset' }, UNREACHABLE],
  [{ kind: 'reset', after: 'half' }, NO_STATUS],
  [{ kind: 'truncated' }, NO_STATUS],
  [{ kind: 'truncated', level: 'request' }, NO_STATUS],
  [{ kind: 'status', status: 500 }, ITS_ERROR],
  [{ kind: 'status', status: 503 }, ITS_ERROR],
  [{ kind: 'html' }, ITS_ERROR],
  [{ kind: 'empty' }, NO_STATUS],
  [{ kind: 'oversized', bytes: 2_000_000 }, NO_STATUS],
  [{ kind: 'deep', depth: 100_000 }, NO_STATUS],
  [{ kind: 'wrong_types', what: 'root' }, NO_STATUS],
  [{ kind: 'wrong_types', what: 'health_status' }, NO_STATUS],
  [{ kind: 'error_in_200' }, ITS_ERROR],
];

/** What is odd and still a good read: it goes to the client as it came. */
const ODDITIES: readonly (readonly [Fault, verdict: string])[] = [
  [{ kind: 'unknown_field' }, 'messaging=AVAILABLE'],
  [{ kind: 'unknown_type' }, 'messaging=AVAILABLE'],
  [{ kind: 'unknown_word' }, 'messaging=UNKNOWN'],
  [{ kind: 'null_errors' }, 'messaging=AVAILABLE'],
  [{ kind: 'unquoted_ids', digits: 20 }, 'messaging=AVAILABLE'],
  [{ kind: 'wrong_types', what: 'entity' }, 'messaging='],
];

/** Without the schedule, so that each read is one that a client caused. */
const ON_REQUEST = ['--roles', 'api'];

test('whatever 360dialog does wrong, a client gets one clear answer and no stored one is made up', async () => {
  await using world = await startWorld({ args: [...ON_REQUEST, '--read-timeout', '700ms'] });
  await Promise.all(
    FAULTS.map(async ([fault, sentence], index) => {
      await watch(world, index);
      await world.act({ do: 'fault', key: simulatedKey(index), ...fault });
      const answer = await world.health(simulatedKey(index));
      isFailure(answer, `${sentence}. Ask again later`, JSON.stringify(fault));
      assert.equal(answer.headers['retry-after'], '1', JSON.stringify(fault));
    }),
  );
});

/** Each way in which Graph refuses or fails, and the sentence that a client gets. */
const GRAPH_FAULTS: readonly (readonly [Fault, sentence: string])[] = [
  [{ kind: 'graph_error', code: 190 }, REJECTED],
  [{ kind: 'graph_error', code: 100, subcode: 33 }, HIDDEN],
  [{ kind: 'graph_error', code: 200 }, HIDDEN],
  [{ kind: 'graph_error', code: 4 }, `${LIMITED}. Ask again later`],
  [{ kind: 'graph_error', code: 80_008 }, `${LIMITED}. Ask again later`],
  [{ kind: 'graph_error', code: 1 }, `${ITS_ERROR}. Ask again later`],
  [{ kind: 'status', status: 503 }, `${ITS_ERROR}. Ask again later`],
  [{ kind: 'html' }, `${ITS_ERROR}. Ask again later`],
  [{ kind: 'reset' }, `${UNREACHABLE}. Ask again later`],
  [{ kind: 'hang' }, `${TIMEOUT}. Ask again later`],
  [{ kind: 'truncated' }, `${NO_STATUS}. Ask again later`],
];

test('whatever Graph does wrong, a client learns what happened and whether to wait', async () => {
  await using world = await startWorld({ args: [...ON_REQUEST, '--read-timeout', '700ms'] });
  await Promise.all(
    GRAPH_FAULTS.map(async ([fault, sentence], index) => {
      const node = simulatedNode(index);
      const key = await watchOnGraph(world, index);
      await world.act({ do: 'fault', upstream: 'graph', node, ...fault });
      const answer = await world.health(key);
      isFailure(answer, sentence, JSON.stringify(fault));
    }),
  );
});

test('what is odd but good goes to the client byte for byte', async () => {
  await using world = await startWorld({ args: ON_REQUEST });
  for (const [index, [fault, verdict]] of ODDITIES.entries()) {
    await watch(world, index);
    await world.act({ do: 'fault', key: simulatedKey(index), ...fault });
    const answer = await world.health(simulatedKey(index));
    const told = JSON.stringify(fault);
    assert.equal(answer.status, 200, `${told}: ${answer.body}`);
    assert.ok(String(answer.headers['waba-health-verdict']).includes(verdict), told);
    assert.equal(answer.headers['age'], '0');
    const again = await world.health(simulatedKey(index));
    assert.equal(again.body, answer.body, told);
    assert.match(String(again.headers['cache-status']), /^waba-health; hit; ttl=\d+$/);
  }
});

test('an upstream that asks for patience is not asked again, and the client is told how long', async () => {
  await using world = await startWorld({ args: ON_REQUEST });
  await watch(world, 0);
  await world.act({
    do: 'fault',
    key: simulatedKey(0),
    kind: 'status',
    status: 429,
    headers: { 'retry-after': '120' },
  });
  const answer = await world.health(simulatedKey(0));
  assert.equal(answer.status, 500);
  assert.equal(answer.headers['retry-after'], '120');
  const reads = await world.readsOf(simulatedKey(0));
  assert.equal((await world.health(simulatedKey(0))).status, 500);
  assert.equal(await world.readsOf(simulatedKey(0)), reads);
});

test('a failed read changes no status: what was stored is answered with its true age', async () => {
  await using world = await startWorld({ args: ON_REQUEST });
  await addSupport(world);
  const before = await world.health(ACME.support.key);
  await world.act({ do: 'fault', kind: 'status', status: 500, upstream: 'dialog360' });
  const checked = await world.cli(['check', 'support', '--json']);
  assert.equal(checked.code, 0, checked.stderr);
  assert.partialDeepStrictEqual(JSON.parse(checked.stdout), {
    messaging: { status: 'AVAILABLE' },
    failure: { code: 'upstream_error', in_a_row: 1 },
  });
  const after = await world.health(ACME.support.key);
  assert.equal(after.status, 200);
  assert.equal(after.body, before.body);
});

test('trust ends with a rejected key, confirmed, and comes back with a good read', async () => {
  await using world = await startWorld({ args: ON_REQUEST });
  await addSupport(world);
  const issued = JSON.parse((await world.api('POST', '/channels/support/keys', {})).body);
  await world.act({ do: 'invalidate', key: ACME.support.key });
  await world.cli(['check', 'support']);
  const checked = await world.cli(['check', 'support']);
  assert.equal(checked.code, 3, checked.stdout);
  assert.match(checked.stdout, /the last known status is not trusted any more/);
  assert.match(checked.stdout, /Last known +messaging AVAILABLE/);

  // Whoever asks with that very key is told so; another key's owner learns that nothing is known.
  const ownKey = await world.health(ACME.support.key);
  assert.equal(ownKey.status, 401);
  assert.equal(ownKey.body, '{"error":"Invalid API key"}');
  assert.equal(ownKey.headers['www-authenticate'], 'ApiKey realm="waba-health"');
  assert.equal(ownKey.headers['cache-control'], 'no-store');
  const otherKey = await world.health(issued.text);
  assert.equal(otherKey.status, 500);
  assert.equal(otherKey.headers['cache-control'], 'no-store');

  await world.act({ do: 'restore', key: ACME.support.key });
  assert.equal((await world.cli(['check', 'support'])).code, 0);
  assert.equal((await world.health(ACME.support.key)).status, 200);
  assert.equal((await world.health(issued.text)).status, 200);
});

test('a rotated key must be of the same number, and opens the channel in place of the old one', async () => {
  await using world = await startWorld({ args: ON_REQUEST });
  await addSupport(world);
  const rotate = ['credentials', 'rotate', 'support'];
  const foreign = await world.cli(rotate, { input: ACME.sales.key });
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /number/);
  const unknown = await world.cli(rotate, { input: 'a-key-that-360dialog-does-not-know' });
  assert.equal(unknown.code, 1);
  assert.equal((await world.health(ACME.support.key)).status, 200);

  const next = 'support-key-canary9-9876543210';
  await world.act({ do: 'replace', key: ACME.support.key, with: next });
  const rotated = await world.cli(rotate, { input: next });
  assert.equal(rotated.code, 0, rotated.stderr);
  assert.match(rotated.stdout, /^support: AVAILABLE$/m);
  assert.equal((await world.health(next)).status, 200);
  assert.equal((await world.health(ACME.support.key)).status, 401);
});

function isFailure(answer: HttpAnswer, sentence: string, message: string): void {
  assert.equal(answer.status, 500, `${message}: ${answer.body}`);
  const { date, 'content-length': length, 'retry-after': wait, ...headers } = answer.headers;
  assert.deepEqual(headers, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    connection: 'close',
  });
  assert.ok(date !== undefined && wait !== undefined, message);
  assert.equal(length, String(Buffer.byteLength(answer.body)), message);
  assert.equal(
    answer.body,
    `{"error":"Health is not known: ${sentence}. Keep sending meanwhile."}`,
    message,
  );
}

/** Adds a channel for a number without a story, without a first look. */
async function watch(world: World, index: number): Promise<void> {
  const { status, body } = await world.api('PUT', `/channels/number-${index}`, {
    upstream: 'dialog360',
    credential: { secret: simulatedKey(index) },
    check: false,
  });
  assert.equal(status, 201, body);
}

/** The same over Graph, with the one token of the generated numbers; gives the key that opens it. */
/** Each has a credential of its own: a throttle of one closes the budget that it shares with others. */
async function watchOnGraph(world: World, index: number): Promise<string> {
  const channel = `/channels/graph-${index}`;
  const { status, body } = await world.api('PUT', channel, {
    upstream: 'graph',
    credential: { secret: simulatedToken },
    node_id: simulatedNode(index),
    check: false,
  });
  assert.equal(status, 201, body);
  const issued: { text: string } = JSON.parse(
    (await world.api('POST', `${channel}/keys`, {})).body,
  );
  return issued.text;
}

async function addSupport(world: World): Promise<void> {
  const { status, body } = await world.api('PUT', '/channels/support', {
    upstream: 'dialog360',
    credential: { secret: ACME.support.key },
  });
  assert.equal(status, 201, body);
}
