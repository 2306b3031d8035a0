import { decisionCommand } from '#cli/decision-command.ts';
import { hasFlag } from '#cli/flags.ts';
import { UsageError } from '#cli/usage-error.ts';

export const channelRetire = decisionCommand({
  verb: 'retire',
  summary: 'Stop watching numbers that are given up; their keys end, their history stays.',
  is: 'retired',
  decide: (client, request) => client.retireChannels(request),
  configure(command) {
    command.option('--yes', 'Needed with --label: it may be many.');
  },
  prepare(args, flags) {
    if (args.length > 0 || hasFlag(flags, 'yes')) return;
    throw new UsageError(
      'With --label this retires every channel that carries it, and their keys end: look at them with ' +
        '"waba-health channels list --label …", then say --yes.',
    );
  },
});
