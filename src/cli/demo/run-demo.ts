/** The demo: a simulator, a server and a small fleet in a directory that is gone afterwards. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '#client/create-client.ts';
import type { Client } from '#client/create-client.ts';
import { startSimulatorProcess } from '#cli/simulator-process.ts';
import type { SimulatorProcess } from '#cli/simulator-process.ts';
import type { Terminal } from '#cli/terminal.ts';
import { curlText } from '#cli/text/curl.ts';
import {
  DEMO_CHANNELS,
  DEMO_TOKEN,
  DEMO_TROUBLES,
  LOOKED_AT,
  REJECTED,
  demoWorld,
} from './fleet.ts';
import { startReceiver } from './receiver.ts';
import type { DemoReceiver, Heard } from './receiver.ts';
import { playScenario } from './scenario.ts';
import { demoTable } from './table.ts';

/** A server started by the demo. */
export interface DemoServer extends AsyncDisposable {
  readonly url: string;
  readonly adminTokenFile: string | null;
}

export interface DemoOptions {
  readonly terminal: Terminal;
  /** Prints the fleet and ends, instead of playing the scenario. */
  readonly once: boolean;
  /** Resolves when the demo is asked to stop. */
  readonly stopped: Promise<unknown>;
  /** Starts a server on this data directory that asks this simulator. */
  readonly startServer: (dataDir: string, simulator: SimulatorProcess) => Promise<DemoServer>;
}

const CALL_TIMEOUT_MS = 30_000;

export async function runDemo({
  terminal,
  once,
  stopped,
  startServer,
}: DemoOptions): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'waba-health-demo-'));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  terminal.out('Starting a simulated Meta and 360dialog, and a server that asks them…');
  const worldFile = join(directory, 'world.json');
  await writeFile(worldFile, JSON.stringify(demoWorld()));
  const simulator = opened.use(await startSimulatorProcess(worldFile));
  const mailbox = new Mailbox(terminal);
  const receiver = opened.use(await startReceiver((heard) => mailbox.add(heard)));
  const server = opened.use(await startServer(join(directory, 'data'), simulator));
  const token = (await readFile(server.adminTokenFile ?? '', 'utf8')).trim();
  const client = createClient({ baseUrl: server.url, token, timeoutMs: CALL_TIMEOUT_MS });
  await addReceiver(client, receiver);
  await addFleet(client, simulator);
  terminal.out(`\n${await fleetText(client, terminal)}\n`);
  await tellAccess(client, terminal, server.url);
  tellWatching(terminal, { dataDir: join(directory, 'data'), receiver });
  if (once) return;
  const ending = new AbortController();
  const { signal } = ending;
  const heard = (type: string) => mailbox.next(type, signal);
  const played = playScenario({ terminal, simulator, heard, ending: signal });
  const ended = stopped.then(() => ending.abort());
  try {
    await Promise.race([played.then(() => ended), ended]);
  } finally {
    ending.abort();
    terminal.out('Stopping the demo; nothing of it stays.');
    await Promise.allSettled([played]);
  }
}

/** As often as it may be, so that whoever looks sees something soon. */
const WATCHED = { check_interval_seconds: 15 };

/** Adds every channel while all is well, then lets the troubles begin and reads them again. */
async function addFleet(client: Client, simulator: SimulatorProcess): Promise<void> {
  const credential = 'acme-graph';
  await client.putCredential({
    params: { ref: credential },
    body: { upstream: 'graph', secret: DEMO_TOKEN, billed_by: 'meta' },
  });
  for (const { name, nodeId, key } of DEMO_CHANNELS) {
    await client.putChannel({
      params: { ref: name },
      body:
        key === null
          ? { upstream: 'graph', credential: { ref: credential }, node_id: nodeId, ...WATCHED }
          : {
              upstream: 'dialog360',
              credential: { secret: key, billed_by: 'provider' },
              ...WATCHED,
            },
    });
  }
  await simulator.act(...DEMO_TROUBLES, { do: 'invalidate', key: REJECTED.key });
  for (const { name } of DEMO_CHANNELS) await client.checkChannel({ params: { ref: name } });
  // A second read confirms that the key is rejected: only then is the stored status given up.
  await client.checkChannel({ params: { ref: REJECTED.channel } });
}

async function fleetText(client: Client, terminal: Terminal): Promise<string> {
  const rows = await Promise.all(
    DEMO_CHANNELS.map(async ({ name, number }) => {
      const { body: health } = await client.getChannelHealth({ params: { ref: name } });
      return { name, number, health };
    }),
  );
  return demoTable(rows, terminal.style);
}

async function tellAccess(client: Client, terminal: Terminal, url: string): Promise<void> {
  const { body } = await client.addApiKey({ params: { ref: LOOKED_AT.channel }, body: {} });
  const key = body.text ?? '';
  terminal.out(`API key of ${LOOKED_AT.channel}: ${key}`);
  terminal.out(`Ask as a client of 360dialog does (-i shows the verdict in the headers):`);
  terminal.out(curlText(url, key));
}

/** The same directory tells every command where the server is, and has the token for it. */
function tellWatching(
  terminal: Terminal,
  { dataDir, receiver }: { readonly dataDir: string; readonly receiver: DemoReceiver },
): void {
  const interval = WATCHED.check_interval_seconds;
  terminal.out(`\nThe schedule reads each number every ${interval} s. In another terminal:`);
  for (const command of ['watch', 'status', 'incidents list', `history ${LOOKED_AT.channel}`]) {
    terminal.out(`npm run -s waba-health -- ${command} --data-dir ${dataDir}`);
  }
  terminal.out(`\nMessages go to a receiver at ${receiver.url}, which shows them here:`);
  terminal.out('first those about the troubles above, once a second read confirms them.\n');
}

/** A receiver that is notified of everything, as any program that takes signed webhooks. */
async function addReceiver(client: Client, { url, secret }: DemoReceiver): Promise<void> {
  await client.putReceiver({
    params: { ref: 'demo' },
    body: {
      kind: 'webhook',
      urgency: 'notify',
      zone: 'Europe/Berlin',
      secrets: { url, signing_secret: secret },
    },
  });
}

/** Shows what comes, and hands it to whoever waits for it. */
class Mailbox {
  readonly #terminal: Terminal;
  #waiting: ((heard: Heard) => void)[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  add(heard: Heard): void {
    const { title, lines } = heard;
    const time = new Date(this.#terminal.now()).toISOString().slice(11, 19);
    this.#terminal.out(`${time} UTC  a message came:\n`);
    for (const line of [title, ...lines]) this.#terminal.out(`    ${line}`);
    this.#terminal.out('');
    for (const hear of this.#waiting) hear(heard);
  }

  /** The next of this type about the WABA that is looked at; rejects when the demo ends. */
  next(type: string, signal: AbortSignal): Promise<Heard> {
    const { promise, resolve, reject } = Promise.withResolvers<Heard>();
    const hear = (heard: Heard) => {
      if (heard.type === type && heard.subject === LOOKED_AT.wabaId) resolve(heard);
    };
    this.#waiting.push(hear);
    signal.addEventListener('abort', () => reject(new Error('the demo ends')), { once: true });
    return promise.finally(() => {
      this.#waiting = this.#waiting.filter((other) => other !== hear);
    });
  }
}
