/** An error as the last thing a command says: sentences on standard error, and the exit code. */
import { CommanderError } from 'commander';
import { ClientProblem } from '#client/client-problem.ts';
import { Problem } from '#domain/problem.ts';
import type { ProblemItem } from '#domain/problem.ts';
import { advised } from './connect.ts';
import { EXIT_OK, EXIT_REFUSED, EXIT_USAGE } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import { inert } from './text/inert.ts';
import { UsageError, usageErrorOf } from './usage-error.ts';

interface Told {
  readonly code: string;
  readonly message: string;
  readonly items: readonly ProblemItem[];
  readonly exitCode: number;
}

/** Says what went wrong and gives the exit code; help and version, asked for, are no error. */
export function reportError(terminal: Terminal, error: unknown, asJson: boolean): number {
  if (error instanceof CommanderError && isAnswered(error)) {
    return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  }
  const told = toldOf(error);
  if (asJson) {
    const { code, message, items } = told;
    terminal.err(JSON.stringify({ problem: { code, message, items } }));
    return told.exitCode;
  }
  terminal.err(`waba-health: ${inert(told.message)}`);
  if (told.items.length > 1 || told.items[0]?.message !== told.message) {
    for (const item of told.items) terminal.err(`  ${inert(itemText(item))}`);
  }
  return told.exitCode;
}

/** The parser has printed help or the version already. */
function isAnswered(error: CommanderError): boolean {
  return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code);
}

function toldOf(error: unknown): Told {
  if (error instanceof CommanderError) return toldOf(usageErrorOf(error));
  if (error instanceof UsageError) {
    return { code: 'usage', message: error.message, items: [], exitCode: EXIT_USAGE };
  }
  if (error instanceof ClientProblem) {
    const { code, items } = error;
    return { code, message: advised(error), items, exitCode: EXIT_REFUSED };
  }
  if (error instanceof Problem) {
    const { code, message, items } = error;
    return { code, message, items, exitCode: EXIT_REFUSED };
  }
  const what = error instanceof Error ? error.message : String(error);
  const message = `This is an error of ours, please report it: ${what}`;
  return { code: 'internal', message, items: [], exitCode: EXIT_REFUSED };
}

/** Our own items name their place themselves; those of a request begin with "must be". */
function itemText({ at, message }: ProblemItem): string {
  return message.startsWith(at) ? message : `${at} ${message}`;
}
