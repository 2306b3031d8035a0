/**
 * A crowd, as a process of its own: `crowd.ts <url> <key> <count>` opens that many connections, sends
 * one request on each when all of them are open, and prints how often which status came.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const LIMIT_MS = 50_000;
/** Connections being opened at a time: the queue of a listening socket is short. */
const OPENING_MAX = 200;

const [target = '', key = '', count = ''] = process.argv.slice(2);
const { hostname, port } = new URL(target);

const sockets: Socket[] = [];
while (sockets.length < Number(count)) {
  const batch = Math.min(OPENING_MAX, Number(count) - sockets.length);
  sockets.push(...(await Promise.all(Array.from({ length: batch }, open))));
}
const statuses = await Promise.all(sockets.map(ask));
const counts: Record<string, number> = {};
for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
process.stdout.write(`${JSON.stringify(counts)}\n`);

async function open(): Promise<Socket> {
  const socket = connect(Number(port), hostname);
  socket.setTimeout(LIMIT_MS, () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** The status of the answer; `error` when there was none. */
async function ask(socket: Socket): Promise<string> {
  const lines = ['GET /health_status HTTP/1.1', `Host: ${hostname}`, `D360-API-KEY: ${key}`];
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  let text = '';
  try {
    for await (const chunk of socket.setEncoding('latin1')) text += String(chunk);
  } catch {
    return 'error';
  }
  return /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 'error';
}
