/** Which channels a command is about: named one by one, or all that carry certain labels. */
import type { Command } from 'commander';
import type { Call } from './client-command.ts';
import type { Flags } from './connect.ts';
import { collected, labelFlags } from './flags.ts';
import { UsageError } from './usage-error.ts';

const PAGE = 200;
/** More than any fleet: a listing that does not end is an error. */
const CHANNELS_MAX = 200_000;

export function addChoiceFlags(command: Command): void {
  command.option(
    '--label <name=value>',
    'All channels with this label, instead of names; can be given again.',
    collected,
  );
}

/** Throws UsageError unless there are either names or labels. */
export function requireChoice(args: readonly string[], flags: Flags): void {
  const labels = Object.keys(labelFlags(flags));
  if (args.length > 0 === labels.length > 0) {
    throw new UsageError('Give either the names of channels, or --label <name=value>.');
  }
}

/** The names or ids; an empty list when no channel carries the labels. */
export async function chosenChannels({ client, args, flags }: Call): Promise<readonly string[]> {
  if (args.length > 0) return args;
  const label = Object.entries(labelFlags(flags)).map(([name, value]) => `${name}=${value}`);
  const names: string[] = [];
  let cursor: string | null = null;
  do {
    const from: { cursor?: string } = cursor === null ? {} : { cursor };
    const { body } = await client.listChannels({ query: { label, limit: PAGE, ...from } });
    names.push(...body.items.map(({ name }) => name));
    cursor = body.next_cursor;
  } while (cursor !== null && names.length < CHANNELS_MAX);
  return names;
}
