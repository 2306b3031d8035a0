/**
 * The fleet live: asked again and again, painted in place on a terminal, told line by line anywhere else.
 * It asks for counts and a screenful of names only, however large the fleet is.
 */
import { ClientProblem } from '#client/client-problem.ts';
import type { Client } from '#client/create-client.ts';
import { advised } from '#cli/connect.ts';
import type { Terminal, TerminalScreen } from '#cli/terminal.ts';
import { momentText } from '#domain/moment-text.ts';
import { changeText, frameLines } from './frame.ts';
import type { Seen } from './frame.ts';
import { LineReport } from './line-report.ts';

const NAMES_MAX = 200;
const CHANGES_MAX = 200;

export interface Watch {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly everyMs: number;
  /** Aborts when a person or a signal ends it. */
  readonly ended: AbortSignal;
}

/** Until it is ended. Throws ClientProblem when the first answer cannot be had. */
export async function runWatch(watch: Watch): Promise<void> {
  const { screen } = watch.terminal;
  const first = await look(watch.client);
  if (screen === null) await tellLines(watch, first);
  else await paint(watch, screen, first);
}

async function look(client: Client): Promise<Seen> {
  const [status, changes] = await Promise.all([
    client.getStatus({ query: { troubled: NAMES_MAX } }),
    client.listChanges({ query: { limit: CHANGES_MAX } }),
  ]);
  return { status: status.body, changes: changes.body.items, notice: null };
}

/** What is known while the server cannot be asked is what was known before, and why. */
async function lookAgain({ client, terminal }: Watch, before: Seen): Promise<Seen> {
  try {
    return await look(client);
  } catch (error) {
    if (!(error instanceof ClientProblem)) throw error;
    const since = before.notice ?? `Since ${momentText(terminal.now())}: ${advised(error)}`;
    return { ...before, notice: since };
  }
}

async function tellLines(watch: Watch, first: Seen): Promise<void> {
  const { terminal, ended, everyMs } = watch;
  const report = new LineReport((change) => changeText(change, terminal.style));
  let seen = first;
  while (!ended.aborted) {
    for (const line of report.linesFor(seen)) terminal.out(line);
    await rest(terminal, everyMs, ended);
    if (!ended.aborted) seen = await lookAgain(watch, seen);
  }
}

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const TOP = '\u001b[H';
/** Before the text: after one that fills the line, some terminals would erase its last letter. */
const WHOLE_LINE = '\u001b[2K';
const REST_OF_SCREEN = '\u001b[J';

async function paint(watch: Watch, screen: TerminalScreen, first: Seen): Promise<void> {
  const { terminal, ended, everyMs } = watch;
  let seen = first;
  const draw = () => {
    const frame = { ...screen.size(), style: terminal.style, now: terminal.now() };
    const lines = frameLines(seen, frame).map((line) => `${WHOLE_LINE}${line}`);
    screen.write(`${TOP}${lines.join('\r\n')}${REST_OF_SCREEN}`);
  };
  screen.write(ENTER);
  try {
    screen.onResize(draw, ended);
    while (!ended.aborted) {
      draw();
      await rest(terminal, everyMs, ended);
      if (!ended.aborted) seen = await lookAgain(watch, seen);
    }
  } finally {
    screen.write(LEAVE);
  }
}

async function rest(terminal: Terminal, ms: number, ended: AbortSignal): Promise<void> {
  try {
    await terminal.pause(ms, ended);
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}
