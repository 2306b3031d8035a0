/** `uptime`: how long a channel and its entities were up, or a line for each channel. */
import type { Client } from '#client/create-client.ts';
import type { ClientCommand } from '#cli/client-command.ts';
import type { Flags } from '#cli/connect.ts';
import { momentFlag } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { fleetUptimeText, uptimeText } from '#cli/text/uptime-text.ts';
import type { ChannelUptime } from '#cli/text/uptime-text.ts';

/** How many channels are asked for at a time. */
const AT_ONCE = 4;

export const uptime: ClientCommand = {
  signature: 'uptime [channel]',
  summary: 'Tell how long a channel was up, and how much of the time was seen; or each of them.',
  configure(command) {
    command
      .option('--from <when>', 'From: a time in UTC, a day, or how long ago. Default: 30d.')
      .option('--until <when>', 'Until this moment. Default: now.');
    addLimitFlag(command);
  },
  prepare(_args, flags) {
    // Any moment will do: only its form is looked at here.
    rangeOf(flags, 0);
  },
  async run({ client, args: [ref], flags, terminal }) {
    const query = rangeOf(flags, terminal.now());
    if (ref !== undefined) {
      const { body } = await client.getChannelUptime({ params: { ref }, query });
      return { json: body, text: uptimeText(body, terminal) };
    }
    const { items: channels, note } = await readList(
      flags,
      async (page) => (await client.listChannels({ query: page })).body,
    );
    const items: ChannelUptime[] = [];
    for (let at = 0; at < channels.length; at += AT_ONCE) {
      const some = channels.slice(at, at + AT_ONCE);
      items.push(...(await Promise.all(some.map(({ id }) => uptimeOf(client, id, query)))));
      terminal.progress(`${items.length} of ${channels.length} channels`);
    }
    terminal.progress('');
    const text = items.length === 0 ? 'No channels here.' : fleetUptimeText(items);
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};

type Range = ReturnType<typeof rangeOf>;

async function uptimeOf(client: Client, ref: string, query: Range): Promise<ChannelUptime> {
  return (await client.getChannelUptime({ params: { ref }, query })).body;
}

function rangeOf(flags: Flags, now: number) {
  const from = momentFlag(flags, 'from', now);
  const until = momentFlag(flags, 'until', now);
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}
