/** Call limits and the headers that tell of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createFakeClock } from '#test/fakes/clock.ts';
import { ACME, ACME_TOKEN, at, startAcme, SUPPORT, UMBRELLA_TOKEN } from './acme.ts';
import type { Answered } from './acme.ts';

test('a WABA may be read as often as its limit says, and again when its hour is over', async () => {
  const clock = createFakeClock();
  await using simulator = await startAcme({ clock });
  simulator.control.quotas({ per_waba: 4 });
  const percents = [];
  for (let read = 0; read < 4; read += 1) {
    const answer = await simulator.graph(SUPPORT);
    assert.equal(answer.status, 200);
    percents.push(at(usageOf(answer), 'call_count'));
  }
  assert.deepEqual(percents, [25, 50, 75, 99]);
  await clock.advance(20 * 60_000);
  const refused = await simulator.graph(SUPPORT);
  assert.equal(refused.status, 400);
  assert.equal(at(refused.json, 'error', 'code'), 80_008);
  assert.equal(at(usageOf(refused), 'call_count'), 100);
  assert.equal(at(usageOf(refused), 'estimated_time_to_regain_access'), 40);
  assert.equal((await simulator.graph('106540352240009', UMBRELLA_TOKEN)).status, 200);
  await clock.advance(40 * 60_000);
  assert.equal((await simulator.graph(SUPPORT)).status, 200);
});

test('a banned WABA, and one without a registered number, has the small limit', async () => {
  await using simulator = await startAcme();
  const { control } = simulator;
  const statuses = async (): Promise<number[]> => {
    control.quotas({ per_waba: 5, per_inactive_waba: 1 });
    return [(await simulator.graph(SUPPORT)).status, (await simulator.graph(SUPPORT)).status];
  };
  assert.deepEqual(await statuses(), [200, 200]);
  control.ban({ waba: 'acme' });
  assert.deepEqual(await statuses(), [200, 400]);
  control.recover({});
  for (const number of ['support', 'sales']) control.unregister({ number });
  assert.deepEqual(await statuses(), [200, 200]);
  control.unregister({ number: 'orders' });
  assert.deepEqual(await statuses(), [200, 400]);
});

test('an app has a limit over all its WABAs', async () => {
  await using simulator = await startAcme();
  simulator.control.quotas({ per_app: 1 });
  assert.equal((await simulator.graph('me')).status, 200);
  const refused = await simulator.graph(SUPPORT);
  assert.equal(at(refused.json, 'error', 'code'), 4);
  assert.match(refused.headers.get('x-app-usage') ?? '', /"call_count":100/);
});

test('a scenario can exhaust a quota and give it back', async () => {
  const clock = createFakeClock();
  await using simulator = await startAcme({ clock });
  const { control } = simulator;
  control.throttle({ waba: 'acme', minutes: 5, code: 80_007 });
  const refused = await simulator.graph(SUPPORT);
  assert.equal(at(refused.json, 'error', 'code'), 80_007);
  assert.equal(at(usageOf(refused), 'estimated_time_to_regain_access'), 5);
  await clock.advance(5 * 60_000);
  assert.equal((await simulator.graph(SUPPORT)).status, 200);
  control.throttle({ app: 'acme-app', minutes: 60 });
  assert.equal((await simulator.graph(SUPPORT)).status, 400);
  control.throttle({ app: 'acme-app', minutes: 0 });
  assert.equal((await simulator.graph(SUPPORT)).status, 200);
});

test('counting and the usage headers can be switched off', async () => {
  await using simulator = await startAcme();
  simulator.control.quotas({ on: false, per_waba: 1, headers: false });
  for (let read = 0; read < 3; read += 1) {
    const answer = await simulator.graph(SUPPORT, ACME_TOKEN);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('x-app-usage'), null);
    assert.equal(answer.headers.get('x-business-use-case-usage'), null);
  }
});

function usageOf({ headers }: Answered): unknown {
  return at(JSON.parse(headers.get('x-business-use-case-usage') ?? '{}'), ACME, 0);
}
