import type { ClientCommand } from '#cli/client-command.ts';
import { textFlag } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { causeText } from '#cli/text/incident-text.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';
import { momentText } from '#domain/moment-text.ts';
import { numberText } from '#domain/number-text.ts';
import { UsageError } from '#cli/usage-error.ts';
import { nearestWord } from '#config/nearest.ts';
import { CAUSE_KINDS } from '#domain/incidents/cause.ts';

const STATES = ['open', 'resolved', 'any'] as const;

export const incidentList: ClientCommand = {
  signature: 'list',
  summary: 'List the incidents that are open, newest first.',
  configure(command) {
    command
      .option('--state <state>', `${STATES.join(', ')}. Default: open.`)
      .option('--cause <kind>', `Only with such a cause: ${CAUSE_KINDS.join(', ')}.`)
      .option('--channel <channel>', 'Only those that this channel is or was a member of.');
    addLimitFlag(command);
  },
  prepare(_args, flags) {
    wordFlag(textFlag(flags, 'state'), { name: 'state', words: STATES });
    wordFlag(textFlag(flags, 'cause'), { name: 'cause', words: CAUSE_KINDS });
  },
  async run({ client, terminal, flags }) {
    const state = wordFlag(textFlag(flags, 'state'), { name: 'state', words: STATES }) ?? 'open';
    const cause = wordFlag(textFlag(flags, 'cause'), { name: 'cause', words: CAUSE_KINDS });
    const channel = textFlag(flags, 'channel');
    const filter = {
      state,
      ...(cause === undefined ? {} : { cause }),
      ...(channel === undefined ? {} : { channel }),
    };
    const { items, note } = await readList(
      flags,
      async (page) => (await client.listIncidents({ query: { ...filter, ...page } })).body,
    );
    const rows = items.map((incident) => [
      String(incident.number),
      inert(incident.status),
      inert(incident.severity),
      causeText(incident),
      inert(incident.codes[0] ?? '–'),
      reachText(incident),
      momentText(Date.parse(incident.began_at)),
      standingText(incident),
    ]);
    const head = ['No', 'Status', 'Severity', 'Cause', 'Code', 'Numbers', 'Since', ''];
    const paint = (cell: string, column: number) =>
      column === 1 ? terminal.style.status(cell) : cell;
    const none = state === 'open' ? 'No incident is open.' : 'No such incidents.';
    const text = rows.length === 0 ? none : tableText({ head, rows, paint });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};

/** How many it hits, or did where it is over; a receiver has none. */
function reachText({
  numbers: { affected, ever },
  resolution,
}: {
  readonly numbers: { readonly affected: number; readonly ever: number };
  readonly resolution: string | null;
}): string {
  return ever === 0 ? '–' : numberText(resolution === null ? affected : ever);
}

const ENDS: Readonly<Record<string, string>> = {
  gone: 'no longer watched',
  manual: 'closed by hand',
};

function standingText(incident: {
  readonly resolution: string | null;
  readonly acknowledgement: { readonly by: string } | null;
  readonly is_baseline: boolean;
}): string {
  if (incident.resolution !== null) {
    return ENDS[incident.resolution] ?? inert(incident.resolution);
  }
  if (incident.acknowledgement !== null) return `at it: ${inert(incident.acknowledgement.by)}`;
  return incident.is_baseline ? 'since before it was watched' : '';
}

function wordFlag<const T extends string>(
  text: string | undefined,
  { name, words }: { readonly name: string; readonly words: readonly T[] },
): T | undefined {
  if (text === undefined) return undefined;
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  const meant = nearestWord(text, words);
  const question = meant === null ? '' : ` Did you mean ${meant}?`;
  throw new UsageError(`--${name} must be one of ${words.join(', ')}.${question}`);
}
