/** Reported send errors, the listing of signals, and what of a webhook is never kept. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { understandNext } from '#monitor/signals/understand-webhooks.ts';
import { addSupport, SUPPORT_ID } from './acme.ts';
import { send, signed, startWithApp, webhook } from './webhook-world.ts';

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
    [{ code: 1, to: '4915112345678' }, /^to is not known here/],
    [[{ code: 1, to: '4915112345678' }], /^0\.to is not known here/],
    [5, /^body /],
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
