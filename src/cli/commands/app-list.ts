import type { ClientCommand } from '#cli/client-command.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';

export const appList: ClientCommand = {
  signature: 'list',
  summary: 'List the Meta apps.',
  configure: addLimitFlag,
  async run({ client, flags }) {
    const { items, note } = await readList(
      flags,
      async (query) => (await client.listApps({ query })).body,
    );
    const rows = items.map((app) => [
      inert(app.name),
      inert(app.meta_app_id),
      app.ours ? 'ours' : "the provider's",
      app.has_secret ? 'with secret' : 'without secret',
    ]);
    const head = ['Name', 'Meta id', 'Whose', 'Secret'];
    const text = rows.length === 0 ? 'No apps yet.' : tableText({ head, rows });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};
