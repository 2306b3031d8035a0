/**
 * Every option of the program, declared once. A key is its flag in camel case, as the argument parser
 * names it. Names starting with PORT or SERVICE are avoided: Kubernetes makes such variables itself
 * for a service called waba-health.
 */
import { dataDirOf } from './data-dir.ts';
import { checkInterval } from './interval-kind.ts';
import * as kind from './kind.ts';
import * as urlKind from './url-kind.ts';
import { option, optional, repeatable } from './option.ts';
import type { OptionSpec } from './option.ts';
import { webhookWatch } from './webhook-kind.ts';

/** What a server can do: answer requests, watch the fleet on a schedule, and send messages to receivers. */
const ROLES = ['api', 'watch', 'deliver'] as const;
export const OPTIONS = {
  dataDir: option({
    flag: 'data-dir',
    env: 'WABA_HEALTH_DATA_DIR',
    kind: kind.path,
    defaultText: '$XDG_DATA_HOME/waba-health',
    defaultFrom: dataDirOf,
    readBy: 'both',
    doc: 'Directory of the database, seal.key, admin.token and server.json.',
  }),
  database: optional({
    flag: 'database',
    env: 'WABA_HEALTH_DATABASE',
    kind: kind.databaseUrl,
    secret: true,
    readBy: 'server',
    doc: 'PostgreSQL 15 or newer for several programs to share, as postgresql://user@host/database, instead of SQLite in the data directory. One with a password goes into the variable or a file. Encrypted with ?sslmode=verify-full.',
  }),
  databaseFile: optional({
    flag: 'database-file',
    env: 'WABA_HEALTH_DATABASE_FILE',
    kind: kind.databaseUrlFile,
    secret: true,
    readBy: 'server',
    doc: "File with the database's address, which may hold its password.",
  }),
  listen: option({
    flag: 'listen',
    env: 'WABA_HEALTH_LISTEN',
    kind: kind.listenAddress,
    defaultText: '127.0.0.1:8360',
    readBy: 'server',
    doc: 'Where the server listens. Port 0 takes any free port.',
  }),
  roles: option({
    flag: 'roles',
    env: 'WABA_HEALTH_ROLES',
    kind: kind.someOf(ROLES),
    defaultText: 'api,watch,deliver',
    readBy: 'server',
    doc: 'What this server does: api answers requests, watch runs the schedule and all other background work, deliver sends messages to receivers. /livez, /readyz and /metrics are answered in any role.',
  }),
  metricsListen: optional({
    flag: 'metrics-listen',
    env: 'WABA_HEALTH_METRICS_LISTEN',
    kind: kind.listenAddress,
    readBy: 'server',
    doc: 'A second address that answers nothing but /metrics, without a token. For a network that only you can reach.',
  }),
  metricsTokenFile: optional({
    flag: 'metrics-token-file',
    env: 'WABA_HEALTH_METRICS_TOKEN_FILE',
    kind: kind.secretFile,
    secret: true,
    readBy: 'server',
    doc: 'File with the token that opens /metrics on the main address, and nothing else. Without it /metrics is refused there.',
  }),
  metricsToken: optional({
    flag: null,
    env: 'WABA_HEALTH_METRICS_TOKEN',
    kind: kind.secretText,
    secret: true,
    readBy: 'server',
    doc: 'The token for /metrics itself. Only as a variable, never as an argument.',
  }),
  publicUrl: optional({
    flag: 'public-url',
    env: 'WABA_HEALTH_PUBLIC_URL',
    kind: urlKind.publicUrl,
    readBy: 'server',
    doc: 'The https address under which people reach this server. With it, messages link to a page of their incident, which opens without a login for 7 days; without it they print the command.',
  }),
  graphUrl: option({
    flag: 'graph-url',
    env: 'WABA_HEALTH_GRAPH_URL',
    kind: kind.baseUrl,
    defaultText: 'https://graph.facebook.com',
    readBy: 'server',
    doc: "Meta's Graph API. Only a simulator needs another one.",
  }),
  graphVersion: option({
    flag: 'graph-version',
    env: 'WABA_HEALTH_GRAPH_VERSION',
    kind: kind.graphVersion,
    defaultText: 'v26.0',
    readBy: 'server',
    doc: 'The version of the Graph API to ask.',
  }),
  graphReadsPerHour: option({
    flag: 'graph-reads-per-hour',
    env: 'WABA_HEALTH_GRAPH_READS_PER_HOUR',
    kind: kind.count(1, 1_000_000_000),
    defaultText: '5000',
    readBy: 'server',
    doc: 'How many questions an hour Meta allows an app about one WABA. Intervals stretch to keep to it.',
  }),
  dialog360Url: option({
    flag: 'dialog360-url',
    env: 'WABA_HEALTH_DIALOG360_URL',
    kind: kind.baseUrl,
    defaultText: 'https://waba-v2.360dialog.io',
    readBy: 'server',
    doc: "360dialog's Messaging API. Only a simulator needs another one.",
  }),
  watchWebhooks: repeatable({
    flag: 'watch-webhooks',
    env: 'WABA_HEALTH_WATCH_WEBHOOKS',
    kind: webhookWatch,
    readBy: 'server',
    doc: 'Of which channels of 360dialog it is asked once a day where their webhooks go, to warn when that is lost or changed: all, or a label such as tier=gold. Can be given several times. Nobody unless given.',
  }),
  proxy: optional({
    flag: 'proxy',
    env: 'WABA_HEALTH_PROXY',
    otherEnv: ['HTTPS_PROXY', 'https_proxy'],
    kind: kind.proxyUrl,
    secret: true,
    readBy: 'server',
    doc: 'Proxy for questions to Meta and 360dialog. One with a password goes into the variable.',
  }),
  noProxy: optional({
    flag: 'no-proxy',
    env: 'WABA_HEALTH_NO_PROXY',
    otherEnv: ['NO_PROXY', 'no_proxy'],
    kind: kind.hostList,
    readBy: 'server',
    doc: 'Hosts to ask without the proxy, with commas between them.',
  }),
  receiverAllow: repeatable({
    flag: 'receiver-allow',
    env: 'WABA_HEALTH_RECEIVER_ALLOW',
    kind: urlKind.addressRange,
    readBy: 'server',
    doc: 'A private range that messages may go to, such as 10.1.0.0/16 or 127.0.0.1. Can be given several times. Without it receivers on private addresses are refused.',
  }),
  caFile: repeatable({
    flag: 'ca-file',
    env: 'WABA_HEALTH_CA_FILE',
    kind: kind.certificateFile,
    readBy: 'server',
    doc: 'Certificates (PEM) to trust beside the usual ones. Can be given several times.',
  }),
  sealKeyFile: optional({
    flag: 'seal-key-file',
    env: 'WABA_HEALTH_SEAL_KEY_FILE',
    kind: kind.keyFile,
    secret: true,
    readBy: 'server',
    doc: 'The key that seals stored secrets: 32 bytes as hex or base64. Else seal.key in the data directory, made at the first start.',
  }),
  adminTokenFile: optional({
    flag: 'admin-token-file',
    env: 'WABA_HEALTH_ADMIN_TOKEN_FILE',
    kind: kind.secretFile,
    secret: true,
    readBy: 'server',
    doc: "The administrator's token, instead of the one made at the first start.",
  }),
  adminToken: optional({
    flag: null,
    env: 'WABA_HEALTH_ADMIN_TOKEN',
    kind: kind.secretText,
    secret: true,
    readBy: 'both',
    doc: "The administrator's token itself. Only as a variable, never as an argument.",
  }),
  readTimeout: option({
    flag: 'read-timeout',
    env: 'WABA_HEALTH_READ_TIMEOUT',
    kind: kind.duration(100, 25_000),
    defaultText: '10s',
    readBy: 'server',
    doc: 'The most that one question to Meta or 360dialog may take.',
  }),
  checkInterval: repeatable({
    flag: 'check-interval',
    env: 'WABA_HEALTH_CHECK_INTERVAL',
    kind: checkInterval,
    readBy: 'server',
    doc: 'How often channels are checked that have no interval of their own, as <who>:<duration>. <who> is graph (else 2m), dialog360 (else 5m) or a label such as tier=gold; of several labels the shortest counts. Can be given several times.',
  }),
  confirmAfter: option({
    flag: 'confirm-after',
    env: 'WABA_HEALTH_CONFIRM_AFTER',
    kind: kind.duration(0, 600_000),
    defaultText: '5s',
    readBy: 'server',
    doc: 'How long after a rejected credential the read follows that confirms it.',
  }),
  recoverAfter: option({
    flag: 'recover-after',
    env: 'WABA_HEALTH_RECOVER_AFTER',
    kind: kind.duration(10_000, 86_400_000),
    defaultText: '5m',
    readBy: 'server',
    doc: 'How long a number has to be well again before it leaves its incident.',
  }),
  shutdownTimeout: option({
    flag: 'shutdown-timeout',
    env: 'WABA_HEALTH_SHUTDOWN_TIMEOUT',
    kind: kind.duration(0, 300_000),
    defaultText: '10s',
    readBy: 'server',
    doc: 'How long a stop waits for requests and reads under way.',
  }),
  historyDays: option({
    flag: 'history-days',
    env: 'WABA_HEALTH_HISTORY_DAYS',
    kind: kind.days(1, 3_650),
    defaultText: '400',
    readBy: 'server',
    doc: 'How many days history is kept: transitions, the answers behind them, removed channels.',
  }),
  heartbeatUrlFile: optional({
    flag: 'heartbeat-url-file',
    env: 'WABA_HEALTH_HEARTBEAT_URL_FILE',
    kind: urlKind.secretUrlFile,
    secret: true,
    readBy: 'server',
    doc: 'File with an address to ask while all goes well, such as a check of healthchecks.io, which tells somebody when that ends.',
  }),
  heartbeatUrl: optional({
    flag: null,
    env: 'WABA_HEALTH_HEARTBEAT_URL',
    kind: urlKind.secretUrl,
    secret: true,
    readBy: 'server',
    doc: 'That address itself. Only as a variable, never as an argument.',
  }),
  heartbeatEvery: option({
    flag: 'heartbeat-every',
    env: 'WABA_HEALTH_HEARTBEAT_EVERY',
    kind: kind.duration(10_000, 3_600_000),
    defaultText: '60s',
    readBy: 'server',
    doc: 'How often that address is asked.',
  }),
  logLevel: option({
    flag: 'log-level',
    env: 'WABA_HEALTH_LOG_LEVEL',
    kind: kind.oneOf(['error', 'warn', 'info', 'debug']),
    defaultText: 'info',
    readBy: 'server',
    doc: 'What is logged (to standard error, one JSON object a line): error, warn, info or debug.',
  }),
  server: optional({
    flag: 'server',
    env: 'WABA_HEALTH_SERVER',
    kind: kind.baseUrl,
    readBy: 'client',
    doc: 'The address of the server to talk to. Else the one that runs on the data directory.',
  }),
  tokenFile: optional({
    flag: 'token-file',
    env: 'WABA_HEALTH_TOKEN_FILE',
    kind: kind.secretFile,
    secret: true,
    readBy: 'client',
    doc: "File with the administrator's token. Else admin.token in the data directory.",
  }),
} as const satisfies Record<string, OptionSpec<unknown>>;

export type OptionKey = keyof typeof OPTIONS;

/** The value of each option after loading. */
type Options = {
  readonly [K in OptionKey]: (typeof OPTIONS)[K] extends OptionSpec<infer V> ? V : never;
};

/** The keys, in the table's order, of what this reader reads. */
export function keysFor(reader: 'server' | 'client'): readonly OptionKey[] {
  return Object.keys(OPTIONS)
    .filter(isOptionKey)
    .filter((key) => OPTIONS[key].readBy === reader || OPTIONS[key].readBy === 'both');
}

function isOptionKey(key: string): key is OptionKey {
  return Object.hasOwn(OPTIONS, key);
}

export type ServerOptions = Pick<Options, Exclude<OptionKey, 'server' | 'tokenFile'>>;
export type ClientOptions = Pick<Options, 'dataDir' | 'adminToken' | 'server' | 'tokenFile'>;
