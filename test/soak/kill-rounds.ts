/** Programs that watch while everything changes, killed at random moments, and what is left of each. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#app/system-clock.ts';
import { systemRandomness } from '#app/system-randomness.ts';
import { createIds } from '#app/uuid-ids.ts';
import type { ChannelRow } from '#ports/store.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { openPostgres } from '#test/fakes/open-postgres-store.ts';
import type { TestPostgres } from '#test/fakes/postgres.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { addFleet } from '#test/monitor/schedule/fleet.ts';
import { openIn, rowsIn } from '#test/stores/open-in.ts';
import type { Told } from './history-audit.ts';
import { auditAcknowledged, auditChains, auditState, TOLD_SQL, toldOf } from './history-audit.ts';

const CHILD = fileURLToPath(import.meta.resolve('#test/soak/children/watch-until-killed.ts'));
const CHANNELS = 120;
const INTERVAL_MS = 150;
/** So many more transitions are acknowledged before the next kill, drawn anew each time. */
const LINES_MIN = 1;
const LINES_MAX = 200;
/** Programs that say nothing new for so long are stuck; the round ends, and they with it. */
const SILENT_MS_MAX = 60_000;

/** An engine that the rounds run on. */
export interface KillGround extends AsyncDisposable {
  /** What the child is told: its engine, and where. */
  readonly words: readonly string[];
  /** How many programs share it. */
  readonly programs: number;
  open(): Promise<OpenedStore>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Kills the database itself and starts it again; null where it lives in the program. */
  readonly cutDatabase: (() => Promise<void>) | null;
}

export function sqliteGround(): KillGround {
  const directory = temporaryDirectory();
  return {
    words: ['sqlite', directory.path],
    programs: 1,
    open: () => openIn(directory.path, { clock: systemClock }),
    rows: (sql) => Promise.resolve(rowsIn(directory.path, sql)),
    cutDatabase: null,
    [Symbol.asyncDispose]: () => Promise.resolve(directory[Symbol.dispose]()),
  };
}

export async function postgresGround(server: TestPostgres): Promise<KillGround> {
  const url = await server.createDatabase();
  return {
    words: ['postgres', url],
    programs: 2,
    open: () => openPostgres(url),
    rows: (sql) => server.query(url, sql),
    async cutDatabase() {
      await server.kill();
      await server.start();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  readonly transitions: number;
}

/** Kills so many programs, at least. Throws an AssertionError as soon as anything is lost or doubled. */
export async function runKillRounds(
  ground: KillGround,
  killsMin: number,
  tell: (kills: number) => void = () => undefined,
): Promise<KillReport> {
  await seed(ground);
  const acknowledged: Told[] = [];
  let transitions: readonly Told[] = [];
  let kills = 0;
  for (let round = 1; kills < killsMin; round += 1) {
    // Every second time the database dies too, while the programs live on.
    const cut = round % 2 === 0 ? ground.cutDatabase : null;
    acknowledged.push(...(await watchAndKill(ground, cut)));
    transitions = await audit(ground, acknowledged);
    kills += ground.programs;
    tell(kills);
  }
  return { kills, acknowledged: acknowledged.length, transitions: transitions.length };
}

async function seed(ground: KillGround): Promise<void> {
  const store = await ground.open();
  const ids = createIds({ clock: systemClock, randomness: systemRandomness });
  const about = { channels: CHANNELS, credentials: 4, about: { intervalMs: INTERVAL_MS } };
  await addFleet({ deps: { ids, clock: systemClock }, store }, about);
  await store.close();
}

/** Lets programs watch, kills them one after the other, and gives what they acknowledged. */
async function watchAndKill(
  { words, programs }: KillGround,
  cutDatabase: (() => Promise<void>) | null,
): Promise<readonly Told[]> {
  const heard = new Lines();
  const children = Array.from({ length: programs }, () => startChild(words, heard));
  const living = new Set(children);
  for (const child of children) {
    child.once('exit', () => {
      if (living.has(child)) heard.fail('a program ended by itself');
    });
  }
  try {
    if (cutDatabase !== null) {
      await heard.more(randomInt(LINES_MIN, LINES_MAX));
      await cutDatabase();
    }
    for (const child of children) {
      await heard.more(randomInt(LINES_MIN, LINES_MAX));
      living.delete(child);
      child.kill('SIGKILL');
    }
  } finally {
    living.clear();
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
  }
  return heard.lines.map(lineOf);
}

/** What all programs of a round have said. */
class Lines {
  readonly lines: string[] = [];
  #wanted = Infinity;
  #reached: () => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  #failure: Error | null = null;

  add(line: string): void {
    this.lines.push(line);
    if (this.lines.length >= this.#wanted) this.#reached();
  }

  /** Resolves when so many more have come. */
  more(count: number): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const tooLong = systemClock.after(SILENT_MS_MAX, () => {
      const heard = `${this.lines.length} of ${this.#wanted} lines after ${SILENT_MS_MAX} ms`;
      this.fail(`the programs are stuck: ${heard}`);
    });
    void promise.finally(() => tooLong.cancel()).catch(() => undefined);
    this.#wanted = this.lines.length + count;
    this.#reached = resolve;
    this.#failed = reject;
    return promise;
  }

  /** Nobody who waits for more will get it. */
  fail(why: string): void {
    this.#failure = new assert.AssertionError({ message: why });
    this.#failed(this.#failure);
  }
}

/** `ended` resolves when it is gone and all that it said is heard. */
function startChild(words: readonly string[], heard: Lines) {
  const child = spawn(process.execPath, [CHILD, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => heard.add(line));
  return Object.assign(child, { ended: Promise.all([once(child, 'exit'), once(reader, 'close')]) });
}

/** A line is written at once, so that a kill cuts none in half. */
function lineOf(line: string): Told {
  const { id, channelId, series, was, is, detail, attempt }: Told = JSON.parse(line);
  return { id, channelId, series, was, is, detail, attempt };
}

async function audit(ground: KillGround, acknowledged: readonly Told[]): Promise<readonly Told[]> {
  const transitions = (await ground.rows(TOLD_SQL)).map(toldOf);
  auditAcknowledged(transitions, acknowledged);
  auditChains(transitions);
  const store = await ground.open();
  try {
    for (const row of await channelsIn(store)) auditState(row, transitions);
  } finally {
    await store.close();
  }
  return transitions;
}

async function channelsIn(store: OpenedStore): Promise<readonly ChannelRow[]> {
  return store.read(async (view) => {
    const { items } = await view.channels.list({ after: null, limit: CHANNELS });
    const rows = await Promise.all(items.map(({ channel }) => view.channels.findRow(channel.id)));
    assert.equal(rows.length, CHANNELS);
    return rows.filter((row) => row !== null);
  });
}
