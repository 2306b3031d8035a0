/** `watch`: the fleet live in the terminal, until somebody ends it. */
import type { Command } from 'commander';
import type { Session } from '#cli/client-command.ts';
import { connect } from '#cli/connect.ts';
import type { Flags } from '#cli/connect.ts';
import { addTableFlags, durationFlag } from '#cli/flags.ts';
import { stopSignal } from '#cli/stop-signal.ts';
import type { Terminal } from '#cli/terminal.ts';
import { runWatch } from '#cli/watch/run-watch.ts';

const EVERY_MS = 2_000;
const EVERY_MS_MIN = 1_000;

export function addWatch(program: Command, { terminal }: Session): void {
  const command = program
    .command('watch')
    .description(
      'Show the fleet live: counts, channels that are not available, and the last changes. ' +
        'On a terminal it is painted in place and q ends it; elsewhere it is told in lines.',
    )
    .option('--every <duration>', 'How often to look. Default: 2s.');
  addTableFlags(command, 'client');
  command.action(async () => {
    const flags: Flags = command.opts();
    const everyMs = durationFlag(flags, 'every', EVERY_MS_MIN) ?? EVERY_MS;
    const { client } = await connect(terminal, flags);
    const ended = new AbortController();
    void stopSignal().then(() => ended.abort());
    const keys = terminal.screen === null ? null : endByKey(terminal, ended);
    try {
      await runWatch({ client, terminal, everyMs, ended: ended.signal });
    } finally {
      ended.abort();
      terminal.input.setRawMode?.(false);
      if (keys !== null) terminal.input.destroy?.();
    }
  });
}

/** q, Ctrl-C and Ctrl-D. */
const ENDING = ['q', 'Q', '\u0003', '\u0004'];

/** In raw mode Ctrl-C is a key like any other. */
async function endByKey({ input }: Terminal, ended: AbortController): Promise<void> {
  if (input.isTTY !== true) return;
  input.setRawMode?.(true);
  try {
    for await (const chunk of input) {
      const keys = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      if (ENDING.some((key) => keys.includes(key))) break;
    }
  } catch {
    // It was destroyed, because the watch has ended.
  }
  ended.abort();
}
