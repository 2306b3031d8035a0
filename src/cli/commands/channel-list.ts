import type { Answer } from '#api/call.ts';
import type { Style } from '#cli/text/style.ts';
import type { Flags } from '#cli/connect.ts';
import { UsageError } from '#cli/usage-error.ts';
import { STATUSES } from '#domain/status.ts';
import type { ClientCommand } from '#cli/client-command.ts';
import { collected, hasFlag, labelFlags, textFlag } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { inert } from '#cli/text/inert.ts';
import { unknownReasonText } from '#cli/text/health-words.ts';
import { tableText } from '#cli/text/layout.ts';
import { ageText, momentText } from '#domain/moment-text.ts';

type Channel = Answer<'listChannels'>['body']['items'][number];

export const channelList: ClientCommand = {
  signature: 'list',
  summary: 'List the channels with their status.',
  configure(command) {
    command
      .option('--label <name=value>', 'Only with this label; can be given again.', collected)
      .option('--credential <ref>', 'Only those that use this credential.')
      .option(
        '--status <status>',
        `Only those whose last change told this status: ${STATUSES.join(', ')}. ` +
          'One that is outdated by now is among them and shows UNKNOWN.',
      )
      .option('--archived', 'List those that were removed or retired.');
    addLimitFlag(command);
  },
  prepare(_args, flags) {
    labelFlags(flags);
    statusFlag(flags);
  },
  async run({ client, flags, terminal }) {
    const label = Object.entries(labelFlags(flags)).map(([name, value]) => `${name}=${value}`);
    const credential = textFlag(flags, 'credential');
    const status = statusFlag(flags);
    const filter = {
      label,
      ...(status === undefined ? {} : { status }),
      archived: hasFlag(flags, 'archived'),
      ...(credential === undefined ? {} : { credential }),
    };
    const { items, note } = await readList(
      flags,
      async (page) => (await client.listChannels({ query: { ...filter, ...page } })).body,
    );
    const text =
      items.length > 0
        ? listText(items, terminal.style, terminal.now())
        : status === undefined
          ? 'No channels here. Add one: waba-health channels add <name> --dialog360 < key'
          : `No channel here is ${status}.`;
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};

function statusFlag(flags: Flags): (typeof STATUSES)[number] | undefined {
  const text = textFlag(flags, 'status')?.toUpperCase();
  if (text === undefined) return undefined;
  const status = STATUSES.find((one) => one === text);
  if (status !== undefined) return status;
  throw new UsageError(`--status must be one of ${STATUSES.join(', ')}.`);
}

function listText(channels: readonly Channel[], style: Style, now: number): string {
  const rows = channels.map((channel) => [
    inert(channel.name),
    inert(numberOf(channel)),
    inert(channel.verified_name ?? '–'),
    channel.status.messaging,
    channel.status.calling ?? '–',
    noteOf(channel, now),
  ]);
  const paint = (cell: string, column: number) =>
    column === 3 || column === 4 ? style.status(cell) : cell;
  return tableText({
    head: ['Name', 'Number', 'Verified name', 'Messaging', 'Calling', ''],
    rows,
    paint,
  });
}

/** The number as people know it, or its id until that was read. */
function numberOf({ display_number, identity, node_id }: Channel): string {
  return display_number ?? identity?.phone_number_id ?? node_id ?? '–';
}

function noteOf({ status, archived_at, paused_at }: Channel, now: number): string {
  if (archived_at !== null) return `watched until ${momentText(Date.parse(archived_at))}`;
  const notes: string[] = [];
  if (paused_at !== null) notes.push('paused');
  if (status.unknown_reason !== null) notes.push(unknownReasonText(status.unknown_reason));
  if (status.failure !== null) notes.push(`last read failed: ${inert(status.failure)}`);
  if (status.messaging !== 'AVAILABLE' && status.since !== null) {
    notes.push(`for ${ageText(now - Date.parse(status.since))}`);
  }
  return notes.join(', ');
}
