import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from './management-world.ts';
import type { World } from './management-world.ts';

const SLACK = {
  kind: 'slack',
  urgency: 'page',
  zone: 'Europe/Berlin',
  secrets: { url: 'https://hooks.slack.example/canary-0001' },
};
const WEBHOOK = { kind: 'webhook', settings: { url: 'https://crm.acme.example/hook' } };

test('a receiver goes in with its secret and is shown without it', async () => {
  await using world = await startWorld();
  const { api } = world;
  const created = await api('PUT', '/receivers/ops', { body: SLACK });
  assert.equal(created.status, 201, created.text);
  const { made_secret: made, ...shown } = created.body;
  assert.equal(made, null);
  assert.deepEqual(shown, {
    id: shown.id,
    name: 'ops',
    kind: 'slack',
    urgency: 'page',
    settings: {},
    hint: '…0001',
    zone: 'Europe/Berlin',
    created_at: '2026-03-01T00:00:00.000Z',
    updated_at: '2026-03-01T00:00:00.000Z',
    broken_at: null,
    failures_in_a_row: 0,
    held_until: null,
  });
  assert.deepEqual((await api('GET', '/receivers/ops')).body, shown);
  assert.deepEqual((await api('GET', `/receivers/${shown.id}`)).body, shown);
  assert.deepEqual((await api('GET', '/receivers')).body, { items: [shown], next_cursor: null });
});

test('receivers are listed in pages, in the order of names', async () => {
  await using world = await startWorld();
  for (const name of ['c', 'a', 'b']) {
    await world.api('PUT', `/receivers/${name}`, { body: SLACK });
  }
  const first = await world.api('GET', '/receivers?limit=2');
  assert.deepEqual(namesOf(first.body), ['a', 'b']);
  const second = await world.api('GET', `/receivers?limit=2&cursor=${first.body.next_cursor}`);
  assert.deepEqual(namesOf(second.body), ['c']);
  assert.equal(second.body.next_cursor, null);
});

test('an update without secrets leaves those that are there, and takes a broken one up again', async () => {
  await using world = await startWorld();
  const { body: created } = await world.api('PUT', '/receivers/ops', { body: SLACK });
  const broken = { brokenAt: 1, failuresInARow: 3, heldUntil: Date.UTC(2027, 0, 1) };
  await world.store.change((tx) => tx.receivers.mark(created.id, broken));
  const bad = (await world.api('GET', '/receivers/ops')).body;
  assert.deepEqual([bad.broken_at, bad.failures_in_a_row], ['1970-01-01T00:00:00.001Z', 3]);
  assert.equal(bad.held_until, '2027-01-01T00:00:00.000Z');
  const { secrets: _, ...said } = SLACK;
  const updated = await world.api('PUT', '/receivers/ops', { body: { ...said, zone: null } });
  assert.equal(updated.status, 200, updated.text);
  assert.equal(updated.body.zone, null);
  const kept = (await world.api('GET', '/receivers/ops')).body;
  assert.deepEqual([kept.hint, kept.broken_at, kept.held_until], ['…0001', null, null]);
  assert.deepEqual(await secretsOf(world, created.id), SLACK.secrets);
});

test('what a receiver lacks or does not take is said, all at once', async () => {
  await using world = await startWorld();
  const rows: [object, RegExp][] = [
    [{ kind: 'slack' }, /url is missing: the URL of the incoming webhook/],
    [
      { ...SLACK, settings: { colour: 'red' } },
      /settings\.colour is nothing that slack takes; it has none/,
    ],
    [
      { ...WEBHOOK, secrets: { token: 'canary' } },
      /secrets\.token is nothing that webhook takes; known are signing_secret/,
    ],
    [{ ...SLACK, zone: 'Europe/Atlantis' }, /zone must be a time zone that is known here/],
    [{ ...SLACK, kind: 'pager' }, /kind must be webhook or slack or/],
    [{ ...SLACK, urgency: 'loud' }, /urgency must be page or notify/],
    [{ ...SLACK, settings: { 'A B': 'x' } }, /is not a name of a field/],
    [{ ...SLACK, secrets: { url: '' } }, /secrets\.url must not be empty/],
  ];
  for (const [body, sentence] of rows) {
    const refused = await world.api('PUT', '/receivers/ops', { body });
    assert.equal(refused.status, 400, JSON.stringify(body));
    assert.match(refused.body.detail, sentence);
  }
  const both = await world.api('PUT', '/receivers/ops', {
    body: { ...SLACK, zone: 'Europe/Atlantis', settings: { colour: 'red' } },
  });
  assert.deepEqual(
    both.body.items.map(({ at }: { at: string }) => at),
    ['settings.colour', 'zone'],
  );
  assert.deepEqual((await world.api('GET', '/receivers')).body.items, []);
});

test('a receiver stays of its kind', async () => {
  await using world = await startWorld();
  await world.api('PUT', '/receivers/ops', { body: SLACK });
  const other = await world.api('PUT', '/receivers/ops', { body: WEBHOOK });
  assert.equal(other.status, 409);
  assert.match(other.body.detail, /ops is of kind slack and cannot become webhook/);
});

test('what signs is made where it is not given, and is shown that once', async () => {
  await using world = await startWorld();
  const { body } = await world.api('PUT', '/receivers/crm', { body: WEBHOOK });
  assert.match(body.made_secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual(await secretsOf(world, body.id), { signing_secret: body.made_secret });
  const again = await world.api('PUT', '/receivers/crm', { body: { ...WEBHOOK, secrets: {} } });
  assert.equal(again.body.made_secret, null);
  assert.deepEqual(await secretsOf(world, body.id), { signing_secret: body.made_secret });
});

test('after a rotation the old secret signs too for a day', async () => {
  await using world = await startWorld();
  const { body: created } = await world.api('PUT', '/receivers/crm', { body: WEBHOOK });
  const { body: rotated } = await world.api('POST', '/receivers/crm/rotate', { body: {} });
  assert.equal(rotated.field, 'signing_secret');
  assert.match(rotated.text, /^whsec_/);
  assert.equal(rotated.previous_until, '2026-03-02T00:00:00.000Z');
  const secrets = await secretsOf(world, created.id);
  assert.equal(secrets['signing_secret'], rotated.text);
  assert.equal(secrets['previous_signing_secret'], created.made_secret);
});

test('a secret that comes from a service is replaced by the one that is given', async () => {
  await using world = await startWorld();
  const { body: created } = await world.api('PUT', '/receivers/ops', { body: SLACK });
  const none = await world.api('POST', '/receivers/ops/rotate', { body: {} });
  assert.match(none.body.detail, /secret is missing: url comes from the service/);
  const secret = 'https://hooks.slack.example/canary-0002';
  const { body } = await world.api('POST', '/receivers/ops/rotate', { body: { secret } });
  assert.deepEqual([body.text, body.previous_until, body.receiver.hint], [null, null, '…0002']);
  assert.deepEqual(await secretsOf(world, created.id), { url: secret });
  const wrong = { secret, field: 'password' };
  const refused = await world.api('POST', '/receivers/ops/rotate', { body: wrong });
  assert.match(refused.body.detail, /field must be one of the secrets of slack: url/);
});

test('a test message goes into the queue, and its delivery can be looked at', async () => {
  await using world = await startWorld();
  await world.api('PUT', '/receivers/ops', { body: SLACK });
  const { body, status } = await world.api('POST', '/receivers/ops/test');
  assert.equal(status, 201);
  assert.deepEqual([body.kind, body.state, body.incident], ['test', 'pending', null]);
  assert.deepEqual([body.receiver.name, body.attempts], ['ops', []]);
  assert.deepEqual((await world.api('GET', `/deliveries/${body.id}`)).body, body);
  // Each test is one of its own.
  const second = await world.api('POST', '/receivers/ops/test');
  assert.notEqual(second.body.id, body.id);
});

test('a receiver that a rule names stays until the rule is gone', async () => {
  await using world = await startWorld();
  await world.api('PUT', '/receivers/ops', { body: SLACK });
  await world.api('PUT', '/rules/all', { body: { receivers: ['ops'] } });
  assert.equal((await world.api('DELETE', '/receivers/ops')).status, 409);
  await world.api('DELETE', '/rules/all');
  assert.equal((await world.api('DELETE', '/receivers/ops')).status, 204);
  assert.equal((await world.api('DELETE', '/receivers/ops')).status, 404);
  assert.equal((await world.api('POST', '/receivers/ops/test')).status, 404);
});

test('the kinds say what each of them takes', async () => {
  await using world = await startWorld();
  const { body } = await world.api('GET', '/receiver-kinds');
  const slack = body.items.find(({ kind }: { kind: string }) => kind === 'slack');
  assert.deepEqual(slack.fields, [
    { name: 'url', what: 'the URL of the incoming webhook', is_secret: true, is_required: true },
  ]);
});

function namesOf({ items }: { items: { name: string }[] }): string[] {
  return items.map(({ name }) => name);
}

function secretsOf(world: World, id: `rcv_${string}`) {
  return world.store.read((view) => view.receivers.secretsOf(id));
}
