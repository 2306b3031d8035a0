import { decisionCommand } from '#cli/decision-command.ts';

export const channelPause = decisionCommand({
  verb: 'pause',
  summary: 'Pause channels: no check of them is scheduled until they are resumed.',
  is: 'paused',
  decide: (client, request) => client.pauseChannels(request),
});
