import type { ClientCommand } from '#cli/client-command.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';
import { matchersText } from '#cli/text/matchers-text.ts';

export const ruleList: ClientCommand = {
  signature: 'list',
  summary: 'List the rules; receivers that none of them names hear by the default rule.',
  configure: addLimitFlag,
  async run({ client, flags }) {
    const { items, note } = await readList(
      flags,
      async (query) => (await client.listRules({ query })).body,
    );
    const rows = items.map((rule) => [
      inert(rule.name),
      inert(rule.receivers.map(({ name }) => name).join(', ')),
      rule.is_enabled ? 'in use' : 'not in use',
      matchersText(rule.match),
    ]);
    const text =
      rows.length === 0
        ? 'No rules: every receiver hears by the default rule.'
        : tableText({ head: ['Name', 'Tells', 'State', 'Matches'], rows });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};
