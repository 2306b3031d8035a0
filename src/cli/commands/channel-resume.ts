import { decisionCommand } from '#cli/decision-command.ts';

export const channelResume = decisionCommand({
  verb: 'resume',
  summary: 'Resume paused channels; they are checked at once.',
  is: 'watched',
  decide: (client, request) => client.resumeChannels(request),
});
