/** The installation itself. */
import { z } from 'zod';
import { component } from './field.ts';

export const instance = component(
  'Instance',
  z.object({
    instance_id: z.string().nullable(),
    version: z.string(),
    counts: z.object({ channels: z.int() }),
  }),
);
