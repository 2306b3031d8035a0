import type { ClientCommand } from '#cli/client-command.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';
import { momentText } from '#domain/moment-text.ts';

export const keyList: ClientCommand = {
  signature: 'list <channel>',
  summary: 'List the API keys of a channel, revoked ones included.',
  configure: addLimitFlag,
  async run({ client, args: [ref = ''], flags, terminal }) {
    const { items, note } = await readList(
      flags,
      async (query) => (await client.listApiKeys({ params: { ref }, query })).body,
    );
    const now = terminal.now();
    const rows = items.map((key) => [
      key.id,
      key.origin,
      key.origin === 'issued' ? `${inert(key.hint)}…` : `…${inert(key.hint)}`,
      momentText(Date.parse(key.created_at)),
      stateOf(key, now),
    ]);
    const head = ['Id', 'Origin', 'Key', 'Since', 'State'];
    const text =
      rows.length === 0
        ? `No key opens ${ref} yet. Issue one: waba-health keys add ${ref}`
        : tableText({ head, rows });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};

function stateOf(key: { revoked_at: string | null; expires_at: string | null }, now: number) {
  if (key.revoked_at !== null) return `revoked ${momentText(Date.parse(key.revoked_at))}`;
  if (key.expires_at === null) return 'opens';
  const expires = Date.parse(key.expires_at);
  return `${expires > now ? 'opens until' : 'expired'} ${momentText(expires)}`;
}
