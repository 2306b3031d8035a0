/** A mail server on 127.0.0.1 that keeps what it takes, and says what a test wants it to say. */
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { TEST_CERTIFICATE, TEST_KEY } from './scripted-server.ts';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** The whole message as it came. */
  readonly text: string;
  readonly isEncrypted: boolean;
  readonly user: string | null;
}

/** At which step the server refuses, and with which reply. */
export interface Refusal {
  readonly at: 'auth' | 'from' | 'to' | 'data';
  readonly code: number;
  readonly words: string;
  /** `to` alone: only this address. */
  readonly only?: string;
}

export class MailServer implements AsyncDisposable {
  readonly mails: Mail[] = [];
  refusal: Refusal | null = null;
  readonly #server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    const ending = (at: Refusal['at'], address?: string): Error | null => {
      const { refusal } = this;
      if (refusal?.at !== at || (refusal.only !== undefined && refusal.only !== address))
        return null;
      return Object.assign(new Error(refusal.words), { responseCode: refusal.code });
    };
    this.#server = new SMTPServer({
      cert: TEST_CERTIFICATE,
      key: TEST_KEY,
      disableReverseLookup: true,
      authOptional: true,
      logger: false,
      onAuth: ({ username = '' }, _session, done) => {
        const error = ending('auth');
        if (error === null) done(null, { user: username });
        else done(error);
      },
      onMailFrom: (_address, _session, done) => done(ending('from')),
      onRcptTo: ({ address }, _session, done) => done(ending('to', address)),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          this.mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            text: Buffer.concat(chunks).toString('utf8'),
            isEncrypted: session.secure,
            user: typeof session.user === 'string' ? session.user : null,
          });
          done(ending('data'));
        });
      },
      ...options,
    });
    // A client that refuses the certificate is what some tests are about.
    this.#server.on('error', () => undefined);
  }

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server.server, 'listening');
    return server;
  }

  get port(): number {
    const address = this.#server.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
