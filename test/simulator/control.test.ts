/** The control API: for this machine only, every refusal with its sentence. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';

import { controlReply } from '#simulator/control-routes.ts';
import { controlOf } from '#simulator/control.ts';
import { systemClock } from '#simulator/clock.ts';
import { stateOf } from '#simulator/build-state.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { ACME_WORLD, ask, at, startAcme, SUPPORT, SUPPORT_KEY, tell } from './acme.ts';
import type { AcmeSimulator } from './acme.ts';

test('an action over HTTP changes the world, alone and in a list', async () => {
  await using simulator = await startAcme();
  const one = await tell(simulator, 'actions', { do: 'block', node: 'acme', why: 'payment' });
  assert.deepEqual(one.json, { node: '102290129340398', conditions: ['payment'] });
  assert.match((await simulator.health()).text, /141006/);
  const list = [{ do: 'recover' }, { do: 'refuse', key: SUPPORT_KEY, why: 'unpaid' }];
  assert.equal((await tell(simulator, 'actions', list)).status, 200);
  assert.equal((await simulator.health()).status, 400);
});

test('everything wrong with an action is said at once, with what would be right', async () => {
  await using simulator = await startAcme();
  const refusals: readonly [unknown, number, RegExp][] = [
    [{ do: 'explode' }, 400, /^"do" of the action must be one of block, limit, .*clear\.$/],
    [
      { do: 'block', why: 'bad luck', colour: 1 },
      400,
      /has no field "colour".*"node" .*is missing.*"why" .*must be one of payment, /s,
    ],
    [{ do: 'block', node: 'nobody', why: 'payment' }, 404, /^There is no node "nobody"/],
    [
      { do: 'block', node: 'support', why: 'payment' },
      400,
      /condition of a WABA, and "support" is a PHONE_NUMBER: name its WABA, 102290129340398/,
    ],
    [{ do: 'ban', waba: 'support' }, 400, /name its WABA, 102290129340398/],
    [{ do: 'throttle', waba: 'support', minutes: 1 }, 400, /what is needed here is a WABA/],
    [
      { do: 'block', node: 'acme', why: 'payment', code: 1 },
      400,
      /"code" goes with "why": "custom"/,
    ],
    [{ do: 'recover', node: 'acme', why: 'payment' }, 400, /does not suffer from "payment"/],
    [{ do: 'expire' }, 400, /exactly one of "token" and "key"/],
    [{ do: 'expire', key: 'unknown' }, 404, /No 360dialog key/],
    [{ do: 'throttle', minutes: 1 }, 400, /needs an "app", a "waba" or a "key"/],
    [{ do: 'fault', kind: 'delay', share: 3 }, 400, /"share" .*must be a number from 0 to 1/],
    [{ do: 'versions', live: ['26'] }, 400, /versions such as v26\.0/],
    [{ do: 'move', node: 'acme-app', to: 'acme' }, 400, /belongs to nothing/],
    [17, 400, /must be a JSON object/],
  ];
  for (const [action, status, sentence] of refusals) {
    const { json, status: got } = await tell(simulator, 'actions', action);
    assert.match(String(at(json, 'error')), sentence);
    assert.equal(got, status, JSON.stringify(action));
  }
});

test('an unknown path, a wrong method and a body that is no JSON get their sentences', async () => {
  await using simulator = await startAcme();
  const control = simulator.controlUrl;
  const lost = await ask(`${control}/nowhere`);
  assert.deepEqual([lost.status, /GET \/control lists/.test(lost.text)], [404, true]);
  const wrong = await ask(`${control}/actions`, { method: 'DELETE' });
  assert.deepEqual(
    [wrong.status, wrong.json],
    [405, { error: '/control/actions takes POST, not DELETE.' }],
  );
  const text = await ask(`${control}/actions`, { method: 'POST', body: '{block' });
  assert.deepEqual([text.status, text.json], [400, { error: 'The body must be JSON.' }]);
  assert.equal((await ask(`${control}/counters/%`)).status, 400);
  assert.equal((await ask(simulator.url)).status, 404);
});

test('whoever comes from elsewhere, or under a foreign name, is refused', async () => {
  await using simulator = await startAcme();
  assert.equal(await statusUnder(simulator, 'localhost:80'), 200);
  assert.equal(await statusUnder(simulator, 'evil.example'), 403);
  assert.equal(await statusUnder(simulator, '127.0.0.1.evil.example'), 403);
  const state = stateOf(ACME_WORLD, systemClock);
  const from = (peer: string): number =>
    controlReply(
      { state, control: controlOf(state) },
      {
        method: 'GET',
        path: '',
        query: new URLSearchParams(),
        headers: { host: '127.0.0.1' },
        body: '',
        base: '',
        peer,
      },
    ).status;
  assert.deepEqual(
    ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.7', '::ffff:10.0.0.7', ''].map(from),
    [200, 200, 200, 403, 403, 403],
  );
});

test('faults, counters, nodes and the world can be looked at and cleared', async () => {
  await using simulator = await startAcme();
  const control = simulator.controlUrl;
  const made = await tell(simulator, 'faults', { kind: 'status', status: 502, node: 'support' });
  const id = String(at(made.json, 'id'));
  await simulator.health();
  assert.equal(at((await ask(`${control}/faults`)).json, 0, 'struck'), 1);
  assert.equal((await ask(`${control}/faults/${id}`, { method: 'DELETE' })).status, 200);
  assert.equal((await ask(`${control}/faults/${id}`, { method: 'DELETE' })).status, 404);
  assert.equal(at((await ask(`${control}/counters/support`)).json, 'reads'), 1);
  assert.equal(at((await ask(`${control}/counters`)).json, 'faults'), 1);
  await ask(`${control}/counters`, { method: 'DELETE' });
  assert.equal(at((await ask(`${control}/counters`)).json, 'reads'), 0);
  simulator.control.unregister({ number: 'support' });
  const node = (await ask(`${control}/nodes/support`)).json;
  assert.deepEqual([at(node, 'id'), at(node, 'conditions', 0, 'why')], [SUPPORT, 'unregistered']);
  const world = (await ask(`${control}/world`)).json;
  assert.equal(at(world, 'versions', 0), 'v21.0');
  assert.match((await ask(control)).text, /POST \/control\/actions/);
});

test('a scenario plays at its times, repeats, and tells what it could not do', async () => {
  const clock = createFakeClock();
  await using simulator = await startAcme({ clock });
  const word = async (): Promise<unknown> =>
    at((await simulator.health()).json, 'health_status', 'can_send_message');
  const steps = [
    { do: 'limit', node: 'support', why: 'display_name' },
    { do: 'block', node: 'acme', why: 'payment', after_ms: 1_000 },
    { do: 'recover', node: 'acme', after_ms: 2_000, every_ms: 500 },
    { do: 'recover', node: 'gone', after_ms: 100 },
  ];
  assert.equal((await tell(simulator, 'scenario', steps)).status, 200);
  assert.equal(await word(), 'LIMITED');
  await clock.advance(1_000);
  assert.equal(await word(), 'BLOCKED');
  await clock.advance(1_000);
  assert.equal(await word(), 'LIMITED');
  simulator.control.ban({ waba: 'acme' });
  await clock.advance(500);
  assert.equal(await word(), 'LIMITED');
  const { played, pending } = simulator.control.scenario();
  assert.equal(pending.length, 1);
  const refused = played.filter(({ refusal }) => refusal !== null);
  assert.match(refused[0]?.refusal ?? '', /There is no node "gone"/);
  await ask(`${simulator.controlUrl}/scenario`, { method: 'DELETE' });
  assert.equal(clock.pending, 0);
});

test('a step that is wrong refuses the whole scenario and names itself', async () => {
  await using simulator = await startAcme();
  const { status, json } = await tell(simulator, 'scenario', [
    { do: 'ban', waba: 'acme' },
    { do: 'ban', after_ms: -1 },
  ]);
  assert.equal(status, 400);
  assert.match(String(at(json, 'error')), /^"after_ms" of Step 2 must be a whole number from 0/);
  assert.equal(simulator.control.scenario().played.length, 0);
});

async function statusUnder(simulator: AcmeSimulator, host: string): Promise<number | undefined> {
  const sent = request(simulator.controlUrl, { headers: { host } }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}
