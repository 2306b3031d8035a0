import type { ClientCommand } from '#cli/client-command.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';
import { momentText } from '#domain/moment-text.ts';

/** What is to be said about a token, in a word or two. */
const FINDINGS: Readonly<Record<string, string>> = {
  credential_dead: 'dead',
  credential_expiring: 'ends soon',
  scope_missing: 'lacks a permission',
};

export const credentialList: ClientCommand = {
  signature: 'list',
  summary: 'List the credentials, without their secrets.',
  configure: addLimitFlag,
  async run({ client, flags }) {
    const { items, note } = await readList(
      flags,
      async (query) => (await client.listCredentials({ query })).body,
    );
    const rows = items.map((credential) => [
      inert(credential.name),
      credential.upstream,
      inert(credential.app?.name ?? '–'),
      credential.billed_by,
      `…${inert(credential.secret_hint)}`,
      momentText(Date.parse(credential.rotated_at)),
      credential.findings.map(({ kind }) => FINDINGS[kind] ?? inert(kind)).join(', '),
    ]);
    const head = ['Name', 'Upstream', 'App', 'Billed by', 'Secret', 'Secret of', ''];
    const text = rows.length === 0 ? 'No credentials yet.' : tableText({ head, rows });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};
