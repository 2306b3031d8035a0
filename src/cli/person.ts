/** Who it is that says or does something: told, or whoever is logged in. */
import type { Command } from 'commander';
import type { Flags } from './connect.ts';
import { textFlag } from './flags.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export function addByFlag(command: Command): void {
  command.option('--by <name>', 'Who says so. Default: who is logged in.');
}

/** Throws UsageError when nobody is named. */
export function personFlag(flags: Flags, { env }: Pick<Terminal, 'env'>): string {
  const name = (textFlag(flags, 'by') ?? env['USER'] ?? env['LOGNAME'] ?? '').trim();
  if (name !== '') return name;
  throw new UsageError('--by <name> is needed: say who you are, for whoever reads it later.');
}
