/** `export`: every transition of a range to standard output, for programs and spreadsheets. */
import type { Command } from 'commander';
import { EXPORT_FORMATS } from '#api/history.ts';
import type { Session } from '#cli/client-command.ts';
import { connect } from '#cli/connect.ts';
import type { Flags } from '#cli/connect.ts';
import { addTableFlags, collected, momentFlag, textFlag, wordFlags } from '#cli/flags.ts';
import { UsageError } from '#cli/usage-error.ts';
import type { ExportQuery } from '#api/export-operation.ts';
import { TRANSITION_KINDS } from '#domain/transition.ts';

export function addExport(parent: Command, session: Session): void {
  const command = parent
    .command('export')
    .description('Write what changed in a range to standard output, oldest first.')
    .option('--format <format>', `${EXPORT_FORMATS.join(' or ')}. Default: ndjson.`)
    .option('--channel <ref>', 'Only of this channel.')
    .option('--kind <kind>', `${TRANSITION_KINDS.join(', ')}; can be given again.`, collected)
    .option('--from <when>', 'Not before: a time in UTC, a day, or how long ago.')
    .option('--until <when>', 'Before this moment.');
  addTableFlags(command, 'client');
  command.action(async () => {
    const { terminal } = session;
    const flags: Flags = command.opts();
    const query = queryOf(flags, terminal.now());
    const { openExport } = await connect(terminal, flags);
    let [bytes, lines] = [0, 0];
    try {
      for await (const chunk of await openExport(query)) {
        if (!(await terminal.pour(chunk))) break;
        bytes += chunk.length;
        lines += chunk.reduce((count, byte) => (byte === LINE_END ? count + 1 : count), 0);
        terminal.progress(`${lines.toLocaleString('en')} lines, ${sizeText(bytes)}`);
      }
    } finally {
      terminal.progress('');
    }
  });
}

const LINE_END = 0x0a;

function queryOf(flags: Flags, now: number): ExportQuery {
  const format = formatFlag(flags);
  const channel = textFlag(flags, 'channel');
  const kind = wordFlags(flags, 'kind', TRANSITION_KINDS);
  const from = momentFlag(flags, 'from', now);
  const until = momentFlag(flags, 'until', now);
  return {
    format,
    kind,
    ...(channel === undefined ? {} : { channel }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

function formatFlag(flags: Flags): (typeof EXPORT_FORMATS)[number] {
  const text = textFlag(flags, 'format') ?? 'ndjson';
  const format = EXPORT_FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  throw new UsageError(`--format must be ${EXPORT_FORMATS.join(' or ')}.`);
}

function sizeText(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
