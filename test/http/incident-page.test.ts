import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Problem } from '#domain/problem.ts';
import { LINK_MS } from '#monitor/telling/incident-link.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { startPageWorld } from './incident-page-world.ts';
import { startWorld } from './management-world.ts';

const HOSTILE =
  '</li></main><script>alert(1)</script><img src=x onerror="alert(2)">\u202egnp.exe\u0007';

test('the page says what, since when, whom, why, what to do, how sure, and what happened', async () => {
  await using world = await startPageWorld();
  const { status, text } = await world.get();
  assert.equal(status, 200);
  for (const said of [
    `Incident ${world.incident.number}`,
    'BLOCKED',
    'Acme Support',
    '+49 30 1234',
    'BLOCKED since 28 Feb 23:55 UTC',
    'New conversations fail; replies limited.',
    '3 reads over 62 s through 1 number. Last good 28 Feb 23:54 UTC.',
    '141006',
    'Acme Support (account owner); nothing for on-call to repair',
    '<b>Do:</b>',
    'href="https://www.facebook.com/business/help/2225184664363779"',
    'Opened',
    'Acknowledge and watch closely',
  ]) {
    assert.ok(text.includes(said), said);
  }
});

test('the page is one answer that loads nothing, runs nothing, is kept nowhere and tells nobody', async () => {
  await using world = await startPageWorld();
  const { headers, text } = await world.get();
  const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  assert.equal(
    headers.get('content-security-policy'),
    `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
  assert.equal(headers.get('x-robots-tag'), 'noindex, nofollow');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(headers.get('set-cookie'), null);
  assert.match(style, /prefers-color-scheme:dark/);
  assert.doesNotMatch(text, /<script|<link|<img|<iframe|\son\w+=|style=|url\(/i);
});

test('names, sentences and notes of others are text, whatever they hold', async () => {
  await using world = await startPageWorld({
    verifiedName: HOSTILE,
    incident: { detail: HOSTILE, codes: ['141006', HOSTILE] },
    events: [{ detail: HOSTILE, by: HOSTILE }],
  });
  await world.send({ by: 'Ana', note: HOSTILE, do: 'acknowledge' });
  const wrong = await world.send({ by: ' ', note: HOSTILE, do: 'acknowledge' });
  assert.equal(wrong.status, 422);
  for (const { text } of [await world.get(), wrong]) {
    assert.doesNotMatch(text.replaceAll('\n', ''), /<script|<img|\u202e|\p{Cc}/u);
    assert.equal(text.match(/<\/main>/g)?.length, 1);
    assert.ok(text.includes('&lt;script&gt;'));
    assert.ok(text.includes('&lt;U+202E&gt;'));
    assert.doesNotMatch(text, /onerror="/);
  }
});

test('the page stays below 30 kB, however much there is to say', async () => {
  const codes = Array.from({ length: 40 }, (_, no) => `${no}${HOSTILE}`);
  const events = Array.from({ length: 480 }, () => ({ detail: HOSTILE.repeat(9), by: HOSTILE }));
  await using world = await startPageWorld({
    verifiedName: HOSTILE.repeat(3).slice(0, 256),
    incident: { detail: HOSTILE.repeat(9), codes },
    events,
  });
  await world.send({
    by: HOSTILE.slice(0, 60),
    note: HOSTILE.repeat(4).slice(0, 300),
    do: 'watch',
  });
  const { status, text } = await world.get();
  assert.equal(status, 200);
  assert.ok(Buffer.byteLength(text) < 30_000, String(Buffer.byteLength(text)));
  assert.match(text, /And \d+ earlier entries/);
});

test('asking changes nothing: only the form does', async () => {
  await using world = await startPageWorld();
  const before = await world.stored();
  const head = await world.ask('HEAD', world.target, { token: null });
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
  await world.get();
  await world.get(`${world.target}&do=acknowledge&by=Ana`);
  assert.deepEqual(await world.stored(), before);
});

test('a name and a note acknowledge it, and the page says who', async () => {
  await using world = await startPageWorld();
  const sent = await world.send({ by: 'Ana', note: 'The card is new.', do: 'acknowledge' });
  assert.equal(sent.status, 303);
  assert.equal(sent.headers.get('location'), world.target.replace('/i/', ''));
  const { acknowledgement, watchUntil } = await world.stored();
  assert.equal(acknowledgement?.by, 'Ana (by link)');
  assert.equal(acknowledgement?.note, 'The card is new.');
  assert.equal(watchUntil, null);
  const { text } = await world.get();
  assert.match(text, /<b>Ana \(by link\)<\/b> is at it since/);
  assert.ok(text.includes('The card is new.'));
});

test('watching closely is the other button', async () => {
  await using world = await startPageWorld();
  await world.send({ by: 'Ana', do: 'watch' });
  const { acknowledgement, watchUntil } = await world.stored();
  assert.equal(acknowledgement?.note, null);
  assert.ok(watchUntil !== null && watchUntil > world.clock.now());
  assert.match((await world.get()).text, /Watched closely until/);
});

test('without a name nothing is done, and what was entered is still there', async () => {
  await using world = await startPageWorld();
  const { status, text } = await world.send({ by: '  ', note: 'On my way', do: 'acknowledge' });
  assert.equal(status, 422);
  assert.ok(text.includes('Enter your name'));
  assert.ok(text.includes('>On my way</textarea>'));
  assert.equal((await world.stored()).acknowledgement, null);
  const long = await world.send({ by: 'A'.repeat(61), do: 'acknowledge' });
  assert.equal(long.status, 422);
});

test('a form without the signature of this very incident does nothing', async () => {
  await using world = await startPageWorld();
  const [path = '', query = ''] = world.target.split('?', 2);
  const [, otherQuery = ''] = world
    .targetOf({ id: createFakeIds().next('inc'), number: 9 })
    .split('?', 2);
  const froms = [path, `${path}?${otherQuery}`, `${path}?${query.replace('e=', 'e=1')}`];
  for (const from of froms) {
    assert.equal((await world.send({ by: 'Eve', do: 'acknowledge' }, from)).status, 404, from);
  }
  // The signature of the query alone: what another site could make a browser send.
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = 'by=Eve&do=acknowledge';
  const forged = await world.ask('POST', world.target, { token: null, body, headers: type });
  assert.equal(forged.status, 404);
  assert.equal((await world.stored()).acknowledgement, null);
});

test('a wrong link says the same whether there is such an incident or not', async () => {
  await using world = await startPageWorld();
  const [path = '', query = ''] = world.target.split('?', 2);
  const stranger = createFakeIds().next('inc').replace(/.$/, 'z');
  const [, gone = ''] = world.targetOf({ id: `inc_${'7'.repeat(26)}`, number: 8 }).split('/i/');
  const replies = await Promise.all(
    [
      path,
      `${path}?${query}x`,
      `${path}?${query}&${query}`,
      `/i/${stranger}?${query}`,
      `/i/${world.incident.number}?${query}`,
      `/i/${gone}`,
      '/i/nothing',
    ].map((one) => world.get(one)),
  );
  const [first] = replies;
  assert.equal(first?.status, 404);
  assert.match(first?.text ?? '', /This link opens nothing/);
  for (const reply of replies) assert.equal(reply.text, first?.text);
});

test('an old link says that it has expired, and nothing else', async () => {
  await using world = await startPageWorld();
  const gone = world.targetOf({ id: `inc_${'7'.repeat(26)}`, number: 8 });
  world.clock.jumpTo(world.clock.now() + LINK_MS);
  const known = await world.get();
  const unknown = await world.get(gone);
  assert.equal(known.status, 410);
  assert.match(known.text, /Links open their page for 7 days/);
  assert.equal(known.text, unknown.text);
  assert.equal((await world.send({ by: 'Ana', do: 'acknowledge' })).status, 410);
  assert.equal((await world.stored()).acknowledgement, null);
});

test('once it is over the page says how, and has no buttons', async () => {
  await using world = await startPageWorld();
  const before = await world.get();
  assert.match(before.text, /<form/);
  const now = world.clock.now();
  const over = { endedAt: now, resolvedAt: now, resolution: 'recovered' } as const;
  await world.store.change((tx) => tx.incidents.replace({ ...world.incident, ...over }));
  const { text } = await world.get();
  assert.match(text, /RECOVERED/);
  assert.doesNotMatch(text, /<form/);
  const late = await world.send({ by: 'Ana', do: 'acknowledge' });
  assert.equal(late.status, 303);
  assert.equal((await world.stored()).acknowledgement, null);
});

test('nobody sends or loads it without end', async () => {
  await using world = await startPageWorld();
  const statuses: number[] = [];
  for (let sent = 0; sent < 11; sent += 1) {
    statuses.push((await world.send({ by: 'Ana', do: 'acknowledge' })).status);
  }
  assert.deepEqual(
    statuses.slice(0, 10),
    Array.from({ length: 10 }, () => 303),
  );
  assert.equal(statuses[10], 429);
  for (let viewed = 0; viewed < 60; viewed += 1) await world.get();
  const refused = await world.get();
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '60');
  await world.clock.advance(60_000);
  assert.equal((await world.get()).status, 200);
});

test('what is no form of the page is refused with a page', async () => {
  await using world = await startPageWorld();
  const [path = ''] = world.target.split('?', 1);
  const json = await world.ask('POST', path, { token: null, body: { by: 'Ana' } });
  assert.equal(json.status, 415);
  const long = await world.send({ by: 'Ana', note: 'x'.repeat(9_000), do: 'acknowledge' });
  assert.equal(long.status, 413);
  assert.match(long.text, /<h1>/);
});

test('while the store is away the page says so, and the log has no signature', async () => {
  await using world = await startPageWorld();
  world.broken.store = new Problem('store_unavailable', 'The disk is gone.');
  const { status, headers, text } = await world.get();
  assert.equal(status, 503);
  assert.equal(headers.get('retry-after'), '5');
  assert.doesNotMatch(text, /disk/);
  const told = JSON.stringify(world.events.filter(({ name }) => name === 'request_failed'));
  assert.ok(told.includes('/i/:ref'));
  assert.ok(!told.includes(world.target.split('s=')[1] ?? ' '));
});

test('without a public address there are no pages', async () => {
  await using pages = await startPageWorld();
  await using world = await startWorld();
  assert.equal((await world.ask('GET', pages.target, { token: null })).status, 404);
});
