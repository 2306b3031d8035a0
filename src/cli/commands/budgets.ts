import type { Answer } from '#api/call.ts';
import type { ClientCommand } from '#cli/client-command.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { needText } from '#cli/text/fleet-text.ts';
import { numberText, stretchText } from '#domain/number-text.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';

type Budget = Answer<'listBudgets'>['body']['items'][number];

export const budgets: ClientCommand = {
  signature: 'budgets',
  summary: 'List what upstreams allow us to ask in an hour, and what the fleet needs of it.',
  configure: addLimitFlag,
  async run({ client, flags }) {
    const { items, note } = await readList(
      flags,
      async (page) => (await client.listBudgets({ query: page })).body,
    );
    const text = items.length === 0 ? 'Nothing was asked yet.' : budgetsText(items);
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};

function budgetsText(items: readonly Budget[]): string {
  const rows = items.map((budget) => [
    inert(budget.bucket),
    numberText(budget.allowed_per_hour),
    numberText(budget.needed_per_hour),
    `×${stretchText(budget.stretch)}`,
    budget.used_percent === null ? '–' : `${budget.used_percent} %`,
    needText(budget),
  ]);
  return tableText({ head: ['Budget', 'Allowed', 'Needed', 'Stretch', 'Used', ''], rows });
}
