/** docs/simulator.md stays true. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { ACTIONS } from '#simulator/action.ts';
import { CONDITIONS } from '#simulator/condition.ts';
import { FAULT_KINDS } from '#simulator/fault-kinds.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { at, startAcme, tell } from './acme.ts';

const DOCUMENT = readFileSync('docs/simulator.md', 'utf8');

test('the world in the document starts, and its scenario plays', async () => {
  const clock = createFakeClock();
  const world: object = JSON.parse(/```json\n(.*?)```/s.exec(DOCUMENT)?.[1] ?? '');
  await using simulator = await startAcme({ world, clock });
  const word = async (): Promise<unknown> =>
    at((await simulator.health()).json, 'health_status', 'can_send_message');
  assert.equal(await word(), 'AVAILABLE');
  await clock.advance(30_000);
  assert.equal(await word(), 'BLOCKED');
  await clock.advance(30_000);
  assert.equal(await word(), 'AVAILABLE');
});

test('the requests in the document are answered', async () => {
  await using simulator = await startAcme();
  const sent = [...DOCUMENT.matchAll(/curl -d '(.*)' http:\/\/127\.0\.0\.1:8361\/control\/(\w+)/g)];
  assert.equal(sent.length, 2);
  for (const [, body = '', path = ''] of sent) {
    assert.equal((await tell(simulator, path, JSON.parse(body))).status, 200, body);
  }
});

test('every action, condition and kind of fault is in the document', () => {
  const names = [ACTIONS, CONDITIONS, FAULT_KINDS].flatMap((table) => Object.keys(table));
  const missing = names.filter((name) => !new RegExp(`\`${name}[\` ]`).test(DOCUMENT));
  assert.deepEqual(missing, []);
});
