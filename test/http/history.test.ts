import assert from 'node:assert/strict';
import test from 'node:test';
import { addSupport, exampleFor, SUPPORT_ID } from './acme.ts';
import { startWorld } from './management-world.ts';
import type { World } from './management-world.ts';

const MINUTE = 60_000;

test('the history of a channel is told newest first, with the answers behind it', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await blockPayment(world);
  const { body } = await world.api('GET', '/channels/support/transitions?kind=verdict&kind=watch');
  const told = body.items.map((item: { kind: string; was: string; is: string }) => {
    return `${item.kind} ${item.was}→${item.is}`;
  });
  assert.ok(told.includes('verdict AVAILABLE→BLOCKED'));
  assert.equal(told.at(-1), 'watch null→watched');
  const blocked = body.items.find((item: { is: string }) => item.is === 'BLOCKED');
  assert.equal(blocked.channel.name, 'support');
  assert.equal(blocked.evidence.attempt, 2);
  assert.equal(body.items.at(-1).evidence, null);
  const after = await world.api('GET', `/bodies/${blocked.evidence.body_after}`);
  const before = await world.api('GET', `/bodies/${blocked.evidence.body_before}`);
  assert.match(after.body.text, /141006/);
  assert.equal(after.body.bytes, Buffer.byteLength(after.body.text));
  assert.equal(JSON.parse(before.body.text).health_status.can_send_message, 'AVAILABLE');
});

test('history is paged, and found by kind, series and time', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await blockPayment(world);
  const whole = (await world.api('GET', '/transitions?limit=200')).body.items;
  const paged: unknown[] = [];
  let cursor = '';
  do {
    const { body } = await world.api('GET', `/transitions?limit=2${cursor}`);
    paged.push(...body.items);
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  assert.deepEqual(paged, whole);
  const [{ at, series }] = whole;
  const path = '/channels/support/transitions';
  const found = async (query: string) =>
    (await world.api('GET', `${path}?${query}`)).body.items.length;
  assert.ok((await found(`series=${encodeURIComponent(series)}`)) >= 1);
  assert.equal(await found(`from=${at}`), await found(`from=${at}&until=2099-01-01T00:00:00Z`));
  assert.equal(await found(`until=2020-01-01T00:00:00Z`), 0);
});

test('what cannot be asked of history is refused with a sentence', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const refused: [string, number, RegExp][] = [
    ['/transitions?kind=mood', 400, /must be verdict or/],
    ['/transitions?from=yesterday', 400, /RFC 3339/],
    [
      '/transitions?from=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z',
      400,
      /not be before from/,
    ],
    ['/transitions?series=x', 400, /not known here/],
    [`/transitions?cursor=${Buffer.from('after:x').toString('base64url')}`, 400, /cursor/],
    ['/channels/support/transitions?series=x&kind=watch', 400, /without kind/],
    [
      '/channels/support/uptime?from=2099-01-01T00:00:00Z&until=2099-01-02T00:00:00Z',
      400,
      /future/,
    ],
    [
      '/channels/support/uptime?until=2020-01-01T00:00:00Z&from=2021-01-01T00:00:00Z',
      400,
      /before/,
    ],
    ['/channels/umbrella/transitions', 404, /no channel/],
    ['/channels/umbrella/uptime', 404, /no channel/],
    ['/bodies/abc', 400, /SHA-256/],
    [`/bodies/${'0'.repeat(64)}`, 404, /no transition names/],
  ];
  for (const [path, status, sentence] of refused) {
    const reply = await world.api('GET', path);
    assert.equal(reply.status, status, path);
    assert.match(reply.text, sentence, path);
  }
});

test('uptime tells what was measured and how much that is', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const added = world.clock.now();
  await blockPayment(world);
  await world.clock.advance(2 * MINUTE);
  const from = new Date(added - 10 * MINUTE).toISOString();
  const { body } = await world.api('GET', `/channels/support/uptime?from=${from}`);
  const { messaging } = body;
  assert.equal(messaging.up_ms, 8 * MINUTE);
  assert.equal(messaging.down_ms, 2 * MINUTE);
  assert.equal(messaging.unmeasured_ms, 10 * MINUTE);
  assert.equal(messaging.uptime, 0.8);
  assert.equal(messaging.coverage, 0.5);
  assert.equal(body.from, from);
  assert.equal(body.until, new Date(world.clock.now()).toISOString());
  const waba = body.entities.find(({ type }: { type: string }) => type === 'WABA');
  assert.equal(waba.down_ms, 2 * MINUTE);
  const later = await world.api(
    'GET',
    '/channels/support/uptime?until=2099-01-01T00:00:00Z&from=2026-01-01T00:00:00Z',
  );
  assert.equal(later.body.until, body.until);
});

test('a channel that was removed keeps its history under its id', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { id } = (await world.api('GET', '/channels/support')).body;
  await world.api('DELETE', '/channels/support');
  const { body } = await world.api('GET', `/channels/${id}/transitions?kind=watch`);
  assert.deepEqual(
    body.items.map((item: { is: string }) => item.is),
    ['removed', 'watched'],
  );
  assert.equal((await world.api('GET', `/channels/${id}/uptime`)).status, 200);
});

test('channels are listed by their status', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const names = async (status: string) =>
    (await world.api('GET', `/channels?status=${status}`)).body.items.map(
      (item: { name: string }) => item.name,
    );
  assert.deepEqual(await names('BLOCKED'), []);
  assert.deepEqual(await names('AVAILABLE'), ['support']);
  await blockPayment(world);
  assert.deepEqual(await names('BLOCKED'), ['support']);
  assert.deepEqual(await names('AVAILABLE'), []);
  assert.equal((await world.api('GET', '/channels?status=FINE')).status, 400);
});

test('a channel that turned outdated is listed by what was told last, and shows UNKNOWN', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.clock.advance(60 * MINUTE);
  const { body } = await world.api('GET', '/channels?status=AVAILABLE');
  const [{ name, status }] = body.items;
  assert.deepEqual(
    [name, status.messaging, status.unknown_reason],
    ['support', 'UNKNOWN', 'outdated'],
  );
});

/** Eight minutes later the payment fails. */
async function blockPayment(world: World): Promise<void> {
  await world.clock.advance(8 * MINUTE);
  world.upstreams.graph.answers(() => exampleFor('phone-blocked-payment', SUPPORT_ID));
  await world.api('POST', '/channels/support/checks', { body: {} });
}
