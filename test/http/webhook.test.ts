/** The doors of hints over real HTTP: what is taken, what is refused and how, and what is never kept. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { understandNext } from '#monitor/signals/understand-webhooks.ts';
import { rowsIn } from '#test/stores/open-in.ts';
import { addSupport, SUPPORT_ID } from './acme.ts';
import { startWorld } from './management-world.ts';
import type { World } from './management-world.ts';

const SECRET = 'canary-app-secret-0001';
const META = '/webhooks/meta/acme-app';
const WABA = '102290129340398';

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
  const changes = (count: number) =>
    Array.from({ length: count }, () => ({ field: 'x', value: {} }));
  const updates = (count: number) =>
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: changes(count).map((change) => ({ id: WABA, changes: [change] })),
    });
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
  const sized = (bytes: number) => webhook('flows', {}).padEnd(bytes);
  assert.equal((await send(world, sized(3_145_728))).status, 200);
  const larger = await send(world, sized(3_145_729));
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
  world.broken.store = Object.assign(new Error('the disk is gone'));
  const reply = await send(world, webhook('flows', {}));
  assert.equal(reply.status, 500);
  assert.doesNotMatch(reply.text, /disk/);
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

test('send errors are reported with an API key, one or a list, and refused with all that is wrong', async () => {
  await using world = await startWithApp();
  await addSupport(world);
  const { body: issued } = await world.api('POST', '/channels/support/keys', { body: {} });
  const headers = { 'd360-api-key': issued.text };
  const report = (body: unknown) =>
    world.ask('POST', '/v1/signals', { body, headers, token: null });
  const one = await report({ code: 131042, http_status: 400, count: 3 });
  assert.equal(one.status, 202);
  assert.deepEqual(one.body, { counted: 1 });
  assert.deepEqual((await report([{ code: '131042' }, { code: 131056 }])).body, { counted: 2 });
  for (const [body, sentence] of [
    ['{', /no JSON/],
    [[], /1 to 100/],
    [Array.from({ length: 101 }, () => ({ code: 1 })), /1 to 100/],
    [{ code: 'many' }, /code.*131042/],
    [{ code: 1, count: 0 }, /count.*1 to/],
    [{ code: 1, to: '4915112345678' }, /to is not known here/],
  ] as const) {
    const reply = await report(body);
    assert.equal(reply.status, 400, JSON.stringify(body).slice(0, 60));
    assert.match(reply.body.error, sentence);
  }
  assert.equal((await world.ask('POST', '/v1/signals', { body: {}, token: null })).status, 401);
  const { body: page } = await world.api('GET', '/signals?channel=support&field=send_error');
  const counts = page.items.map((item: { code: string; count: number }) => [item.code, item.count]);
  assert.deepEqual(counts.toSorted(), [
    ['131042', 1],
    ['131042', 3],
    ['131056', 1],
  ]);
});

test('who reports errors one by one is asked to count them together', async () => {
  await using world = await startWithApp();
  await addSupport(world);
  const { body: issued } = await world.api('POST', '/channels/support/keys', { body: {} });
  const asking = { body: { code: 1 }, headers: { 'd360-api-key': issued.text }, token: null };
  const statuses = [];
  for (let times = 0; times < 61; times += 1) {
    statuses.push((await world.ask('POST', '/v1/signals', asking)).status);
  }
  assert.deepEqual([statuses.filter((one) => one === 202).length, statuses.at(-1)], [60, 429]);
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

test('signals are listed by channel, field and what is known, a page at a time', async () => {
  await using world = await startWithApp();
  await addSupport(world);
  await send(world, webhook('account_update', { event: 'ACCOUNT_VIOLATION' }));
  await send(world, webhook('a_field_of_tomorrow', {}));
  const settings = { phone_number_settings: { phone_number_id: SUPPORT_ID } };
  await send(world, webhook('account_settings_update', settings));
  while (await understandNext(world.monitor.deps));
  const fieldsOf = async (query: string) => {
    const { body } = await world.api('GET', `/signals?${query}`);
    return body.items.map(({ field }: { field: string }) => field);
  };
  assert.deepEqual(await fieldsOf('known=false'), ['a_field_of_tomorrow']);
  assert.deepEqual(await fieldsOf('field=account_update'), ['account_update']);
  assert.equal((await fieldsOf('channel=support')).includes('account_settings_update'), true);
  const first = await world.api('GET', '/signals?limit=1');
  assert.equal(first.body.items.length, 1);
  assert.ok(first.body.next_cursor);
  assert.equal((await world.api('GET', '/signals?channel=nobody')).status, 404);
  assert.equal((await world.api('GET', '/signals?known=perhaps')).status, 400);
});

test('nothing of a message reaches the database, an answer, an event or a metric', async () => {
  await using world = await startWithApp();
  await addSupport(world);
  const person = '4915199887766';
  const value = {
    metadata: { display_phone_number: '15550783881', phone_number_id: SUPPORT_ID },
    contacts: [{ profile: { name: 'Erika Kanarienvogel' }, wa_id: person }],
    messages: [{ from: person, id: 'wamid.Kanarienvogel', text: { body: 'Kanarienvogel' } }],
    statuses: [
      {
        recipient_id: person,
        errors: [{ code: 131042, title: `to ${person}`, error_data: { details: 'Kanarienvogel' } }],
      },
    ],
  };
  const bodies = [
    webhook('messages', value),
    webhook('account_update', { event: 'ACCOUNT_DELETED', ...value }),
    webhook('a_field_of_tomorrow', value),
    webhook('history', value),
    webhook('security', { display_phone_number: '15550783881', requester: person }),
  ];
  for (const body of bodies) {
    assert.equal((await send(world, body)).status, 200);
    assert.equal((await send(world, `${body}!`)).status, 400);
    assert.equal((await send(world, body, { signature: signed('other') })).status, 401);
  }
  while (await understandNext(world.monitor.deps));
  const { text } = await world.api('GET', '/signals');
  assert.match(text, /131042/, 'the errors are there');
  const metrics = await world.metrics.text();
  const files = readdirSync(world.store.dataDir).filter((file) =>
    file.startsWith('waba-health.db'),
  );
  const stored = files.map((file) => readFileSync(join(world.store.dataDir, file), 'latin1'));
  assert.ok(
    stored.some((bytes) => bytes.includes('131042')),
    'the database is looked at',
  );
  for (const seen of [text, metrics, JSON.stringify(world.events), ...stored]) {
    assert.ok(!seen.includes(person) && !/kanarienvogel/i.test(seen));
  }
});

async function startWithApp(): Promise<World> {
  const world = await startWorld();
  const body = { meta_app_id: '1234567890123456', secret: SECRET };
  const { status } = await world.api('PUT', '/apps/acme-app', { body });
  assert.equal(status, 201);
  return world;
}

function signed(body: string, secret: string = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function send(
  world: World,
  body: string,
  about: { readonly path?: string; readonly signature?: string | null } = {},
) {
  const { path = META, signature = signed(body) } = about;
  const headers = signature === null ? {} : { 'x-hub-signature-256': signature };
  return world.ask('POST', path, { body, headers, token: null });
}

function webhook(field: string, value: object): string {
  const entry = [{ id: WABA, time: 1743451903, changes: [{ field, value }] }];
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
