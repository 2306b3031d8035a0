/** `channels unwatched`: what can be seen and is not watched, and what is watched and no longer seen. */
import type { Answer } from '#api/call.ts';
import type { ClientCommand } from '#cli/client-command.ts';
import { textFlag } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';
import { ageText } from '#domain/moment-text.ts';

type Seen = Answer<'listSeenNumbers'>['body']['items'][number];

export const channelUnwatched: ClientCommand = {
  signature: 'unwatched',
  summary: 'List numbers that nobody watches, that are no longer seen, or that moved.',
  configure(command) {
    command.option('--credential <ref>', 'Only what this credential can see.');
    addLimitFlag(command);
  },
  async run({ client, flags, terminal }) {
    const credential = textFlag(flags, 'credential');
    const filter = credential === undefined ? {} : { credential };
    const { items, note } = await readList(
      flags,
      async (page) => (await client.listSeenNumbers({ query: { ...page, ...filter } })).body,
    );
    const rows = items.map((seen) => [
      inert(seen.display_number ?? '–'),
      inert(seen.verified_name ?? '–'),
      inert(seen.node_id),
      inert(seen.waba_id),
      inert(seen.credential.name),
      standingText(seen, terminal.now()),
    ]);
    const head = ['Number', 'Verified name', 'Node', 'WABA', 'Seen by', ''];
    const text =
      rows.length === 0
        ? 'Every number that was seen is watched. Graph credentials are looked through once a day; ' +
          'to look now: waba-health channels discover --credential <name>'
        : tableText({ head, rows });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};

function standingText({ standing, channel, first_seen_at, gone_at }: Seen, now: number): string {
  const name = inert(channel?.name ?? '');
  if (standing === 'gone' && gone_at !== null) {
    return `${name} is no longer seen for ${ageText(now - Date.parse(gone_at))}`;
  }
  if (standing === 'moved') return `${name} is under another WABA now`;
  if (standing !== 'unwatched') return inert(standing);
  return `not watched, seen for ${ageText(now - Date.parse(first_seen_at))}`;
}
