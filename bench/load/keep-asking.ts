/**
 * A load generator on raw sockets, for machines without wrk: each connection sends its next request
 * when the answer has come. Reads its orders from standard input, writes its count as JSON.
 */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { AnswerCounter, requestBytes } from './answers.ts';

const ORDERS = z.object({
  url: z.url(),
  key: z.string(),
  connections: z.int(),
  seconds: z.number(),
});

const { url, key, connections, seconds } = ORDERS.parse(JSON.parse(await text(process.stdin)));
const target = new URL(url);
const request = requestBytes(target, key);
let requests = 0;
let errors = 0;

const start = performance.now();
const sockets = Array.from({ length: connections }, () => {
  const socket = connect(Number(target.port), target.hostname);
  const counter = new AnswerCounter();
  socket.setNoDelay(true);
  socket.on('connect', () => socket.write(request));
  socket.on('error', () => (errors += 1));
  socket.on('data', (chunk: Buffer) => {
    for (const status of counter.take(chunk)) {
      requests += 1;
      if (status >= 400) errors += 1;
      socket.write(request);
    }
  });
  return socket;
});

setTimeout(() => {
  const took = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  process.stdout.write(JSON.stringify({ requests, errors, seconds: took }));
}, seconds * 1000);
