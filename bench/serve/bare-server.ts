/**
 * The peer: what the least code on `node:http` does for the same answer. It hashes the key as we do, finds
 * it in a map, and sends a prebuilt body; no age, no verdict, no validators.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const ORDERS = z.object({ keyHash: z.string(), body: z.base64() });

const orders = ORDERS.parse(JSON.parse(await text(process.stdin)));
const bodies = new Map([[orders.keyHash, Buffer.from(orders.body, 'base64')]]);

const server = createServer((request, response) => {
  const key = request.headers['d360-api-key'];
  const hash = createHash('sha256').update(String(key)).digest('hex');
  const body =
    request.method === 'GET' && request.url === '/health_status' ? bodies.get(hash) : undefined;
  if (body === undefined) {
    response.writeHead(401).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${address.port}` })}\n`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
