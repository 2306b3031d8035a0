import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allIsWell, example, SUPPORT_ID } from './acme.ts';
import { startWorld } from './management-world.ts';
import { readSupport, troubleSupport, WABA_ID } from './troubled.ts';

const ANN = { by: 'Ann', note: 'asked Acme' };

test('an incident is shown with its cause, its numbers, what it means and what to do', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const { body: shown } = await world.api('GET', '/incidents/1');
  const { findings, ...listed } = shown;
  assert.deepEqual((await world.api('GET', '/incidents?state=open')).body.items, [listed]);
  assert.deepEqual(shown.cause, { kind: 'entity', type: 'WABA', id: WABA_ID, name: null });
  assert.deepEqual(
    [shown.status, shown.severity, shown.codes],
    ['BLOCKED', 'critical', ['141006']],
  );
  assert.equal(shown.began_at, '2026-03-01T00:01:00.000Z');
  assert.equal(shown.last_good_at, '2026-03-01T00:00:00.000Z');
  assert.deepEqual(shown.numbers, { affected: 1, ever: 1 });
  assert.deepEqual(shown.confirmation, {
    reads: 2,
    span_seconds: 31,
    channels: 1,
    by_webhook: false,
  });
  const [finding] = findings;
  assert.equal(finding.code, '141006');
  assert.match(finding.meaning, /^The payment method of the WABA failed/);
  assert.match(finding.remedy.text, /^Add a card/);
  assert.equal(finding.actor, 'account_owner');
  assert.deepEqual((await world.api('GET', `/incidents/${shown.id}`)).body, shown);
});

test('incidents are found by state, kind of cause and channel', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const rows: [string, number][] = [
    ['', 1],
    ['?state=open', 1],
    ['?state=resolved', 0],
    ['?cause=entity', 1],
    ['?cause=upstream', 0],
    ['?channel=support', 1],
  ];
  for (const [query, count] of rows) {
    const { body } = await world.api('GET', `/incidents${query}`);
    assert.equal(body.items.length, count, query);
  }
  assert.equal((await world.api('GET', '/incidents?channel=sales')).status, 404);
  assert.equal((await world.api('GET', '/incidents?state=closed')).status, 400);
  for (const path of ['', '/members', '/events', '/why', '/evidence']) {
    assert.equal((await world.api('GET', `/incidents/2${path}`)).status, 404, path);
  }
});

test('whoever is a member, and what happened, is listed by names', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const { items: members } = (await world.api('GET', '/incidents/1/members')).body;
  assert.equal(members.length, 1);
  assert.deepEqual(
    [members[0].channel.name, members[0].status, members[0].replaced, members[0].left_at],
    ['support', 'BLOCKED', 'AVAILABLE', null],
  );
  const { items: events } = (await world.api('GET', '/incidents/1/events')).body;
  assert.deepEqual([events[0].kind, events[0].channel.name], ['opened', 'support']);
});

test('somebody says to be at it, and watches closely', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const wish = { ...ANN, watch: true };
  const { body, status } = await world.api('POST', '/incidents/1/acknowledge', { body: wish });
  assert.equal(status, 200);
  assert.deepEqual(body.acknowledgement, { at: '2026-03-01T00:01:31.000Z', ...ANN });
  assert.equal(body.watch_until, '2026-03-01T00:31:31.000Z');
  const { items } = (await world.api('GET', '/incidents/1/events')).body;
  const told = items.map(({ kind, by }: { kind: string; by: string | null }) => [kind, by]);
  assert.deepEqual(told.slice(-2), [
    ['acknowledged', 'Ann'],
    ['watched', 'Ann'],
  ]);
  const nobody = await world.api('POST', '/incidents/1/acknowledge', { body: {} });
  assert.match(nobody.body.detail, /by is missing; it must be text of 1 to 100 characters/);
});

test('an incident is closed by hand once', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const { body } = await world.api('POST', '/incidents/1/resolve', { body: ANN });
  assert.equal(body.resolution, 'manual');
  assert.equal(body.resolved_at, '2026-03-01T00:01:31.000Z');
  assert.equal((await world.api('POST', '/incidents/1/resolve', { body: ANN })).status, 409);
  assert.equal((await world.api('POST', '/incidents/1/acknowledge', { body: ANN })).status, 409);
  assert.equal((await world.api('POST', '/incidents/2/resolve', { body: ANN })).status, 404);
});

test('why tells for each receiver what was decided, and a dry run where nothing was', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const { items } = (await world.api('GET', '/incidents/1/why')).body;
  const [night, ops] = items;
  assert.equal(night.receiver.name, 'night');
  assert.equal(night.deliveries[0].state, 'withheld');
  assert.match(night.deliveries[0].reason, /its customer must mend it, and fewer than 10/);
  assert.deepEqual([ops.deliveries[0].state, ops.deliveries[0].rule], ['pending', 'default']);
  assert.equal(ops.dry_run, null);
  const late = { kind: 'slack', secrets: { url: 'https://hooks.slack.example/canary' } };
  await world.api('PUT', '/receivers/later', { body: late });
  const { body } = await world.api('GET', '/incidents/1/why?receiver=later');
  assert.deepEqual(body.items[0].deliveries, []);
  assert.deepEqual(
    [body.items[0].dry_run.is_told, body.items[0].dry_run.reason],
    [true, 'The default rule: it is notified of everything.'],
  );
  const first = await world.api('GET', '/incidents/1/why?limit=2');
  const rest = await world.api('GET', `/incidents/1/why?limit=2&cursor=${first.body.next_cursor}`);
  assert.deepEqual([first.body.items.length, rest.body.items.length], [2, 1]);
  assert.equal((await world.api('GET', '/incidents/1/why?receiver=nobody')).status, 404);
});

test('rules are tried on an incident before anybody is told by them', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const stored = { match: { labels: { customer: 'umbrella' } }, receivers: ['ops'] };
  await world.api('PUT', '/rules/big', { body: stored });
  const heard = async (rule: object | null) => {
    const { body } = await world.api('POST', '/rules/try', { body: { incident: '1', rule } });
    return body.items.map((one: { receiver: { name: string }; is_told: boolean; rule: string }) => [
      one.receiver.name,
      one.is_told,
      one.rule,
    ]);
  };
  assert.deepEqual(await heard(null), [
    ['night', false, null],
    ['ops', false, null],
  ]);
  const instead = { ...stored, name: 'big', match: { labels: { customer: 'acme' } } };
  assert.deepEqual(await heard({ ...instead, receivers: ['night', 'ops'] }), [
    ['night', true, 'big'],
    ['ops', true, 'big'],
  ]);
  // Nothing of it is stored.
  const { body } = await world.api('GET', '/rules/big');
  assert.deepEqual(body.match, stored.match);
  const nobody = { incident: '1', rule: { ...instead, receivers: ['nobody'] } };
  assert.equal((await world.api('POST', '/rules/try', { body: nobody })).status, 404);
  assert.equal((await world.api('POST', '/rules/try', { body: { incident: '7' } })).status, 404);
});

test('evidence has ids, times and traces of both sides, and labels only where they are asked for', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  await world.api('POST', '/incidents/1/acknowledge', { body: ANN });
  const { body, text } = await world.api('GET', '/incidents/1/evidence');
  assert.deepEqual(body.incident.cause, { kind: 'entity', type: 'WABA', id: WABA_ID });
  const [member] = body.members;
  assert.deepEqual([member.phone_number_id, member.waba_id], [SUPPORT_ID, WABA_ID]);
  assert.equal(member.labels, null);
  const verdict = member.reads.find(({ is }: { is: string | null }) => is === 'BLOCKED');
  assert.deepEqual([verdict.what, verdict.was], ['verdict messaging', 'AVAILABLE']);
  assert.deepEqual([verdict.trace_id, verdict.version], ['Atrace', 'v26.0']);
  const hashes = body.bodies.map(({ hash }: { hash: string }) => hash);
  assert.deepEqual(new Set(hashes), new Set([verdict.body_before, verdict.body_after]));
  const blocked = body.bodies.find(({ hash }: { hash: string }) => hash === verdict.body_after);
  assert.equal(blocked.text, example('phone-blocked-payment'));
  // What people wrote, and whose customer it is, is nobody else's business.
  assert.doesNotMatch(text, /Ann|asked Acme|customer/);
  const labelled = await world.api('GET', '/incidents/1/evidence?labels=true');
  assert.deepEqual(labelled.body.members[0].labels, { customer: 'acme' });
});

test('evidence goes on to the read that ended it', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  allIsWell(world);
  for (const wait of [60_000, 301_000]) {
    await world.clock.advance(wait);
    await readSupport(world);
  }
  const { body: incident } = await world.api('GET', '/incidents/1');
  assert.deepEqual([incident.resolution, incident.numbers.affected], ['recovered', 0]);
  const { body } = await world.api('GET', '/incidents/1/evidence');
  const [member] = body.members;
  assert.equal(member.left_reason, 'recovered');
  const ended = member.reads.find(({ was }: { was: string | null }) => was === 'BLOCKED');
  assert.deepEqual([ended.is, ended.at], ['AVAILABLE', incident.ended_at]);
});
