/** The commands that decide one thing about many channels: pause, resume, retire. */
import type { Command } from 'commander';
import type { Answer, Request } from '#api/call.ts';
import { DECIDED_MAX } from '#api/decision.ts';
import type { Client } from '#client/create-client.ts';
import { addChoiceFlags, chosenChannels, requireChoice } from './channel-choice.ts';
import type { ClientCommand, Printed } from './client-command.ts';
import type { Flags } from './connect.ts';
import { EXIT_OK, EXIT_REFUSED } from './exit-code.ts';
import { textFlag } from './flags.ts';
import { inert } from './text/inert.ts';

type Decided = Answer<'pauseChannels'>['body']['items'][number];

export interface Decision {
  readonly verb: string;
  readonly summary: string;
  /** What a channel is afterwards: `paused`. */
  readonly is: string;
  readonly decide: (
    client: Client,
    request: Request<'pauseChannels'>,
  ) => Promise<Answer<'pauseChannels'>>;
  readonly configure?: (command: Command) => void;
  readonly prepare?: (args: readonly string[], flags: Flags) => void;
}

export function decisionCommand(decision: Decision): ClientCommand {
  return {
    signature: `${decision.verb} [channels...]`,
    summary: decision.summary,
    configure(command) {
      addChoiceFlags(command);
      command.option('--reason <text>', 'Why, in your words; history keeps it.');
      decision.configure?.(command);
    },
    prepare(args, flags) {
      requireChoice(args, flags);
      decision.prepare?.(args, flags);
    },
    async run(call) {
      const channels = await chosenChannels(call);
      const reason = textFlag(call.flags, 'reason') ?? null;
      const items: Decided[] = [];
      for (let from = 0; from < channels.length; from += DECIDED_MAX) {
        const lot = channels.slice(from, from + DECIDED_MAX);
        const { body } = await decision.decide(call.client, { body: { channels: lot, reason } });
        items.push(...body.items);
      }
      return printed(items, decision);
    },
  };
}

function printed(items: readonly Decided[], { is }: Decision): Printed {
  const changed = items.filter((item) => item.changed);
  const same = items.filter((item) => !item.changed && item.problem === null);
  const refused = items.flatMap(({ ref, problem }) => (problem === null ? [] : [{ ref, problem }]));
  const lines = [
    items.length === 0 ? 'No channel carries these labels.' : '',
    changed.length === 1 ? `${inert(changed[0]?.channel?.name ?? '')} is ${is}.` : '',
    changed.length > 1 ? `${changed.length} channels are ${is}.` : '',
    same.length > 0 ? `${same.length} ${same.length === 1 ? 'was' : 'were'} ${is} already.` : '',
    ...refused.map(({ ref, problem }) => `${inert(ref)}: ${inert(problem.detail)}`),
  ];
  return {
    json: { items },
    text: lines.filter((line) => line !== '').join('\n'),
    exitCode: refused.length > 0 ? EXIT_REFUSED : EXIT_OK,
  };
}
