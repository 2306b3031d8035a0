import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveByHand } from '#monitor/incidents/verbs.ts';
import { opened as stored } from '#test/contracts/store/an-incident.ts';
import { MINUTE, openIncidentWorld } from './incident-world.ts';

test('a dead credential is one incident for all of its numbers, and ends when they are read again', async () => {
  await using world = await openIncidentWorld();
  const numbers = world.channels.flatMap(({ credentialId }, no) =>
    credentialId === world.channel(0).credentialId ? [no] : [],
  );
  for (const no of numbers) world.fails(`number ${no}`, 'credential_rejected');
  await world.run(5 * MINUTE);
  const opened = await world.only();
  assert.deepEqual(opened.cause.ref, world.channel(0).credentialId);
  assert.deepEqual([opened.cause.kind, opened.severity], ['credential', 'error']);
  for (const no of numbers) world.fails(`number ${no}`, null);
  await world.run(70 * MINUTE);
  assert.equal((await world.only()).resolution, 'recovered');
});

test('an account that can no longer be read is one incident, however many numbers it has', async () => {
  await using world = await openIncidentWorld();
  // The numbers of account 0 on the first credential: 0 and 2.
  for (const no of [0, 2]) world.fails(`number ${no}`, 'not_found_or_forbidden');
  await world.run(6 * MINUTE);
  const { cause, id } = await world.only();
  assert.equal(cause.kind, 'unreadable');
  assert.equal(cause.ref, `${world.channel(0).credentialId}/200000000000000`);
  assert.equal((await world.counts(await world.only())).affected, 2);
  for (const no of [0, 2]) world.fails(`number ${no}`, null);
  await world.run(30 * MINUTE);
  const ended = await world.only();
  assert.deepEqual([ended.id, ended.resolution], [id, 'recovered']);
});

test('while everything fails there is one incident, about whom we ask, and it ends by itself', async () => {
  await using world = await openIncidentWorld({ wabas: 6 });
  world.fails('all', 'upstream_error');
  await world.run(20 * MINUTE);
  const opened = await world.only();
  assert.deepEqual(
    [opened.cause.kind, opened.cause.ref, opened.severity],
    ['upstream', 'graph', 'error'],
  );
  await world.run(30 * MINUTE);
  assert.equal((await world.only()).severity, 'critical');
  world.fails('all', null);
  await world.run(15 * MINUTE);
  assert.equal((await world.only()).resolution, 'recovered');
});

test('what would open again at once is not closed by hand', async () => {
  await using world = await openIncidentWorld({ wabas: 6 });
  world.fails('all', 'upstream_error');
  await world.run(8 * MINUTE);
  const { id } = await world.only();
  const closing = resolveByHand(world.deps, id, { by: 'Ada', note: null });
  await assert.rejects(closing, { code: 'conflict', message: /Acknowledge it instead/ });
  assert.equal((await world.only()).resolvedAt, null);
});

test('a server that reaches nobody says so of itself', async () => {
  await using world = await openIncidentWorld({ wabas: 6 });
  world.fails('all', 'unreachable');
  await world.run(6 * MINUTE);
  assert.equal((await world.only()).cause.kind, 'server');
});

test('a number that only fails is told once its view is outdated, and history has the moment', async () => {
  await using world = await openIncidentWorld({ wabas: 6 });
  world.fails('number 4', 'malformed_answer');
  await world.run(9 * MINUTE);
  assert.deepEqual(await world.incidents(), []);
  await world.run(5 * MINUTE);
  const { cause } = await world.only();
  assert.equal(cause.kind, 'unreadable');
  const { id } = world.channel(4);
  const row = await world.store.read((view) => view.channels.findRow(id));
  assert.deepEqual([row?.recorded.messaging, row?.recorded.reason], ['UNKNOWN', 'outdated']);
  world.fails('number 4', null);
  await world.run(20 * MINUTE);
  assert.equal((await world.only()).resolution, 'recovered');
});

test('a number that only fails is told although the other upstream fails as a whole', async () => {
  await using world = await openIncidentWorld({ wabas: 6 });
  const cause = { kind: 'upstream', type: null, ref: 'dialog360' } as const;
  await stored(world.store, { cause, capability: null });
  world.fails('number 4', 'malformed_answer');
  await world.run(12 * MINUTE);
  const kinds = (await world.incidents()).map((one) => one.cause.kind);
  assert.deepEqual(kinds.toSorted(), ['unreadable', 'upstream']);
});

test('failures neither end a block nor hide it: it stays open, out of sight', async () => {
  await using world = await openIncidentWorld({ wabas: 6 });
  world.says('number 4', { word: 'BLOCKED', codes: [141000] });
  await world.run(4 * MINUTE);
  const opened = await world.only();
  world.fails('number 4', 'upstream_error');
  await world.run(16 * MINUTE);
  const all = await world.incidents();
  const blocked = all.find(({ id }) => id === opened.id);
  assert.equal(blocked?.resolvedAt, null);
  assert.notEqual(blocked?.unseenSince, null);
});

test('a key that is rejected again before it has recovered begins its recovery anew', async () => {
  await using world = await openIncidentWorld();
  const { credentialId } = world.channel(0);
  const numbers = world.channels.flatMap((one, no) =>
    one.credentialId === credentialId ? [no] : [],
  );
  const reads = async (code: 'credential_rejected' | null) => {
    for (const no of numbers) world.fails(`number ${no}`, code);
    for (const [times, no] of [...numbers, ...numbers].entries()) {
      if (times === numbers.length) await world.run(10_000);
      const { id } = world.channel(no);
      await world.monitor.checkChannel(id, { forced: true, timeoutMs: 3_000 });
    }
  };
  await reads('credential_rejected');
  await reads(null);
  await reads('credential_rejected');
  await world.run(5 * MINUTE);
  await reads(null);
  assert.equal((await world.only()).resolvedAt, null);
  await world.run(12 * MINUTE);
  assert.equal((await world.only()).resolution, 'recovered');
});

test('a number that was never read is told too, and ends as recovered', async () => {
  await using world = await openIncidentWorld({ wabas: 6, neverRead: 4 });
  await world.run(14 * MINUTE);
  assert.equal((await world.only()).cause.kind, 'unreadable');
  world.fails('number 4', null);
  await world.run(20 * MINUTE);
  assert.equal((await world.only()).resolution, 'recovered');
});
