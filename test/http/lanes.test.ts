/** Both lanes, byte for byte on the wire: order and spelling of headers included, the date aside. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { FastLane } from '#http/fast-lane.ts';
import { createFastLane } from '#http/fast-lane.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { example, ISSUED_KEY } from '#test/monitor/monitor-world.ts';
import type { PublicWorld } from './public-world.ts';
import { openPublicWorld } from './public-world.ts';

const SECOND = 1_000;

/** What makes a request plain; the other lane gets the same with an empty query. */
const REQUESTS: [string, (target: string) => string][] = [
  ['GET', (target) => plain('GET', target, 'Connection: close\r\n')],
  ['HEAD', (target) => plain('HEAD', target, 'Connection: close\r\n')],
  ['GET on a connection kept alive', (target) => plain('GET', target, '')],
  ['HEAD on a connection kept alive', (target) => plain('HEAD', target, '')],
  ['GET of HTTP/1.0', (target) => plain('GET', target, '').replace('HTTP/1.1', 'HTTP/1.0')],
  ['HEAD of HTTP/1.0', (target) => plain('HEAD', target, '').replace('HTTP/1.1', 'HTTP/1.0')],
  [
    'GET of HTTP/1.0 kept alive',
    (target) => plain('GET', target, 'Connection: keep-alive\r\n').replace('HTTP/1.1', 'HTTP/1.0'),
  ],
  ['two in a row', (target) => plain('GET', target, '') + plain('HEAD', target, '')],
];

for (const [what, request] of REQUESTS) {
  test(`both lanes answer ${what} with the same bytes`, async () => {
    await using world = await openPublicWorld();
    world.upstream.answers(() => goodAnswer(example('phone-blocked-payment')));
    await world.ask();
    for (const age of [0, 1, 59_400, 119_999]) {
      const began = world.clock.now();
      await world.clock.advance(age);
      const fast = await wire(world, request('/health_status'));
      const slow = await wire(world, request('/health_status?'));
      assert.equal(fast, slow);
      assert.match(fast, /^HTTP\/1\.1 200 OK\r\nContent-Type: application\/json\r\n/);
      assert.match(fast, new RegExp(`\\r\\nAge: ${Math.floor(age / 1000)}\\r\\n`));
      world.clock.jumpTo(began);
    }
  });
}

test('both lanes agree after a failed read of a fresh answer', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  await world.clock.advance(SECOND);
  world.upstream.answers(() => failedAnswer('upstream_error'));
  await world.ask({ headers: { 'cache-control': 'no-cache' } });
  const [fast, slow] = await bothLanes(world);
  assert.equal(fast, slow);
  assert.match(fast, /Cache-Status: waba-health; hit; ttl=119; detail=upstream_error\r\n/);
});

test('both lanes agree when the clock is set back', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  await world.clock.advance(30 * SECOND);
  await bothLanes(world);
  for (const back of [20 * SECOND, 3_600 * SECOND]) {
    world.clock.jumpTo(world.clock.now() - back);
    const [fast, slow] = await bothLanes(world);
    assert.equal(fast, slow);
  }
});

test('any good body comes out of both lanes byte for byte', async () => {
  await using world = await openPublicWorld({ policy: { forcedReadEveryMs: 0 } });
  await world.ask();
  await fc.assert(
    fc.asyncProperty(goodBody(), async (body) => {
      world.upstream.answers(() => goodAnswer(body));
      await world.clock.advance(SECOND);
      const read = await world.ask({ headers: { 'cache-control': 'no-cache' } });
      assert.equal(read.headers['cache-status'], 'waba-health; fwd=request; stored');
      assert.deepEqual(read.body, Buffer.from(body));
      assert.deepEqual((await world.ask()).body, Buffer.from(body));
      const [fast, slow] = await bothLanes(world);
      assert.equal(fast, slow);
    }),
    { numRuns: 60 },
  );
});

test('the fast lane takes plain requests for a fresh answer and nothing else', async () => {
  await using world = await openPublicWorld();
  const lane = createFastLane(world.context, 75_000);
  const key = { host: 'a', 'd360-api-key': ISSUED_KEY };
  assert.equal(takes(lane, 'GET', key), false, 'nothing in memory');
  await world.ask();
  assert.equal(takes(lane, 'GET', key), true);
  assert.equal(takes(lane, 'HEAD', { ...key, accept: '*/*', cookie: 'a=b' }), true);
  for (const other of ['cache-control', 'if-none-match', 'content-length', 'transfer-encoding']) {
    assert.equal(takes(lane, 'GET', { ...key, [other]: '1' }), false, other);
  }
  assert.equal(takes(lane, 'POST', key), false);
  assert.equal(takes(lane, 'GET', { 'd360-api-key': ISSUED_KEY }), false, 'no Host');
  assert.equal(takes(lane, 'GET', { host: 'a' }), false, 'no key');
  assert.equal(takes(lane, 'GET', { ...key, 'd360-api-key': 'other' }), false, 'unknown key');
  const twice = `${ISSUED_KEY}, ${ISSUED_KEY}`;
  assert.equal(takes(lane, 'GET', { ...key, 'd360-api-key': twice }), false, 'sent twice');
  await world.clock.advance(120 * SECOND);
  assert.equal(takes(lane, 'GET', key), false, 'stale');
});

test('a doubt is for the other lane, which watches over it', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  await world.clock.advance(SECOND);
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  await world.ask({ headers: { 'cache-control': 'no-cache' } });
  const [fast, slow] = await bothLanes(world);
  assert.equal(fast, slow);
  await world.clock.advance(5 * SECOND);
  assert.equal((await world.ask()).status, 500);
});

function plain(method: string, target: string, more: string): string {
  return (
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${more}` +
    `D360-API-KEY: ${ISSUED_KEY}\r\nContent-Type: application/json\r\nAccept: */*\r\n\r\n`
  );
}

async function wire({ raw }: PublicWorld, request: string): Promise<string> {
  const answered = await raw(request);
  assert.match(answered, /\r\nDate: [^\r]*\r\n/);
  return answered.replaceAll(/\r\nDate: [^\r]*\r\n/g, '\r\nDate: …\r\n');
}

async function bothLanes(world: PublicWorld): Promise<[fast: string, slow: string]> {
  const fast = await wire(world, plain('GET', '/health_status', ''));
  return [fast, await wire(world, plain('GET', '/health_status?', ''))];
}

/** Whether the lane answers; what it would write is thrown away. */
function takes(lane: FastLane, method: string, headers: Record<string, string>): boolean {
  const sink = { writeHead: () => sink, end: () => sink };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that the lane touches
  return lane.answer({ method, headers } as never, sink as never);
}

/** JSON objects with an object `health_status`, in any spelling, the identity left alone. */
function goodBody() {
  const blank = fc.stringMatching(/^[ \t\r\n]{0,5}$/);
  const word = fc.oneof(fc.constantFrom('AVAILABLE', 'LIMITED', 'BLOCKED'), fc.string());
  const entity = fc.record(
    {
      entity_type: fc.oneof(fc.constantFrom('WABA', 'APP', 'FLOW'), fc.string({ unit: 'binary' })),
      id: fc.oneof(fc.string(), fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String)),
      can_send_message: word,
      can_receive_call_sip: word,
      errors: fc.array(fc.record({ error_code: fc.oneof(fc.integer(), word), x: fc.jsonValue() })),
      additional_info: fc.array(fc.string({ unit: 'grapheme' })),
    },
    { requiredKeys: [] },
  );
  const health = fc.record(
    { can_send_message: word, entities: fc.oneof(fc.array(entity), fc.jsonValue()) },
    { requiredKeys: [] },
  );
  return fc
    .tuple(blank, health, fc.jsonValue(), blank)
    .map(
      ([before, health_status, extra, after]) =>
        `${before}{"extra" :${JSON.stringify(extra)},"health_status": ${JSON.stringify(health_status)}}${after}`,
    );
}
