/**
 * What PgBouncer is in transaction mode, in the least favourable form: between a client and the server,
 * each transaction gets a session that nobody used before and that is thrown away after it, and LISTEN is
 * refused. Of the protocol it knows where messages end, and which of them end a transaction
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface TransactionPooler extends AsyncDisposable {
  /** How many clients wanted to listen. */
  readonly refused: number;
  /** The address of the same database through this. */
  through(url: string): string;
}

export async function startTransactionPooler(port: number): Promise<TransactionPooler> {
  let refused = 0;
  const clients = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    serve(client, {
      connectToServer: () => connect({ port, host: '127.0.0.1', noDelay: true }),
      refuse() {
        refused += 1;
        return REFUSAL;
      },
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    get refused() {
      return refused;
    },
    through: (url) => url.replace(`:${port}/`, `:${address.port}/`),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const client of clients) client.destroy();
      await closed;
    },
  };
}

interface Means {
  readonly connectToServer: () => Socket;
  /** The answer to LISTEN. */
  readonly refuse: () => Buffer;
}

function serve(client: Socket, { connectToServer, refuse }: Means): void {
  let startup: Buffer | null = null;
  let session: Socket | null = null;
  /** Whether the client has been greeted, so that greetings of later sessions are not passed on. */
  let isGreeted = false;
  const fromClient = messageReader({ hasStartup: true }, (message) => {
    startup ??= message;
    if (isListen(message)) {
      client.write(refuse());
      return;
    }
    session ??= open(startup);
    if (message !== startup) session.write(message);
  });

  function open(hello: Buffer): Socket {
    const opened = connectToServer();
    let isReady = false;
    opened.write(hello);
    opened.on('error', () => client.destroy());
    opened.on('close', () => {
      if (session === opened) client.destroy();
    });
    const read = messageReader({ hasStartup: false }, (message) => {
      if (isReady || !isGreeted) client.write(message);
      if (!isReadyForQuery(message)) return;
      const wasReady = isReady || !isGreeted;
      isReady = true;
      isGreeted = true;
      if (!wasReady || message[5] !== IDLE) return;
      // The transaction has ended, and the session with it.
      session = null;
      opened.end(TERMINATE);
    });
    opened.on('data', read);
    return opened;
  }

  client.on('data', fromClient);
  client.on('error', () => undefined);
  client.on('close', () => session?.destroy());
}

/** Cuts what arrives into whole messages. The first of a client has no letter before its length. */
function messageReader(
  { hasStartup }: { hasStartup: boolean },
  take: (message: Buffer) => void,
): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let lengthAt = hasStartup ? 0 : 1;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= lengthAt + 4) {
      const end = lengthAt + rest.readUInt32BE(lengthAt);
      if (rest.length < end) return;
      const message = rest.subarray(0, end);
      rest = rest.subarray(end);
      lengthAt = 1;
      take(message);
    }
  };
}

const IDLE = 'I'.charCodeAt(0);
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);
const READY: Buffer = Buffer.from([0x5a, 0, 0, 0, 5, IDLE]);
const FIELDS = Buffer.from('SERROR\0C0A000\0MLISTEN is not possible here\0\0');
const LENGTH = Buffer.alloc(4);
LENGTH.writeUInt32BE(FIELDS.length + 4);
const REFUSAL = Buffer.concat([Buffer.from('E'), LENGTH, FIELDS, READY]);

function isReadyForQuery(message: Buffer): boolean {
  return message[0] === READY[0];
}

/** A simple query that begins with this word. */
function isListen(message: Buffer): boolean {
  return message[0] === 0x51 && /^listen\b/i.test(message.toString('latin1', 5, 20));
}
