/** A webhook receiver that takes everything at once and remembers when. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { preciseNow } from './committed.ts';

export interface BenchReceiver extends AsyncDisposable {
  readonly url: string;
  /** When each message came, by its id: more than once if it was sent more than once. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
}

export async function startReceiver(): Promise<BenchReceiver> {
  const arrivals = new Map<string, number[]>();
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const id = String(request.headers['webhook-id']);
      arrivals.set(id, [...(arrivals.get(id) ?? []), preciseNow()]);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    arrivals,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
