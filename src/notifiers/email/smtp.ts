/** One mail over one connection: the guard's, never nodemailer's own. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import { Secret } from '#domain/secret.ts';
import type { SendResult } from '#ports/notifier.ts';
import { foreignWords } from '#notifiers/transport/send-result.ts';
import { SEND_TIMEOUT_MS } from '#notifiers/transport/way-out.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';

type Security = 'tls' | 'starttls' | 'none';

/** How a mail server is spoken to. */
export interface Session {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  /** Null where nobody signs in. */
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

export interface Mailing {
  readonly session: Session;
  readonly mail: SendMailOptions;
  readonly signal: AbortSignal;
}

export function isSecurity(text: string): boolean {
  return ['', 'tls', 'starttls', 'none'].includes(text);
}

/** The session that checked settings describe. */
export function sessionOf(settings: Readonly<Record<string, string>>, password: string): Session {
  const { host = '', port: portText = '', security: wanted = '', user = '' } = settings;
  const port = portText === '' ? 587 : Number(portText);
  const usual = port === 465 ? 'tls' : 'starttls';
  const security = wanted === 'tls' || wanted === 'none' || wanted === 'starttls' ? wanted : usual;
  return { host, port, security, auth: user === '' ? null : { user, pass: password } };
}

/** Sends it once; ends within the time of every sending. Never rejects. */
export async function sendMail(out: WayOut, mailing: Mailing): Promise<SendResult> {
  const { session, signal } = mailing;
  let refused: string | null = null;
  const socket = out.connect(session.host, session.port, (sentence) => {
    refused = sentence;
  });
  if (typeof socket === 'string') return { outcome: 'config', status: null, detail: socket };
  // Whoever listens next comes later than an error can.
  socket.on('error', () => undefined);
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  // nodemailer is told as well: its own timers would outlive the socket.
  const stop = new AbortController();
  ended.catch(() => {
    stop.abort();
    socket.destroy();
  });
  const cutOff = () => end(new Ended('it was cut off.'));
  const timer = out.clock.after(SEND_TIMEOUT_MS, () =>
    end(new Ended(`it was not done within ${SEND_TIMEOUT_MS} ms.`)),
  );
  if (signal.aborted) cutOff();
  else signal.addEventListener('abort', cutOff, { once: true });
  try {
    return await Promise.race([ended, deliver(out, { ...mailing, signal: stop.signal }, socket)]);
  } catch (error) {
    return refused === null
      ? failureOf(error, session)
      : { outcome: 'config', status: null, detail: refused };
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', cutOff);
    socket.destroy();
  }
}

/** We ended it ourselves. */
class Ended extends Error {}

async function deliver(out: WayOut, mailing: Mailing, socket: Socket): Promise<SendResult> {
  const { host, port, security, auth } = mailing.session;
  await once(socket, 'connect');
  const transport = createTransport({
    host,
    port,
    connection: socket,
    secure: security === 'tls',
    // Without it a server, or somebody in between, could talk us out of encryption.
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { secureContext: out.secureContext, rejectUnauthorized: true },
    ...(auth === null ? {} : { auth: { ...auth } }),
    greetingTimeout: SEND_TIMEOUT_MS,
    socketTimeout: SEND_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { response, rejected, accepted } = await transport.sendMail({
    ...mailing.mail,
    signal: mailing.signal,
  });
  const said = foreignWords(response, secretsOf(mailing.session));
  const all = accepted.length + rejected.length;
  const some = rejected.length === 0 ? '' : ` (refused for ${rejected.length} of ${all} readers)`;
  return {
    outcome: 'delivered',
    status: Number(response.slice(0, 3)),
    reference: `${said}${some}`,
  };
}

/** What nodemailer says of a failure beside its sentence, which may quote anything. */
interface MailError {
  readonly code?: unknown;
  readonly command?: unknown;
  readonly response?: unknown;
  readonly responseCode?: unknown;
}

/**
 * 4xx passes. 5xx after the text is about this mail, before it about the session. A server that offers no way to
 * sign in has to be changed, and everything else that ends without a reply is the network's.
 */
function failureOf(error: unknown, session: Session): SendResult {
  if (error instanceof Ended) {
    return { outcome: 'transient', status: null, detail: `${session.host}: ${error.message}` };
  }
  const { code, command, response, responseCode }: MailError =
    typeof error === 'object' && error !== null ? error : {};
  const name = typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'unknown cause';
  if (typeof responseCode !== 'number') {
    const outcome = ['EAUTH', 'ENOAUTH', 'EENVELOPE', 'ECONFIG'].includes(name)
      ? 'config'
      : 'transient';
    const detail = `${session.host} could not be spoken to over SMTP (${name}).`;
    return { outcome, status: null, detail };
  }
  const step = typeof command === 'string' && /^[\w ]{1,20}$/.test(command) ? ` to ${command}` : '';
  const words = typeof response === 'string' ? foreignWords(response, secretsOf(session)) : name;
  const detail = `${session.host} answered ${responseCode}${step}: ${words}`;
  const final = name === 'EMESSAGE' ? 'payload' : 'config';
  return { outcome: responseCode < 500 ? 'transient' : final, status: responseCode, detail };
}

/** What a server may echo of a session: the password, as it is and as it travels. */
function secretsOf({ auth }: Session): readonly Secret[] {
  if (auth === null) return [];
  const { user, pass } = auth;
  const sent = [pass, base64(pass), base64(`\u0000${user}\u0000${pass}`)];
  return sent.map((text) => new Secret(text));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
