/** From the flags of a command to a client of the right server, with the right token. */
import { readFileSync } from 'node:fs';
import { ClientProblem } from '#client/client-problem.ts';
import { createClient } from '#client/create-client.ts';
import type { Client } from '#client/create-client.ts';
import { openExport } from '#client/open-export.ts';
import type { ExportQuery } from '#api/export-operation.ts';
import { loadClientOptions } from '#config/load.ts';
import type { ClientOptions } from '#config/options.ts';
import { Problem } from '#domain/problem.ts';
import { localAdminToken, localServerUrl } from './local-server.ts';
import type { Terminal } from './terminal.ts';

export type Flags = Readonly<Record<string, unknown>>;

export interface Connection {
  readonly client: Client;
  /** Opens an export; its bytes come as they are sent. */
  readonly openExport: (query: ExportQuery) => Promise<AsyncIterable<Uint8Array>>;
  /** Where the public route is, for a `curl`. */
  readonly serverUrl: string;
}

/** Longer than any read that the server itself waits for. */
const CALL_TIMEOUT_MS = 60_000;

/** Throws Problem with the sentence that says how to name or start a server. */
export async function connect(
  terminal: Terminal,
  flags: Flags,
  timeoutMs = CALL_TIMEOUT_MS,
): Promise<Connection> {
  const options = loadClientOptions({
    flags: textsOf(flags),
    env: terminal.env,
    readFile: (file) => readFileSync(file),
  });
  const serverUrl = options.server ?? (await localServerUrl(options.dataDir));
  const token = await tokenFor(serverUrl, options);
  const about = { baseUrl: serverUrl, token, timeoutMs };
  return {
    client: createClient(about),
    openExport: (query) => openExport(about, query),
    serverUrl,
  };
}

async function tokenFor(serverUrl: string, options: ClientOptions): Promise<string> {
  const given = options.tokenFile ?? options.adminToken;
  if (given !== null) return given.reveal();
  // The token of this machine's server is nobody else's business.
  if (options.server === null || isLoopback(serverUrl)) return localAdminToken(options.dataDir);
  throw new Problem(
    'unauthorized',
    `The token for ${serverUrl} is missing: give it with --token-file <file> or in ` +
      'WABA_HEALTH_ADMIN_TOKEN.',
  );
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Only texts are options of ours; a command's own switches are left out. */
export function textsOf(flags: Flags): Readonly<Record<string, string | readonly string[]>> {
  const texts: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(flags)) {
    if (typeof value === 'string') texts[name] = value;
    if (Array.isArray(value)) texts[name] = value.map(String);
  }
  return texts;
}

/** What to do about a server that cannot be reached; other problems say it themselves. */
export function advised(error: ClientProblem): string {
  if (error.code !== 'unreachable') return error.message;
  return `${error.message} Start it with "waba-health serve", or name another with --server <url>.`;
}
