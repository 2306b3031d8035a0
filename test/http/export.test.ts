import assert from 'node:assert/strict';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import test from 'node:test';
import { once } from 'node:events';
import type { ChannelId } from '#domain/id.ts';
import type { Transition } from '#domain/transition.ts';
import { API_PREFIX } from '#api/operation.ts';
import { addTransitions, aTransition } from '#test/contracts/store/transitions.ts';
import { addSupport } from './acme.ts';
import { startWorld, TOKEN } from './management-world.ts';
import type { World } from './management-world.ts';

test('an export holds every transition once, oldest first, as the listing shows it', async () => {
  await using world = await startWorld();
  const id = await supportId(world);
  await addMany(world, id, { count: 1_234 });
  const { text, headers } = await world.api('GET', '/export');
  assert.equal(headers.get('content-type'), 'application/x-ndjson; charset=utf-8');
  assert.match(headers.get('content-disposition') ?? '', /transitions\.ndjson/);
  const lines = text.trimEnd().split('\n');
  const exported = lines.map((line) => JSON.parse(line));
  const listed: unknown[] = [];
  let cursor = '';
  do {
    const { body } = await world.api('GET', `/transitions?limit=200${cursor}`);
    listed.push(...body.items);
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  assert.deepEqual(exported, listed.toReversed());
  assert.ok(exported.length > 1_234);
});

test('an export is of a channel, a kind and a range where these are given', async () => {
  await using world = await startWorld();
  const id = await supportId(world);
  await addMany(world, id, { count: 10 });
  const lines = async (query: string) =>
    (await world.api('GET', `/export?${query}`)).text.split('\n').length - 1;
  assert.equal(await lines('channel=support&kind=profile'), 10);
  assert.equal(await lines('kind=profile&from=1970-01-01T00:00:00.004Z'), 6);
  assert.equal(await lines('kind=profile&until=1970-01-01T00:00:00.004Z'), 4);
  assert.equal(await lines('until=1960-01-01T00:00:00Z'), 0);
  assert.equal((await world.api('GET', '/export?channel=umbrella')).status, 404);
  assert.equal((await world.api('GET', '/export?format=xml')).status, 400);
  assert.equal((await world.api('GET', '/export', { token: null })).status, 401);
  const head = await world.api('HEAD', '/export?format=csv');
  assert.equal(head.headers.get('content-type'), 'text/csv; charset=utf-8');
  const { status, headers } = await world.api('POST', '/export');
  assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD']);
});

test('in CSV nothing is a formula, and nothing foreign is active', async () => {
  await using world = await startWorld();
  const id = await supportId(world);
  const evil = [
    '=1+1',
    '+1',
    '-1',
    '@a',
    ' =1',
    '\t=1',
    '＝1',
    'a,"b"',
    'a\r\nb',
    '\u202e',
    '\u001b[2J',
  ];
  const told = evil.map((detail, at) => profile(id, { detail, at }));
  await addTransitions(world.store, told);
  const { text, headers } = await world.api('GET', '/export?format=csv&kind=profile');
  assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
  const [head = '', ...rows] = text.trimEnd().split('\r\n');
  const at = head.split(',').indexOf('detail');
  assert.ok(at > 0);
  const cells = rows.map((row) => (row.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [])[at]);
  assert.deepEqual(cells, [
    "'=1+1,",
    "'+1,",
    "'-1,",
    "'@a,",
    "'=1,",
    "'=1,",
    "'＝1,",
    '"a,""b""",',
    'a b,',
    '<U+202E>,',
    '<U+001B>[2J,',
  ]);
});

test('in NDJSON foreign text is as it was received, written without anything active', async () => {
  await using world = await startWorld();
  const id = await supportId(world);
  const detail = 'a\u202eb\u001b[2J\u{e0041}';
  await addTransitions(world.store, [profile(id, { detail })]);
  const { text } = await world.api('GET', '/export?kind=profile');
  assert.equal(JSON.parse(text).detail, detail);
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  assert.doesNotMatch(text.trimEnd(), /[\u0000-\u001f\u202e]|[\u{e0000}-\u{e007f}]/u);
});

test('a client that takes nothing is sent no more than the pipe holds', async () => {
  await using world = await startWorld();
  const id = await supportId(world);
  const detail = 'x'.repeat(2_000);
  for (let round = 0; round < 20; round += 1) await addMany(world, id, { count: 500, detail });
  let pages = 0;
  const { store } = world.monitor.deps;
  const scan = store.scan.bind(store);
  store.scan = (work) => {
    pages += 1;
    return scan(work);
  };
  const slow = await opened(world, '/export');
  slow.pause();
  await once(slow, 'readable');
  await world.store.scan((view) => view.channels.count());
  assert.ok(pages < 15, `${pages} pages were read for a client that takes none`);
  slow.destroy();
  const whole = await world.api('GET', '/export?kind=profile');
  assert.equal(whole.text.split('\n').length - 1, 10_000);
});

test('a store that is lost is an error before the first line, and a broken stream after it', async () => {
  await using world = await startWorld();
  const id = await supportId(world);
  for (let round = 0; round < 4; round += 1) await addMany(world, id, { count: 500 });
  world.broken.store = new Error('The disk is gone.');
  assert.equal((await world.api('GET', '/export')).status, 500);
  world.broken.store = null;
  const { store } = world.monitor.deps;
  const scan = store.scan.bind(store);
  let pages = 0;
  store.scan = (work) => {
    pages += 1;
    return pages < 3 ? scan(work) : Promise.reject(new Error('The disk is gone.'));
  };
  const response = await opened(world, '/export');
  assert.equal(response.statusCode, 200);
  await assert.rejects(response.toArray(), { code: 'ECONNRESET' });
  assert.ok(world.events.some(({ name }) => name === 'request_failed'));
});

async function supportId(world: World): Promise<ChannelId> {
  await addSupport(world);
  return (await world.api('GET', '/channels/support')).body.id;
}

function profile(id: ChannelId, about: Partial<Transition>): Transition {
  return aTransition(id, { kind: 'profile', series: 'profile:name', capability: null, ...about });
}

/** One a millisecond, from 1970 on. */
async function addMany(world: World, id: ChannelId, about: { count: number; detail?: string }) {
  const { count, detail = null } = about;
  for (let at = 0; at < count; at += 500) {
    const length = Math.min(500, count - at);
    const told = Array.from({ length }, (_, n) => profile(id, { at: at + n, detail }));
    await addTransitions(world.store, told);
  }
}

/** The response as it begins. */
async function opened({ url }: World, path: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const request = get(`${url}${API_PREFIX}${path}`, { headers });
  const [response] = await once(request, 'response');
  return response;
}
