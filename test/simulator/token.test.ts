/** Graph tokens: who is let in, with which proof, and what they say of themselves. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { createFakeClock } from '#test/fakes/clock.ts';
import {
  ACME_APP,
  ACME_TOKEN,
  ACME_WORLD,
  APP_SECRET,
  ask,
  at,
  startAcme,
  SUPPORT,
  UMBRELLA_TOKEN,
} from './acme.ts';
import type { Answered } from './acme.ts';

test('no token, an unknown one, an expired one and a revoked one are told apart', async () => {
  await using simulator = await startAcme();
  const nothing = await ask(`${simulator.graphUrl}/v26.0/${SUPPORT}`);
  assert.deepEqual(errorIn(nothing), [400, 104, undefined]);
  assert.deepEqual(errorIn(await simulator.graph(SUPPORT, 'EAAGnobody')), [401, 190, undefined]);
  simulator.control.expire({ token: ACME_TOKEN });
  const expired = await simulator.graph(SUPPORT);
  assert.deepEqual(errorIn(expired), [401, 190, 463]);
  assert.match(
    expired.text,
    /Session has expired on \w+, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d PST\. The/,
  );
  simulator.control.restore({ token: ACME_TOKEN });
  assert.equal((await simulator.graph(SUPPORT)).status, 200);
  simulator.control.invalidate({ token: ACME_TOKEN, subcode: 460 });
  assert.deepEqual(errorIn(await simulator.graph(SUPPORT)), [401, 190, 460]);
});

test('a token runs out at its time and not before', async () => {
  const clock = createFakeClock();
  const token = {
    text: 'EAAGshort',
    app: 'acme-app',
    expires_at: Math.floor(clock.now() / 1000) + 60,
  };
  await using simulator = await startAcme({ clock, world: { ...ACME_WORLD, tokens: [token] } });
  await clock.advance(59_000);
  assert.equal((await simulator.graph(SUPPORT, 'EAAGshort')).status, 200);
  await clock.advance(1_000);
  assert.equal((await simulator.graph(SUPPORT, 'EAAGshort')).status, 401);
});

test('a read that is turned away counts as a read of its node all the same', async () => {
  await using simulator = await startAcme();
  await simulator.graph(SUPPORT, 'EAAGnobody');
  await simulator.graph(SUPPORT);
  assert.equal(simulator.control.readsOf('support'), 2);
  assert.equal(simulator.control.counts().routes['graph node'], 2);
});

test('a token without the permission opens no node, and says which ones it has', async () => {
  const scopes = ['whatsapp_business_messaging'];
  const tokens = [{ text: ACME_TOKEN, app: 'acme-app', scopes }];
  await using simulator = await startAcme({ world: { ...ACME_WORLD, tokens } });
  assert.deepEqual(errorIn(await simulator.graph(SUPPORT)), [403, 10, undefined]);
  const told = await simulator.graph(`debug_token?input_token=${ACME_TOKEN}`);
  assert.deepEqual(at(told.json, 'data', 'scopes'), scopes);
});

test('a replaced token is dead, and its successor reads what it read', async () => {
  await using simulator = await startAcme();
  simulator.control.replace({ token: ACME_TOKEN, with: 'EAAGsuccessor' });
  assert.deepEqual(errorIn(await simulator.graph(SUPPORT)), [401, 190, 467]);
  assert.equal((await simulator.graph(SUPPORT, 'EAAGsuccessor')).status, 200);
});

test('a classic and a timestamped proof open, a wrong and an old one do not', async () => {
  const clock = createFakeClock();
  await using simulator = await startAcme({ clock });
  const seconds = Math.floor(clock.now() / 1000);
  const classic = proof(ACME_TOKEN);
  const stamped = proof(`${ACME_TOKEN}|${seconds}`);
  const read = (query: string): Promise<Answered> => simulator.graph(`${SUPPORT}?${query}`);
  assert.equal((await read(`appsecret_proof=${classic}`)).status, 200);
  assert.equal((await read(`appsecret_proof=${stamped}&appsecret_time=${seconds}`)).status, 200);
  for (const query of [
    `appsecret_proof=${proof('another token')}`,
    `appsecret_proof=${classic}&appsecret_time=${seconds}`,
    `appsecret_proof=${stamped}`,
    `appsecret_proof=${stamped}&appsecret_time=yesterday`,
  ]) {
    const refused = await read(query);
    assert.deepEqual(errorIn(refused), [400, 100, undefined], query);
    assert.equal(at(refused.json, 'error', 'type'), 'GraphMethodException');
  }
  await clock.advance(300_000);
  assert.equal((await read(`appsecret_proof=${stamped}&appsecret_time=${seconds}`)).status, 200);
  await clock.advance(1_000);
  const old = await read(`appsecret_proof=${stamped}&appsecret_time=${seconds}`);
  assert.match(old.text, /Invalid appsecret_proof provided in the API argument/);
});

test('an app that requires the proof refuses a call without it', async () => {
  await using simulator = await startAcme();
  simulator.control.proof({ app: 'acme-app', required: true });
  const refused = await simulator.graph(SUPPORT);
  assert.deepEqual(errorIn(refused), [400, 100, undefined]);
  assert.match(refused.text, /API calls from the server require an appsecret_proof argument/);
  const proven = await simulator.graph(`${SUPPORT}?appsecret_proof=${proof(ACME_TOKEN)}`);
  assert.equal(proven.status, 200);
});

test('a token can be inspected by its app and by itself', async () => {
  await using simulator = await startAcme();
  const appToken = `${ACME_APP}|${APP_SECRET}`;
  for (const asking of [appToken, ACME_TOKEN]) {
    const { json } = await simulator.graph(`debug_token?input_token=${ACME_TOKEN}`, asking);
    assert.equal(at(json, 'data', 'is_valid'), true);
    assert.equal(at(json, 'data', 'app_id'), ACME_APP);
    assert.equal(at(json, 'data', 'expires_at'), 0);
    assert.deepEqual(at(json, 'data', 'granular_scopes', 0, 'target_ids'), ['102290129340398']);
  }
  simulator.control.expire({ token: ACME_TOKEN });
  const dead = await simulator.graph(`debug_token?input_token=${ACME_TOKEN}`, appToken);
  assert.equal(dead.status, 200);
  assert.equal(at(dead.json, 'data', 'is_valid'), false);
  assert.equal(at(dead.json, 'data', 'error', 'subcode'), 463);
  const unknown = await simulator.graph('debug_token?input_token=EAAGnobody', appToken);
  assert.equal(at(unknown.json, 'data', 'is_valid'), false);
});

test('nobody inspects the token of another app', async () => {
  await using simulator = await startAcme();
  const path = `debug_token?input_token=${ACME_TOKEN}`;
  assert.equal((await simulator.graph(path, UMBRELLA_TOKEN)).status, 400);
  assert.equal((await simulator.graph(path, `${ACME_APP}|guessed`)).status, 401);
  assert.equal((await simulator.graph('debug_token')).status, 400);
});

function proof(message: string): string {
  return createHmac('sha256', APP_SECRET).update(message).digest('hex');
}

function errorIn({ status, json }: Answered): unknown[] {
  return [status, at(json, 'error', 'code'), at(json, 'error', 'error_subcode')];
}
