/** Checks asked for by hand: of a channel, or of any node that a credential can see. */
import { z } from 'zod';
import { component, metaId, ref, strict, timestamp } from './field.ts';
import { failure, judgement } from './verdict.ts';

export const checkChannel = component('CheckChannel', strict({}));

export const checkNode = component(
  'CheckNode',
  strict({
    credential: ref.meta({ description: 'Name or id of the credential to ask with.' }),
    node_id: metaId.meta({ description: 'A number, WABA, template or flow.' }),
  }),
);

export const nodeHealth = component(
  'NodeHealth',
  z.object({
    node_id: z.string(),
    ...judgement,
    read_at: timestamp.nullable().meta({ description: 'Null when the read failed.' }),
    failure: failure.nullable(),
  }),
);
