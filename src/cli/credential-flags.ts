/** The flags that say whom to ask and who pays, shared by credentials and channels. */
import type { Command } from 'commander';
import { BILLED_BY } from '#domain/billing.ts';
import type { BilledBy, UpstreamKind } from '#domain/billing.ts';
import type { Flags } from './connect.ts';
import { hasFlag, textFlag } from './flags.ts';
import { UsageError } from './usage-error.ts';

export function addUpstreamFlags(command: Command): void {
  command
    .option('--dialog360', 'Ask 360dialog with an API key of the number.')
    .option('--graph', "Ask Meta's Graph API with a token.")
    .option('--app <ref>', 'With --graph: the Meta app of the token.')
    .option('--billed-by <who>', `Who pays Meta: ${BILLED_BY.join(', ')}.`);
}

/** Throws UsageError unless exactly one of both is given. */
export function upstreamFlag(flags: Flags): UpstreamKind {
  const graph = hasFlag(flags, 'graph');
  if (graph === hasFlag(flags, 'dialog360')) {
    throw new UsageError('Give either --dialog360 or --graph, to say whom to ask.');
  }
  if (!graph && textFlag(flags, 'app') !== undefined) {
    throw new UsageError('--app is only for --graph: behind 360dialog the app is theirs.');
  }
  return graph ? 'graph' : 'dialog360';
}

/** Throws UsageError for a word that is none of them. */
export function billedByFlag(flags: Flags): BilledBy | undefined {
  const text = textFlag(flags, 'billedBy');
  if (text === undefined) return undefined;
  const known = BILLED_BY.find((who) => who === text);
  if (known !== undefined) return known;
  throw new UsageError(`--billed-by must be one of ${BILLED_BY.join(', ')}.`);
}
