/** What a token sees, by the simulator's lists. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Directory, ListAnswer } from '#ports/directory.ts';
import { createGraph } from '#upstreams/graph/graph.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { answersJson, ScriptedServer } from '#test/fakes/scripted-server.ts';
import type { Script } from '#test/fakes/scripted-server.ts';
import { ACME, ACME_TOKEN, ACME_WORLD, APP_SECRET, UMBRELLA_TOKEN } from '#test/simulator/acme.ts';
import { accessOf, GraphWorld, PROVEN, TIMEOUT_MS } from './graph-world.ts';

const ACME_GMBH = '506914307656634';
const UMBRELLA = '102290129340000';
const FIRST = { after: null, limit: 100, timeoutMs: TIMEOUT_MS };

test('a token leads to its businesses, their WABAs and the numbers of these', async () => {
  await using world = await GraphWorld.start();
  const { directory } = world.graph;
  assert.deepEqual(await directory.businesses(PROVEN, FIRST), {
    ok: true,
    items: [{ id: ACME_GMBH, name: 'acme-gmbh' }],
    next: null,
  });
  assert.deepEqual(await directory.ownedWabas(PROVEN, ACME_GMBH, FIRST), {
    ok: true,
    items: [{ id: ACME, name: 'acme' }],
    next: null,
  });
  const numbers = await directory.numbers(PROVEN, ACME, FIRST);
  assert.ok(numbers.ok);
  assert.deepEqual(
    numbers.items.map(({ profile }) => [profile.verifiedName, profile.displayNumber]),
    [
      ['support', '+1 555-224-2922'],
      ['sales', '+1 555-341-8254'],
      ['orders', '+1 555-224-0003'],
    ],
  );
  assert.equal(numbers.items[0]?.profile.webhook.application, 'https://hooks.example/whatsapp');
});

test('a WABA that is shared with a business is among its clients', async () => {
  await using world = await GraphWorld.start();
  const access = accessOf(UMBRELLA_TOKEN);
  const { directory } = world.graph;
  assert.deepEqual(await directory.clientWabas(access, ACME_GMBH, FIRST), {
    ok: true,
    items: [{ id: UMBRELLA, name: 'umbrella' }],
    next: null,
  });
  assert.deepEqual(await directory.ownedWabas(access, ACME_GMBH, FIRST), {
    ok: true,
    items: [],
    next: null,
  });
  assert.deepEqual(await directory.waba(access, UMBRELLA, TIMEOUT_MS), {
    ok: true,
    node: { id: UMBRELLA, name: 'umbrella' },
  });
});

test('a long list comes in pages, each after the cursor of the one before', async () => {
  await using world = await GraphWorld.start({
    generate: { numbers: 120, wabas: 1, businesses: 1, apps: 1, tokens: 1 },
  });
  const access = accessOf('EAAsim0000000000000000');
  const seen: string[] = [];
  let after: string | null = null;
  const sizes: number[] = [];
  do {
    const page: ListAnswer<{ readonly id: string }> = await world.graph.directory.numbers(
      access,
      '200000000000000',
      { ...FIRST, after, limit: 50 },
    );
    assert.ok(page.ok, JSON.stringify(page));
    seen.push(...page.items.map(({ id }) => id));
    sizes.push(page.items.length);
    after = page.next;
  } while (after !== null);
  assert.deepEqual(sizes, [50, 50, 20]);
  assert.equal(new Set(seen).size, 120);
});

test('a limit beyond that of Graph is that of Graph', async () => {
  await withList({ data: [] }, async (directory, server) => {
    await directory.businesses(accessOf(), { ...FIRST, limit: 1e9 });
    await directory.businesses(accessOf(), { ...FIRST, limit: 0 });
    const limits = server.seen.map(({ target }) => /limit=(\d+)/.exec(target)?.[1]);
    assert.deepEqual(limits, ['100', '1']);
  });
});

test('the address of a next page is never followed, only its cursor is used', async () => {
  const paging = { cursors: { after: 'a&b=/../c' }, next: 'http://evil.example/steal?x=1' };
  await withList({ data: [], paging }, async (directory, server) => {
    const page = await directory.businesses(accessOf(), FIRST);
    assert.deepEqual(page, { ok: true, items: [], next: 'a&b=/../c' });
    await directory.businesses(accessOf(), { ...FIRST, after: 'a&b=/../c' });
    assert.equal(
      server.seen.at(-1)?.target,
      '/v26.0/me/businesses?fields=id,name&limit=100&after=a%26b%3D%2F..%2Fc',
    );
  });
});

test('a list that leads nowhere, or to itself, is malformed', async () => {
  const next = 'https://graph.facebook.com/next';
  for (const [body, detail] of [
    [{}, /a list without data/],
    [{ data: {} }, /a list without data/],
    [{ data: [], paging: { next } }, /without a cursor/],
    [{ data: [], paging: { next, cursors: { after: 'line\nbreak' } } }, /without a cursor/],
    [{ data: [], paging: { next, cursors: { after: 'x'.repeat(2_000) } } }, /without a cursor/],
    [{ data: [], paging: { next, cursors: { after: 'same' } } }, /leads to itself/],
  ] as const) {
    await withList(body, async (directory) => {
      const page = await directory.businesses(accessOf(), { ...FIRST, after: 'same' });
      assert.ok(!page.ok);
      assert.equal(page.failure.code, 'malformed_answer');
      assert.match(page.failure.detail, detail);
    });
  }
});

test('entries that could not be asked for are left out, odd names are not known', async () => {
  const data = [
    null,
    7,
    {},
    { id: '../me', name: 'x' },
    { id: 'x'.repeat(200) },
    { id: 506_914_307_656_634, name: 7 },
    { id: '1', name: 'x'.repeat(999) },
  ];
  await withList({ data }, async (directory) => {
    const page = await directory.businesses(accessOf(), FIRST);
    assert.deepEqual(page.ok && page.items, [
      { id: '506914307656634', name: null },
      { id: '1', name: 'x'.repeat(256) },
    ]);
  });
});

test('a field that a list does not have is dropped for the whole list', async () => {
  await withScript(refusesCoexistence, async (directory, server) => {
    const page = await directory.numbers(accessOf(), ACME, FIRST);
    assert.equal(page.ok && page.items[0]?.profile.verifiedName, 'Acme Support');
    assert.equal(server.seen.length, 2);
  });
});

test('what a token may not see, and what cannot be asked, fails', async () => {
  await using world = await GraphWorld.start();
  const { directory } = world.graph;
  const foreign = await directory.numbers(PROVEN, UMBRELLA, FIRST);
  assert.equal(!foreign.ok && foreign.failure.code, 'not_found_or_forbidden');
  const asked = world.relay.seen.length;
  const elsewhere = await directory.numbers(PROVEN, '../me', FIRST);
  assert.equal(!elsewhere.ok && elsewhere.failure.code, 'not_found_or_forbidden');
  const node = await directory.waba(accessOf('two words'), ACME, TIMEOUT_MS);
  assert.equal(!node.ok && node.failure.code, 'credential_rejected');
  assert.equal(world.relay.seen.length, asked);
});

test('no token is in the URL of any list', async () => {
  await using world = await GraphWorld.start({
    ...ACME_WORLD,
    apps: [{ id: '634974688087057', name: 'acme-app', secret: APP_SECRET, proof_required: true }],
    tokens: [{ text: ACME_TOKEN, app: 'acme-app' }],
  });
  const { directory } = world.graph;
  assert.ok((await directory.businesses(PROVEN, FIRST)).ok);
  assert.ok((await directory.numbers(PROVEN, ACME, { ...FIRST, limit: 1 })).ok);
  assert.ok((await directory.waba(PROVEN, ACME, TIMEOUT_MS)).ok);
  assert.equal(world.relay.seen.length, 3);
  for (const { target } of world.relay.seen) {
    assert.ok(!target.includes(ACME_TOKEN) && !target.includes(APP_SECRET), target);
  }
});

/** A Graph whose numbers have no `is_on_biz_app`. */
const refusesCoexistence: Script = (socket, request) => {
  const message = '(#100) Tried accessing nonexisting field (is_on_biz_app) on node type (X)';
  const answer = request.target.includes('is_on_biz_app')
    ? answersJson({ error: { code: 100, message } }, { status: 400 })
    : answersJson({ data: [{ id: '1', verified_name: 'Acme Support' }] });
  answer(socket, request);
};

async function withList(
  body: unknown,
  use: (directory: Directory, server: ScriptedServer) => Promise<void>,
): Promise<void> {
  await withScript(answersJson(body), use);
}

async function withScript(
  script: Script,
  use: (directory: Directory, server: ScriptedServer) => Promise<void>,
): Promise<void> {
  await using server = await ScriptedServer.start(script);
  const clock = createFakeClock();
  const graph = createGraph({ transport: createTransport({ clock }), clock, baseUrl: server.url });
  await use(graph.directory, server);
  await graph.close();
}
