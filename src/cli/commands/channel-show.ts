import type { Answer } from '#api/call.ts';
import type { ClientCommand } from '#cli/client-command.ts';
import { factsText } from '#cli/text/facts.ts';
import { healthText } from '#cli/text/health-text.ts';
import { profileText } from '#cli/text/profile-text.ts';

type Channel = Answer<'getChannel'>['body'];

export const channelShow: ClientCommand = {
  signature: 'show <channel>',
  summary: 'Show a channel and what is known of it, without asking anybody.',
  async run({ client, terminal, args: [ref = ''] }) {
    const [channel, health] = await Promise.all([
      client.getChannel({ params: { ref } }),
      client.getChannelHealth({ params: { ref } }),
    ]);
    const options = { style: terminal.style, width: terminal.width, now: terminal.now() };
    return {
      json: { ...channel.body, health: health.body },
      text: [
        healthText(health.body, options),
        channelFacts(channel.body),
        profileText(channel.body.profile),
      ].join('\n\n'),
    };
  },
};

function channelFacts(channel: Channel): string {
  const labels = Object.entries(channel.labels).map(([name, value]) => `${name}=${value}`);
  return factsText({
    Id: channel.id,
    Upstream: channel.upstream,
    Credential: channel.credential.name,
    Node: channel.node_id,
    Number: channel.identity?.phone_number_id ?? null,
    WABA: channel.identity?.waba_id ?? null,
    Business: channel.identity?.business_id ?? null,
    'External id': channel.external_id,
    Labels: labels.join(', '),
    Interval: `${channel.check_interval_seconds} s`,
    Added: channel.created_at,
    Paused: channel.paused_at,
    'Watched until': channel.archived_at,
  });
}
