/** The doors of webhooks over real HTTP: what is taken, what is refused and how. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Problem } from '#domain/problem.ts';
import { understandNext } from '#monitor/signals/understand-webhooks.ts';
import { rowsIn } from '#test/stores/open-in.ts';
import { addSupport } from './acme.ts';
import { META_DOOR as META, send, signed, startWithApp, WABA, webhook } from './webhook-world.ts';

test('Meta may subscribe with the verify token that the app shows, and nobody with another', async () => {
  await using world = await startWithApp();
  const { body: app } = await world.api('GET', '/apps/acme-app');
  assert.equal(app.webhook.path, META);
  const question = (token: string, more: string = '') =>
    world.ask(
      'GET',
      `${META}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}${more}`,
    );
  const right = await question(app.webhook.verify_token);
  assert.equal(right.status, 200);
  assert.equal(right.text, '1158201444');
  assert.equal(right.headers.get('content-type'), 'text/plain');
  const wrong = await question('guessed');
  assert.equal(wrong.status, 403);
  assert.match(wrong.body.error, /apps show/);
  for (const query of ['', '?hub.mode=subscribe', '?hub.mode=subscribe&hub.challenge=<b>&x']) {
    assert.equal((await world.ask('GET', META + query)).status, 400, query);
  }
  const elsewhere = `/webhooks/meta/nobody?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x`;
  assert.equal((await world.ask('GET', elsewhere)).status, 404);
});

test('a signed webhook is stored once, and what it says is listed', async () => {
  await using world = await startWithApp();
  const body = webhook('account_update', { event: 'ACCOUNT_DELETED' });
  for (const _ of ['sent', 'sent again']) {
    const reply = await send(world, body);
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(reply.body, { received: true });
  }
  assert.equal(rowsIn(world.store.dataDir, 'select * from webhooks').length, 1);
  while (await understandNext(world.monitor.deps));
  const { body: page } = await world.api('GET', '/signals');
  assert.equal(page.items.length, 1);
  const [{ field, event, weight, waba_id, known, source }] = page.items;
  assert.deepEqual(
    { field, event, weight, waba_id, known, source },
    {
      field: 'account_update',
      event: 'ACCOUNT_DELETED',
      weight: 'critical',
      waba_id: WABA,
      known: true,
      source: 'meta',
    },
  );
});

test('a copy that another system passes on byte for byte is taken, a changed one is not', async () => {
  await using world = await startWithApp();
  const original = `{"object":"whatsapp_business_account", "entry":[{"id":"${WABA}","changes":[{"field":"flows","value":{"message":"\\u00e4\\/"}}]}]}`;
  const signature = signed(original);
  assert.equal((await send(world, original, { signature })).status, 200);
  const printedAnew = JSON.stringify(JSON.parse(original));
  const changed = await send(world, printedAnew, { signature });
  assert.equal(changed.status, 401);
  assert.match(changed.body.error, /over the bytes as they are sent/);
});

test('without the right signature nothing is read or stored', async () => {
  await using world = await startWithApp();
  const body = webhook('account_update', { event: 'ACCOUNT_DELETED' });
  const old = signed(body, 'the secret before this one');
  for (const signature of [null, '', 'sha256=', 'sha1=0a', `sha256=${'0'.repeat(64)}`, old]) {
    const reply = await send(world, body, { signature });
    assert.equal(reply.status, 401, String(signature));
    assert.match(reply.body.error, /X-Hub-Signature-256/);
  }
  assert.deepEqual(rowsIn(world.store.dataDir, 'select * from webhooks'), []);
});

test('an app that is not here, or has no secret, takes no webhook and says why', async () => {
  await using world = await startWithApp();
  await world.api('PUT', '/apps/bare', { body: { meta_app_id: '99' } });
  const body = webhook('flows', {});
  const nobody = await send(world, body, { path: '/webhooks/meta/nobody' });
  assert.equal(nobody.status, 404);
  assert.match(nobody.body.error, /no app of this name/);
  const bare = await send(world, body, { path: '/webhooks/meta/bare' });
  assert.equal(bare.status, 404);
  assert.match(bare.body.error, /apps add/);
  assert.equal((await world.api('GET', '/apps/bare')).body.webhook, null);
});

test('what is no JSON, too deep, no webhook or more than 1,000 updates is refused with a sentence', async () => {
  await using world = await startWithApp();
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /no JSON/],
    ['{"object":', /no JSON/],
    ['['.repeat(100_000), /no JSON/],
    ['[]', /"entry"/],
    [updates(1_001), /more than the 1000 updates/],
  ];
  for (const [body, sentence] of cases) {
    const reply = await send(world, body);
    assert.equal(reply.status, 400, body.slice(0, 40));
    assert.match(reply.body.error, sentence);
  }
  assert.equal((await send(world, updates(1_000))).status, 200);
});

test('a body of 3 MiB is taken, a larger one is not', async () => {
  await using world = await startWithApp();
  assert.equal((await send(world, webhook('flows', {}).padEnd(3_145_728))).status, 200);
  const larger = await send(world, webhook('flows', {}).padEnd(3_145_729));
  assert.equal(larger.status, 413);
  const elsewhere = await world.ask('POST', '/v1/signals', { body: 'x'.repeat(2_000_000) });
  assert.equal(elsewhere.status, 413);
});

test('a body that is longer or shorter than it says is refused, and the next request is answered', async () => {
  await using world = await startWithApp();
  const body = webhook('flows', {});
  const request = (length: number) =>
    `POST ${META} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Hub-Signature-256: ${signed(body)}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
  const port = Number(new URL(world.url).port);
  assert.match(await raw(port, request(body.length - 5)), /^HTTP\/1\.1 4\d\d /);
  assert.match(await raw(port, request(body.length + 5)), /^(?:HTTP\/1\.1 4\d\d |$)/);
  assert.equal((await send(world, body)).status, 200);
});

test('while the store is away Meta is told to send it again', async () => {
  await using world = await startWithApp();
  world.broken.store = new Problem('store_unavailable', 'The store cannot be reached.');
  const away = await send(world, webhook('flows', {}));
  assert.equal(away.status, 503);
  assert.equal(away.headers.get('retry-after'), '5');
  world.broken.store = new Error('a bug at /some/place');
  const bug = await send(world, webhook('flows', {}));
  assert.equal(bug.status, 500);
  assert.doesNotMatch(bug.text, /bug/);
});

test('what 360dialog passes on is taken with a key of the channel, as either header', async () => {
  await using world = await startWithApp();
  await addSupport(world);
  const { body: issued } = await world.api('POST', '/channels/support/keys', { body: {} });
  const path = '/webhooks/dialog360/support';
  const body = webhook('account_update', { event: 'ACCOUNT_DELETED' });
  const headersWith = [{ 'd360-api-key': issued.text }, { authorization: `Bearer ${issued.text}` }];
  for (const headers of headersWith) {
    assert.equal((await world.ask('POST', path, { body, headers, token: null })).status, 200);
  }
  for (const headers of [{}, { 'd360-api-key': 'wrong' }, { authorization: 'Bearer wrong' }]) {
    const reply = await world.ask('POST', path, { body, headers, token: null });
    assert.equal(reply.status, 401);
    assert.deepEqual(reply.body, { error: 'Invalid API key' });
  }
  const other = { body, headers: headersWith[0] ?? {}, token: null };
  assert.equal((await world.ask('POST', '/webhooks/dialog360/nobody', other)).status, 401);
});

test('other methods are told which ones are taken', async () => {
  await using world = await startWithApp();
  for (const [path, allow] of [
    [META, 'GET, POST'],
    ['/webhooks/dialog360/support', 'POST'],
    ['/v1/signals', 'POST'],
  ] as const) {
    const reply = await world.ask('DELETE', path);
    assert.equal(reply.status, 405, path);
    assert.equal(reply.headers.get('allow'), allow);
  }
});

/** A webhook of so many updates. */
function updates(count: number): string {
  const update = { id: WABA, changes: [{ field: 'x', value: {} }] };
  const entry = Array.from({ length: count }, () => update);
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

/** All that comes back on one connection for these bytes. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text, 'latin1');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
