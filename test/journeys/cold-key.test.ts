import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './child.ts';
import { simulatedKey, startWorld } from './world.ts';

const CROWD = fileURLToPath(import.meta.resolve('#test/journeys/crowd.ts'));
const COUNT = 10_000;

test('10,000 clients that ask at once with a cold key cause one question to the upstream', async () => {
  // Without the schedule, which would read it first.
  const args = ['--roles', 'api', '--read-timeout', '25s'];
  await using world = await startWorld({ args });
  const key = simulatedKey(0);
  const { status } = await world.api('PUT', '/channels/support', {
    upstream: 'dialog360',
    credential: { secret: key },
    check: false,
  });
  assert.equal(status, 201);
  // Slow enough that all of them wait for the one answer.
  await world.act({ do: 'fault', kind: 'delay', ms: 4_000, key });
  const crowd = await run(CROWD, [world.server().url, key, String(COUNT)]);
  assert.equal(crowd.code, 0, crowd.stderr);
  assert.deepEqual(JSON.parse(crowd.stdout), { 200: COUNT });
  assert.equal(await world.readsOf(key), 1);
});
