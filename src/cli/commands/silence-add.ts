import type { ClientCommand } from '#cli/client-command.ts';
import type { Flags } from '#cli/connect.ts';
import { aheadFlag, durationFlag, hasFlag, textFlag } from '#cli/flags.ts';
import { addMatchFlag, matchFlags } from '#cli/matcher-flags.ts';
import { addByFlag, personFlag } from '#cli/person.ts';
import { matchersText } from '#cli/text/matchers-text.ts';
import { momentText } from '#domain/moment-text.ts';
import { UsageError } from '#cli/usage-error.ts';

export const silenceAdd: ClientCommand = {
  signature: 'add',
  summary: 'Tell nobody of what this matches, for a while. When it ends, what is open is told.',
  configure(command) {
    addMatchFlag(command);
    command
      .option('--for <duration>', 'How long, at most 30d.')
      .option('--until <when>', 'Its end instead: a time in UTC, or how long from now.')
      .option('--from <when>', 'When it begins. Default: now.')
      .option('--reason <text>', 'Why, for whoever wonders later.')
      .option('--exclude-from-uptime', 'Planned work: its time is no part of uptime.');
    addByFlag(command);
  },
  prepare(_args, flags) {
    matchFlags(flags);
    reasonFlag(flags);
    // Any moment will do: only the form is looked at here.
    spanOf(flags, 0);
  },
  async run({ client, terminal, flags }) {
    const match = matchFlags(flags);
    const { body } = await client.addSilence({
      body: {
        ...(match === null ? {} : { match }),
        author: personFlag(flags, terminal),
        reason: reasonFlag(flags),
        exclude_from_uptime: hasFlag(flags, 'excludeFromUptime'),
        ...spanOf(flags, terminal.now()),
      },
    });
    const from = momentText(Date.parse(body.starts_at));
    const until = momentText(Date.parse(body.ends_at));
    const uptime = body.exclude_from_uptime ? ' This time is no part of uptime.' : '';
    const text =
      `Nobody is told of ${matchersText(body.match)} from ${from} to ${until}.${uptime}\n` +
      `End it before: waba-health silences end ${body.id}`;
    return { json: body, text };
  },
};

function reasonFlag(flags: Flags): string {
  const reason = textFlag(flags, 'reason');
  if (reason !== undefined && reason.trim() !== '') return reason;
  throw new UsageError('--reason <text> is needed: say why, for whoever wonders later.');
}

function spanOf(flags: Flags, now: number) {
  const from = aheadFlag(flags, 'from', now) ?? null;
  const until = aheadFlag(flags, 'until', now);
  const forMs = durationFlag(flags, 'for', 1000);
  if ((until === undefined) === (forMs === undefined)) {
    throw new UsageError('Give either --for <duration> or --until <when>: a silence has an end.');
  }
  const start = from === null ? now : Date.parse(from);
  const end = until ?? new Date(start + Math.min(forMs ?? 0, FOR_MS_MAX)).toISOString();
  return { starts_at: from, ends_at: end };
}

/** A year: the server refuses what is longer than it allows, and says so. */
const FOR_MS_MAX = 366 * 86_400_000;
