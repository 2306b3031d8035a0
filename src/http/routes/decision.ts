import type { Answer, Input } from '#api/call.ts';
import type { HttpContext } from '#http/context.ts';
import type { DecidedChannel } from '#monitor/many-channels.ts';
import type { Monitor } from '#monitor/monitor.ts';
import { pauseChannels, resumeChannels } from '#monitor/pause-channels.ts';
import { retireChannels } from '#monitor/retire-channels.ts';
import type { Handlers } from './handler.ts';

type Name = 'pauseChannels' | 'resumeChannels' | 'retireChannels';

export const decisionRoutes: Handlers<Name> = {
  pauseChannels: ({ body }, context) => decided(pauseChannels, body, context),
  resumeChannels: ({ body }, context) => decided(resumeChannels, body, context),
  retireChannels: ({ body }, context) => decided(retireChannels, body, context),
};

type Decide = (
  monitor: Monitor,
  refs: readonly string[],
  said: { readonly reason: string | null },
) => Promise<readonly DecidedChannel[]>;

async function decided(
  decide: Decide,
  { channels, reason }: Input<'pauseChannels'>['body'],
  { monitor }: HttpContext,
): Promise<Answer<'pauseChannels'>> {
  const told = await decide(monitor, [...new Set(channels)], { reason });
  const items = told.map(({ ref, channel, changed, problem }) => ({
    ref,
    channel: channel && { id: channel.id, name: channel.name },
    changed,
    problem: problem && { code: problem.code, detail: problem.message },
  }));
  return { status: 200, body: { items } };
}
