import type { ClientCommand } from '#cli/client-command.ts';
import { hasFlag } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';
import { matchersText } from '#cli/text/matchers-text.ts';
import { momentText } from '#domain/moment-text.ts';

const STATES: Readonly<Record<string, string>> = {
  planned: 'planned',
  in_force: 'in force',
  over: 'over',
};

export const silenceList: ClientCommand = {
  signature: 'list',
  summary: 'List the silences, newest first.',
  configure(command) {
    command.option('--in-force', 'Only those that are in force now.');
    addLimitFlag(command);
  },
  async run({ client, flags }) {
    const isInForce = hasFlag(flags, 'inForce');
    const { items, note } = await readList(
      flags,
      async (page) => (await client.listSilences({ query: { ...page, in_force: isInForce } })).body,
    );
    const rows = items.map((silence) => [
      inert(silence.id),
      STATES[silence.state] ?? inert(silence.state),
      momentText(Date.parse(silence.starts_at)),
      momentText(Date.parse(silence.ends_at)),
      silence.exclude_from_uptime ? 'not in uptime' : '',
      inert(silence.author),
      matchersText(silence.match),
      inert(silence.reason),
    ]);
    const head = ['Id', 'State', 'From', 'Until', '', 'By', 'Matches', 'Reason'];
    const none = isInForce ? 'No silence is in force.' : 'No silences.';
    const text = rows.length === 0 ? none : tableText({ head, rows });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};
