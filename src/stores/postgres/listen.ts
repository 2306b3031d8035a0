/**
 * LISTEN, on a connection of its own. It may be refused, or be accepted and never say anything, as a
 * pooler does: then others are heard a little later.
 */
import { Client } from 'pg';
import type { Secret } from '#domain/secret.ts';
import type { Clock, Timer } from '#ports/clock.ts';
import { connectionOptions } from './connection-options.ts';
import { LISTEN_CHANNEL } from './notices.ts';

const RETRY_MS = 30_000;
const STATEMENT_MS = 10_000;

export interface Listening {
  stop(): Promise<void>;
}

/** Calls `wake` whenever some program told something, as long as there is a connection. */
export function listen(url: Secret, clock: Clock, wake: () => void): Listening {
  let client: Client | null = null;
  let timer: Timer | null = null;
  let isStopped = false;

  function start(): void {
    const opened = new Client({ ...connectionOptions(url), query_timeout: STATEMENT_MS });
    client = opened;
    opened.on('notification', wake);
    // Whether it ended or never began: in a while it may work.
    opened.on('error', () => undefined);
    opened.on('end', () => {
      if (client === opened && !isStopped) timer = clock.after(RETRY_MS, start);
    });
    void listenOn(opened);
  }

  start();
  return {
    async stop() {
      isStopped = true;
      timer?.cancel();
      await client?.end();
    },
  };
}

async function listenOn(client: Client): Promise<void> {
  try {
    await client.connect();
    await client.query(`listen ${LISTEN_CHANNEL}`);
  } catch {
    await client.end();
  }
}
