/**
 * Opens many connections, then sends one request on each at the same moment. Reads its orders from
 * standard input, writes the answers' statuses as JSON.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { AnswerCounter, requestBytes } from './answers.ts';

/** So many connect at once: more than the kernel's queue of new connections would be dropped. */
const CONNECTING_MAX = 200;
const WAIT_MS_MAX = 60_000;

const ORDERS = z.object({ url: z.url(), key: z.string(), connections: z.int() });

const { url, key, connections } = ORDERS.parse(JSON.parse(await text(process.stdin)));
const target = new URL(url);
const request = requestBytes(target, key);

const sockets: Socket[] = [];
while (sockets.length < connections) {
  const wave = Array.from({ length: Math.min(CONNECTING_MAX, connections - sockets.length) }, () =>
    connect(Number(target.port), target.hostname),
  );
  await Promise.all(wave.map((socket) => once(socket, 'connect')));
  sockets.push(...wave);
}

const start = performance.now();
const statuses = await Promise.all(sockets.map((socket) => answerOn(socket)));
const took = (performance.now() - start) / 1000;
const counts: Record<string, number> = {};
for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
for (const socket of sockets) socket.destroy();
process.stdout.write(JSON.stringify({ statuses: counts, seconds: took }));

/** The status of the answer, or `broken` or `silent` when there is none. */
async function answerOn(socket: Socket): Promise<string> {
  const counter = new AnswerCounter();
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.setTimeout(WAIT_MS_MAX, () => resolve('silent'));
  socket.on('error', () => resolve('broken'));
  socket.on('close', () => resolve('broken'));
  socket.on('data', (chunk: Buffer) => {
    const [status] = counter.take(chunk);
    if (status !== undefined) resolve(String(status));
  });
  socket.write(request);
  return await promise;
}
