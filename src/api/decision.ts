/** One decision of a person about many channels, each named. */
import { z } from 'zod';
import { component, link, ref, strict, text } from './field.ts';

/** How many channels one request may name. */
export const DECIDED_MAX = 200;

const CHANNELS = `must be 1 to ${DECIDED_MAX} names or ids of channels`;

const reason = text(
  /^[^\p{Cc}]{1,500}$/u,
  'must be text of 1 to 500 characters without control characters',
)
  .nullable()
  .default(null)
  .meta({ description: 'Why, in your words; history keeps it.' });

export const decideChannels = component(
  'DecideChannels',
  strict({
    channels: z
      .array(ref, { error: CHANNELS })
      .min(1, { error: CHANNELS })
      .max(DECIDED_MAX, { error: CHANNELS }),
    reason,
  }),
);

export const decidedChannels = component(
  'DecidedChannels',
  z.object({
    items: z.array(
      z.object({
        ref: z.string().meta({ description: 'As it was given.' }),
        channel: link.nullable(),
        changed: z.boolean().meta({ description: 'False when it was so already.' }),
        problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
      }),
    ),
  }),
);
