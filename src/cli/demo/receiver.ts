/** The demo's receiver: a small server on this machine that takes signed webhooks and shows what they say. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { inert } from '#cli/text/inert.ts';

const BODY_BYTES_MAX = 65_536;

/** A message as it came. */
export interface Heard {
  readonly type: string;
  /** The id of the entity that it is about; null where it is about several, or none. */
  readonly subject: string | null;
  readonly title: string;
  /** Its lines, as they read. */
  readonly lines: readonly string[];
}

export interface DemoReceiver extends AsyncDisposable {
  readonly url: string;
  /** What its sender signs with. */
  readonly secret: string;
}

/** Hears each message once, however often it comes. One with a wrong signature is refused. */
export async function startReceiver(hear: (heard: Heard) => void): Promise<DemoReceiver> {
  const key = randomBytes(32);
  const known = new Set<string>();
  const server = createServer((request, response) => {
    void take(request, { key, known, hear }).then((status) => end(response, status));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}/messages`,
    secret: `whsec_${key.toString('base64')}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Taking {
  readonly key: Buffer;
  readonly known: Set<string>;
  readonly hear: (heard: Heard) => void;
}

async function take(request: IncomingMessage, { key, known, hear }: Taking): Promise<number> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return 413;
  }
  const body = Buffer.concat(chunks).toString();
  const id = String(request.headers['webhook-id']);
  const signed = `${id}.${String(request.headers['webhook-timestamp'])}.${body}`;
  const wanted = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  const given = String(request.headers['webhook-signature']).split(' ');
  if (!given.some((one) => isSame(Buffer.from(one), wanted))) return 401;
  if (!known.has(id)) hear(heardIn(body));
  known.add(id);
  return 204;
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function heardIn(body: string): Heard {
  const { type, data }: Envelope = JSON.parse(body);
  const subject = data.incident?.cause.id ?? null;
  return { type, subject, title: inert(data.title), lines: data.lines.map(lineText) };
}

interface Envelope {
  readonly type: string;
  readonly data: {
    readonly title: string;
    readonly lines: readonly Line[];
    readonly incident: { readonly cause: { readonly id: string | null } } | null;
  };
}

interface Line {
  readonly label: string | null;
  readonly text: string;
  readonly link: string | null;
}

function lineText({ label, text, link }: Line): string {
  const said = label === null ? text : `${label}: ${text}`;
  return inert(link === null ? said : `${said} → ${link}`);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status);
  response.end();
}
