import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveByHand } from '#monitor/incidents/verbs.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import { pauseChannels, resumeChannels } from '#monitor/pause-channels.ts';
import { goodAnswer } from '#test/fakes/upstream.ts';
import { MINUTE, openIncidentWorld } from './incident-world.ts';

const CARD = { word: 'BLOCKED', codes: [141006] };

test('one blocked account is one incident with all of its numbers, opened once and ended once', async () => {
  await using world = await openIncidentWorld();
  world.says('waba 1', CARD);
  await world.run(4 * MINUTE);
  const opened = await world.only();
  assert.deepEqual(opened.cause, { kind: 'entity', type: 'WABA', ref: '200000000000001' });
  assert.deepEqual(
    [opened.status, opened.severity, opened.codes, opened.actor, opened.isBaseline],
    ['BLOCKED', 'critical', ['141006'], 'account_owner', false],
  );
  assert.deepEqual(await world.counts(opened), { affected: 3, ever: 3 });
  assert.ok(opened.confirmation.spanMs >= 30_000 && opened.confirmation.reads >= 2);
  world.says('waba 1', null);
  await world.run(12 * MINUTE);
  const ended = await world.only();
  assert.deepEqual([ended.resolution, ended.id], ['recovered', opened.id]);
  assert.ok(ended.endedAt !== null && ended.resolvedAt !== null);
  assert.ok(ended.resolvedAt - ended.endedAt >= 5 * MINUTE);
  assert.deepEqual(await world.reasonsLeft(ended), ['recovered', 'recovered', 'recovered']);
});

test('a single bad read opens nothing, and leaves nothing behind', async () => {
  await using world = await openIncidentWorld();
  world.says('number 2', CARD);
  await world.monitor.checkChannel(world.channel(2).id, { forced: true, timeoutMs: 3_000 });
  world.says('number 2', null);
  await world.run(5 * MINUTE);
  assert.deepEqual(await world.incidents(), []);
  const signs = await world.store.read((view) => view.incidents.signsOf(world.channel(2).id));
  assert.deepEqual(signs, []);
});

test('a single BLOCKED read among LIMITED ones opens no BLOCKED incident', async () => {
  await using world = await openIncidentWorld();
  const { id } = world.channel(0);
  const read = () => world.monitor.checkChannel(id, { forced: true, timeoutMs: 3_000 });
  world.says('number 0', { word: 'LIMITED', codes: [131000] });
  await read();
  await world.run(60_000);
  world.says('number 0', CARD);
  await read();
  assert.deepEqual(await world.incidents(), []);
  world.says('number 0', { word: 'LIMITED', codes: [131000] });
  await world.run(10 * MINUTE);
  assert.equal((await world.only()).status, 'LIMITED');
});

test('a suspect is read again half a minute later, whatever the interval', async () => {
  await using world = await openIncidentWorld();
  const { id } = world.channel(0);
  world.says('number 0', CARD);
  await world.monitor.checkChannel(id, { forced: true, timeoutMs: 3_000 });
  const before = world.upstreams.graph.asked.length;
  const row = await world.store.read((view) => view.channels.findRow(id));
  await world.run(31_000);
  assert.ok(
    world.upstreams.graph.asked.slice(before).some(({ nodeId }) => nodeId === row?.channel.nodeId),
  );
  assert.equal((await world.only()).status, 'BLOCKED');
});

test('two causes are two incidents, also on the same numbers', async () => {
  await using world = await openIncidentWorld();
  world.says('waba 0', CARD);
  world.says('business', { word: 'LIMITED', codes: [141010] });
  await world.run(12 * MINUTE);
  const causes = (await world.incidents()).map(({ cause, status }) => `${cause.type} ${status}`);
  assert.deepEqual(causes.toSorted(), ['BUSINESS LIMITED', 'WABA BLOCKED']);
});

test('LIMITED that becomes BLOCKED raises the same incident', async () => {
  await using world = await openIncidentWorld();
  world.says('waba 0', { word: 'LIMITED', codes: [131000] });
  await world.run(9 * MINUTE);
  const limited = await world.only();
  assert.equal(limited.severity, 'warning');
  world.says('waba 0', CARD);
  await world.run(3 * MINUTE);
  const blocked = await world.only();
  assert.deepEqual(
    [blocked.id, blocked.status, blocked.severity],
    [limited.id, 'BLOCKED', 'critical'],
  );
  assert.equal((await world.timeline(blocked)).filter((kind) => kind === 'worse').length, 1);
});

test('a single read that is worse raises nothing', async () => {
  await using world = await openIncidentWorld();
  world.says('number 0', { word: 'LIMITED', codes: [141008] });
  await world.run(8 * MINUTE);
  world.says('number 0', CARD);
  await world.monitor.checkChannel(world.channel(0).id, { forced: true, timeoutMs: 3_000 });
  world.says('number 0', { word: 'LIMITED', codes: [141008] });
  await world.run(5 * MINUTE);
  const incident = await world.only();
  assert.deepEqual([incident.status, incident.severity], ['LIMITED', 'warning']);
  assert.ok(!(await world.timeline(incident)).includes('worse'));
});

test('what only the aggregate said ends once entities say that all is well', async () => {
  await using world = await openIncidentWorld();
  const answers = (word: string, entities: readonly object[]) =>
    world.upstreams.graph.answers(({ nodeId }) =>
      goodAnswer({ health_status: { can_send_message: word, entities }, id: nodeId }),
    );
  answers('BLOCKED', []);
  await world.run(4 * MINUTE);
  const opened = await world.incidents();
  assert.deepEqual(new Set(opened.map(({ cause }) => cause.type)), new Set([null]));
  answers('AVAILABLE', [{ entity_type: 'BUSINESS', id: '1', can_send_message: 'AVAILABLE' }]);
  await world.run(12 * MINUTE);
  const ended = (await world.incidents()).map(({ resolution }) => resolution);
  assert.deepEqual(new Set(ended), new Set(['recovered']));
});

test('a number that is removed or paused leaves with that reason, and never as recovered', async () => {
  await using world = await openIncidentWorld();
  world.says('waba 0', CARD);
  await world.run(4 * MINUTE);
  await removeChannel(world.monitor, world.channel(0).id, { purge: false });
  await pauseChannels(world.monitor, [world.channel(1).id, world.channel(2).id], { reason: null });
  const ended = await world.only();
  assert.equal(ended.resolution, 'gone');
  const reasons = await world.reasonsLeft(ended);
  assert.deepEqual(new Set(reasons), new Set(['removed', 'paused']));
  assert.equal(reasons.length, 3);
});

test('a paused number that somebody reads opens nothing, and resumed it is seen anew', async () => {
  await using world = await openIncidentWorld();
  const { id } = world.channel(0);
  world.says('number 0', CARD);
  await world.run(4 * MINUTE);
  await pauseChannels(world.monitor, [id], { reason: null });
  for (let reads = 0; reads < 3; reads += 1) {
    await world.monitor.checkChannel(id, { forced: true, timeoutMs: 3_000 });
    await world.run(MINUTE);
  }
  assert.equal((await world.only()).resolution, 'gone');
  await resumeChannels(world.monitor, [id], { reason: null });
  await world.run(3 * MINUTE);
  const resolutions = (await world.incidents()).map(({ resolution }) => resolution);
  assert.deepEqual(new Set(resolutions), new Set(['gone', null]));
});

test('what only the aggregate said ends when entities that speak again are well', async () => {
  await using world = await openIncidentWorld();
  world.leavesToAggregate('BLOCKED');
  await world.run(4 * MINUTE);
  assert.equal((await world.incidents()).length, world.channels.length);
  world.leavesToAggregate(null);
  await world.run(12 * MINUTE);
  const all = await world.incidents();
  assert.ok(all.every(({ resolution }) => resolution === 'recovered'));
});

test('a number that moves to another account leaves the incident of its old one as moved', async () => {
  await using world = await openIncidentWorld();
  world.says('waba 0', CARD);
  await world.run(4 * MINUTE);
  world.moves(0, 1);
  await world.run(3 * MINUTE);
  const incident = await world.only();
  assert.equal(incident.resolvedAt, null);
  assert.deepEqual(
    (await world.reasonsLeft(incident)).filter((reason) => reason !== null),
    ['moved'],
  );
});

test('what is closed by hand stays closed until a good read, and opens again after one', async () => {
  await using world = await openIncidentWorld();
  world.says('waba 0', CARD);
  await world.run(4 * MINUTE);
  const { number } = await world.only();
  const closed = await resolveByHand(world.deps, String(number), { by: 'ops', note: 'known' });
  assert.equal(closed.resolution, 'manual');
  await world.run(10 * MINUTE);
  assert.equal((await world.incidents()).length, 1);
  world.says('waba 0', null);
  await world.run(3 * MINUTE);
  world.says('waba 0', CARD);
  await world.run(4 * MINUTE);
  assert.equal((await world.incidents()).length, 2);
});

test('what never worked since it is watched is a baseline, and no loss', async () => {
  await using world = await openIncidentWorld({ firstWords: { 'waba 1': CARD } });
  await world.run(3 * MINUTE);
  const incident = await world.only();
  assert.equal(incident.isBaseline, true);
});

test('an incident that comes back again and again stays open until it is stable', async () => {
  await using world = await openIncidentWorld();
  for (let times = 0; times < 5; times += 1) {
    world.says('waba 0', CARD);
    await world.run(3 * MINUTE);
    world.says('waba 0', null);
    await world.run(9 * MINUTE);
  }
  const all = await world.incidents();
  assert.equal(all.length, 4);
  assert.deepEqual(
    all.filter(({ isFlapping }) => isFlapping).map(({ resolvedAt }) => resolvedAt),
    [null],
  );
  // Well again, and watched for an hour: at its own pace, not as fast as it can be asked.
  await world.run(10 * MINUTE);
  const before = world.upstreams.graph.asked.length;
  await world.run(10 * MINUTE);
  const perChannel = (world.upstreams.graph.asked.length - before) / world.channels.length;
  assert.ok(perChannel <= 6, `${perChannel} reads of each channel in 10 minutes`);
  await world.run(55 * MINUTE);
  assert.ok((await world.incidents()).every(({ resolvedAt }) => resolvedAt !== null));
});

test('ten new causes within minutes are told as one', async () => {
  await using world = await openIncidentWorld({ wabas: 12 });
  for (let waba = 0; waba < 11; waba += 1) world.says(`waba ${waba}`, CARD);
  await world.run(6 * MINUTE);
  const all = await world.incidents();
  const fleet = all.find(({ cause }) => cause.kind === 'fleet');
  assert.ok(fleet);
  const entities = all.filter(({ cause }) => cause.kind === 'entity');
  assert.equal(entities.length, 11);
  assert.deepEqual(new Set(entities.map(({ inhibitedBy }) => inhibitedBy)), new Set([fleet.id]));
  for (const entity of entities) {
    assert.ok((await world.timeline(entity)).includes('inhibited'));
  }
  for (let waba = 0; waba < 11; waba += 1) world.says(`waba ${waba}`, null);
  await world.run(14 * MINUTE);
  assert.ok((await world.incidents()).every(({ resolvedAt }) => resolvedAt !== null));
});
