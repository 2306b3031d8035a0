import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { ISSUED_KEY, later, numbered } from '#test/monitor/monitor-world.ts';
import { openPublicWorld, until } from './public-world.ts';

const CROWD = 2_000;
/** So many connect at once: more than the system keeps waiting would be turned away by it. */
const CONNECTING_MAX = 200;

test('a crowd on a cold key causes one upstream read and no error', async () => {
  await using world = await openPublicWorld();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const port = Number(new URL(world.url).port);
  const request =
    `GET /health_status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n` +
    `D360-API-KEY: ${ISSUED_KEY}\r\n\r\n`;
  const answers = (await connected(port)).map((socket) => {
    socket.write(request);
    return text(socket);
  });
  await until(() => world.clock.pending >= CROWD);
  coming.come(numbered('phone-available', 1));
  const all = await Promise.all(answers);
  assert.ok(all.every((answer) => answer.startsWith('HTTP/1.1 200 OK\r\n')));
  assert.equal(
    all.filter((answer) => answer.includes('fwd=uri-miss; collapsed')).length,
    CROWD - 1,
  );
  assert.equal(world.upstream.asked.length, 1);
  assert.equal(world.clock.pending, 0);
});

test('more requests than may wait are turned away with a sentence', async () => {
  await using world = await openPublicWorld({ policy: { waitersMax: 1 } });
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const first = world.ask();
  await until(() => world.upstream.asked.length === 1);
  const { status, says, headers } = await world.ask();
  assert.deepEqual([status, says], [500, 'Too many requests are waiting; ask again in a moment.']);
  assert.equal(headers['retry-after'], '1');
  coming.come(numbered('phone-available', 1));
  assert.equal((await first).status, 200);
});

/** The crowd's connections, before anybody has said anything. */
async function connected(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < CROWD) {
    const wave = Array.from({ length: CONNECTING_MAX }, () => connect(port, '127.0.0.1'));
    await Promise.all(wave.map((socket) => once(socket, 'connect')));
    sockets.push(...wave);
  }
  return sockets;
}
