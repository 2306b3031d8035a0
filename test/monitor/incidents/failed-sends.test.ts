import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendsRound } from '#monitor/incidents/sends-round.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import { receiveSendErrors } from '#monitor/signals/receive-send-errors.ts';
import { MINUTE, openIncidentWorld } from './incident-world.ts';
import type { IncidentWorld } from './incident-world.ts';

/** At once, and not when a busy machine comes to it. */
const look = ({ deps }: IncidentWorld) => sendsRound(deps, new AbortController().signal);

const report = (world: IncidentWorld, no: number, about: { code: string; sends: number }) =>
  receiveSendErrors(world.deps, world.channel(no).id, [{ ...about, httpStatus: 400 }]);

test('sends that fail by the account although Meta reports AVAILABLE are a warning, and it ends', async () => {
  await using world = await openIncidentWorld();
  await report(world, 0, { code: '131042', sends: 4 });
  await world.run(2 * MINUTE);
  assert.deepEqual(await world.incidents(), []);
  await report(world, 0, { code: '131042', sends: 2 });
  await world.run(2 * MINUTE);
  const opened = await world.only();
  assert.deepEqual(
    [opened.cause, opened.severity, opened.codes],
    [{ kind: 'sends', type: null, ref: '200000000000000' }, 'warning', ['131042']],
  );
  await world.run(20 * MINUTE);
  assert.equal((await world.only()).resolution, 'recovered');
});

test('limits per person and for marketing are counted, and never an incident', async () => {
  await using world = await openIncidentWorld();
  await report(world, 0, { code: '131049', sends: 500 });
  await report(world, 0, { code: '131056', sends: 500 });
  await world.run(2 * MINUTE);
  assert.deepEqual(await world.incidents(), []);
});

test('every number of an account whose sends fail is a member, and it lasts while those of any fail', async () => {
  await using world = await openIncidentWorld();
  await report(world, 0, { code: '131042', sends: 6 });
  await look(world);
  await report(world, 1, { code: '131042', sends: 6 });
  await look(world);
  const opened = await world.only();
  assert.deepEqual(await world.counts(opened), { affected: 2, ever: 2 });
  await world.run(8 * MINUTE);
  await report(world, 1, { code: '131042', sends: 6 });
  await world.run(8 * MINUTE);
  await look(world);
  assert.equal((await world.only()).resolvedAt, null);
});

test('a warning about a number that is no longer watched ends as gone', async () => {
  await using world = await openIncidentWorld();
  await report(world, 0, { code: '131042', sends: 6 });
  await look(world);
  await removeChannel(world.monitor, 'number-0', { purge: false });
  const ended = await world.only();
  assert.deepEqual([ended.resolution, await world.reasonsLeft(ended)], ['gone', ['removed']]);
});
