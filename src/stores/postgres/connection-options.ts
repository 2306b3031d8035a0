/** What every connection to the database is made with. */
import type { ClientConfig } from 'pg';
import type { Secret } from '#domain/secret.ts';

/** The most that making a connection, or waiting for one that is in use, may take. */
const CONNECT_MS = 5_000;

/** TLS is as `sslmode` in the address says. */
export function connectionOptions(url: Secret): ClientConfig {
  return {
    connectionString: withPlainSslMode(url.reveal()),
    application_name: 'waba-health',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  };
}

/**
 * The driver checks certificates for `require`, `prefer` and `verify-ca` as for `verify-full`, and warns
 * at each start that it may not always. We say what is meant.
 */
function withPlainSslMode(url: string): string {
  if (url.includes('uselibpqcompat=')) return url;
  return url.replace(/([?&]sslmode=)(require|prefer|verify-ca)(?=&|$)/, '$1verify-full');
}
