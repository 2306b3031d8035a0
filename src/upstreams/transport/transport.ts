/**
 * The one guarded way out to an upstream: HTTP/1.1 over kept connections, a deadline over the whole
 * exchange, limits for body, headers, connections and queue, no redirect ever followed, no compression,
 * TLS 1.2 or later with certificates always checked. The environment is not read here: proxy, exempt
 * hosts and further certificates are options.
 */
import { X509Certificate } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { getCACertificates, createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { EnvHttpProxyAgent, Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import { Outlet } from './outlet.ts';
import { peerOf } from './peer.ts';

export interface TransportOptions {
  readonly clock: Clock;
  /**
   * `http://host:port` or `https://…`, with user and password where it wants them. As HTTPS_PROXY means
   * it: for https origins alone; a plain http one (a simulator) is always asked directly.
   */
  readonly proxy?: Secret | null;
  /** As NO_PROXY means it: hosts and domains, divided by commas, that are asked without the proxy. */
  readonly noProxy?: string | null;
  /** Certificates to trust beside the usual ones: PEM texts, each of one or several. */
  readonly extraCa?: readonly string[];
  /** The most connections to one origin; 128 unless told otherwise. */
  readonly connections?: number;
  /** The most questions that wait for a connection; 20,000 unless told otherwise. */
  readonly waitingMax?: number;
  /** The most that one answer may have; 1 MiB unless told otherwise. */
  readonly bodyBytesMax?: number;
}

export interface Transport {
  /**
   * A way to the origin of this address, with connections of its own. `lookup` resolves its name wherever it
   * is connected to directly; behind a proxy the proxy resolves it.
   */
  open(address: URL, lookup?: LookupFunction): Outlet;
}

const CONNECT_TIMEOUT_MS = 5_000;
const HEADER_BYTES_MAX = 32_768;
/** Below the idle limits that servers usually have: who closes first decides, or a request is lost. */
const IDLE_MS = 10_000;
const IDLE_MS_MAX = 60_000;

/** Throws Problem `cannot_start` when a certificate or the proxy's address cannot be used. */
export function createTransport(options: TransportOptions): Transport {
  const { clock, connections = 128, waitingMax = 20_000, bodyBytesMax = 1_048_576 } = options;
  const proxy = proxyOf(options.proxy ?? null);
  const secureContext = secureContextOf(options.extraCa ?? []);
  const tls: Tls = { secureContext, rejectUnauthorized: true };
  const pool = poolOptions(connections);
  return {
    open(address, lookup) {
      const behind = address.protocol === 'https:' ? proxy : null;
      const direct = lookup === undefined ? tls : { ...tls, lookup };
      const dispatcher =
        behind === null
          ? new Pool(address.origin, { ...pool, connect: direct })
          : proxyAgent(behind, options.noProxy ?? '', { pool, tls, direct });
      return new Outlet({
        dispatcher,
        origin: address.origin,
        peer: peerOf(address, behind),
        clock,
        connections,
        waitingMax,
        bodyBytesMax,
      });
    },
  };
}

/** HTTP/2 is not offered: its flow control and resets are one more way to fail, for nothing gained. */
function poolOptions(connections: number) {
  return {
    connections,
    pipelining: 1,
    allowH2: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // The exchange's own deadline covers head and body together, which these two cannot.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: HEADER_BYTES_MAX,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS_MAX,
  };
}

interface Tls {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: true;
}

/** Every value is given, empty ones too: undici reads the environment for those that are missing. */
function proxyAgent(
  proxy: URL,
  noProxy: string,
  { pool, tls, direct }: { pool: ReturnType<typeof poolOptions>; tls: Tls; direct: Tls },
): Dispatcher {
  return new EnvHttpProxyAgent({
    ...pool,
    connect: direct,
    httpProxy: '',
    httpsProxy: proxy.href,
    noProxy,
    requestTls: tls,
    proxyTls: { ...tls, allowH2: false },
    clientFactory: (origin, given) =>
      new Pool(origin, { ...given, allowH2: false, headersTimeout: CONNECT_TIMEOUT_MS }),
  });
}

function proxyOf(secret: Secret | null): URL | null {
  if (secret === null || secret.reveal() === '') return null;
  const url = URL.parse(secret.reveal());
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new Problem(
    'cannot_start',
    'The proxy must be an http:// or https:// address such as http://proxy.example:3128.',
  );
}

/**
 * One for all connections: reading the certificates again for each would cost milliseconds. Throws Problem
 * `cannot_start` when a certificate cannot be used.
 */
export function secureContextOf(extraCa: readonly string[]): SecureContext {
  const further = extraCa.flatMap(certificatesOf);
  if (further.length === 0) return createSecureContext({ minVersion: 'TLSv1.2' });
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ca: [...getCACertificates('default'), ...further],
  });
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Each is read here: a TLS context passes over what it cannot read, without a word. */
function certificatesOf(pem: string): readonly string[] {
  const certificates = pem.match(PEM_CERTIFICATE) ?? [];
  try {
    if (certificates.length === 0) throw new Error('There is no certificate in it.');
    return certificates.map((text) => new X509Certificate(text).toString());
  } catch (cause) {
    const what = 'A file of further certificates cannot be read: it must hold certificates as PEM.';
    throw new Problem('cannot_start', what, { cause });
  }
}
