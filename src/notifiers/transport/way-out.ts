/**
 * The guarded way out to receivers: a POST and its answer, or a bare connection for SMTP. The mechanics are those of
 * `upstreams/transport`; the guard over addresses is added here. Every message has a connection of its own: on a kept
 * one that the other side just closed nobody knows whether the message arrived, and it would come twice.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type { ReplyHeaders } from '#upstreams/transport/reply.ts';
import { createTransport, secureContextOf } from '#upstreams/transport/transport.ts';
import { createGuard } from './guard.ts';
import type { GuardOptions } from './guard.ts';
import { targetOf } from './target.ts';

/** From the call to the end of the answer, connecting included. */
export const SEND_TIMEOUT_MS = 15_000;

/** No service says more to a webhook that anybody would want to read. */
const ANSWER_BYTES_MAX = 65_536;

export interface WayOutOptions extends GuardOptions {
  readonly clock: Clock;
  /** For https targets, as `upstreams/transport` takes it; SMTP and plain http go without. */
  readonly proxy?: Secret | null;
  readonly noProxy?: string | null;
  readonly extraCa?: readonly string[];
}

interface Posting {
  /** Whatever is no address that may be used is refused. */
  readonly url: string;
  readonly body: string;
  /** Beside those that every JSON request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What must not come back in a sentence, the URL's own path and query not among them. */
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
}

/** What came of a posting. */
export interface Posted {
  readonly host: string;
  /** When the answer was there, ms UTC. */
  readonly at: number;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly headers: ReplyHeaders;
  /** Empty when the answer was not whole or too large. */
  readonly body: Uint8Array;
  /** Why there is no answer or not all of it; null when it is whole. Redacted. */
  readonly trouble: string | null;
  /** Whether its address is refused: nobody was asked. */
  readonly isRefused: boolean;
  readonly secrets: readonly Secret[];
}

export interface WayOut {
  readonly clock: Clock;
  readonly secureContext: SecureContext;
  /** Never rejects. */
  post(posting: Posting): Promise<Posted>;
  /**
   * A connection under way, its errors on the socket; or the sentence that says why this host is refused.
   * `onRefused` hears it later when it takes DNS to know.
   */
  connect(host: string, port: number, onRefused: (sentence: string) => void): Socket | string;
}

/** Nothing was asked, and nothing can be. */
const NOTHING = {
  host: '',
  status: null,
  headers: {},
  body: new Uint8Array(),
  isRefused: true,
  secrets: [],
};

/** Throws Problem `cannot_start` when an option cannot be used. */
export function createWayOut(options: WayOutOptions): WayOut {
  const { clock } = options;
  const guard = createGuard(options);
  const secureContext = secureContextOf(options.extraCa ?? []);
  const transport = createTransport({
    ...options,
    connections: 1,
    bodyBytesMax: ANSWER_BYTES_MAX,
  });

  async function post({ url: text, body, headers, secrets, signal }: Posting): Promise<Posted> {
    const url = targetOf(text, 'Its address');
    if (typeof url === 'string') return { ...NOTHING, at: clock.now(), trouble: url };
    const hidden = [...secrets, ...partsOf(url)].map((part) => new Secret(part));
    const about = { ...NOTHING, host: url.host, secrets: hidden };
    let refused = guard.refusalOfHost(url.hostname);
    const refusal = () => {
      const trouble = refusalSentence(url.host, refused ?? '');
      return { ...about, at: clock.now(), trouble };
    };
    if (refused !== null) return refusal();

    const lookup = guard.lookup((what) => {
      refused = what;
    });
    const outlet = transport.open(url, lookup);
    const close = () => void outlet.close();
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
    const reply = await outlet.ask({
      path: `${url.pathname}${url.search}`,
      headers: headersOf(headers ?? {}),
      body,
      timeoutMs: SEND_TIMEOUT_MS,
    });
    signal.removeEventListener('abort', close);
    close();
    if (refused !== null) return refusal();

    const known = { ...about, at: clock.now(), isRefused: false };
    if (!reply.ok) {
      return { ...known, status: reply.failure.httpStatus, trouble: reply.failure.detail };
    }
    const { status, headers: answered, body: received } = reply;
    return { ...known, status, headers: answered, body: received, trouble: null };
  }

  return {
    clock,
    secureContext,
    post,
    connect(host, port, onRefused) {
      const refused = guard.refusalOfHost(host);
      if (refused !== null) return refusalSentence(host, refused);
      const lookup = guard.lookup((what) => onRefused(refusalSentence(host, what)));
      return connect({ host: host.replace(/^\[|\]$/g, ''), port, lookup });
    },
  };
}

function refusalSentence(host: string, what: string): string {
  return `${host} leads to ${what}, and nothing is sent there unless --receiver-allow names its range.`;
}

function headersOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries({
    'content-type': 'application/json; charset=utf-8',
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'waba-health',
    ...headers,
  }).flat();
}

/** The secret parts of an address, as it may come back: as sent, decoded, and each piece of its path. */
function partsOf({ pathname, search }: URL): readonly string[] {
  const sent = `${pathname}${search}`;
  const pieces = sent.split(/[/?&=]/).filter((piece) => piece.length >= 8);
  return [sent, ...pieces].flatMap((text) => [text, decoded(text)]).filter((t) => t.length >= 4);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
