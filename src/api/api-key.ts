/** API keys: each opens one channel on the public route. Only the answer that makes one shows it. */
import { z } from 'zod';
import { component, moment, oneOf, strict, timestamp } from './field.ts';
import { pageOf } from './page.ts';

const origin = oneOf(['issued', 'adopted']);

const fields = {
  id: z.string(),
  channel_id: z.string(),
  origin,
  hint: z.string().meta({
    description: 'The first 7 characters of an issued key, the last 4 of an adopted one.',
  }),
  created_at: timestamp,
  expires_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
};

const apiKey = component('ApiKey', z.object(fields));

export const apiKeyPage = component('ApiKeyPage', pageOf(apiKey));

export const addApiKey = component(
  'AddApiKey',
  strict({
    origin: origin.default('issued').meta({
      description:
        '`issued`: a new key of ours. `adopted`: the 360dialog key of the channel opens it too.',
    }),
    expires_at: moment
      .nullable()
      .default(null)
      .meta({ description: 'When it stops to open anything; null for never.' }),
  }),
);

export const addedApiKey = component(
  'AddedApiKey',
  z.object({
    ...fields,
    text: z.string().nullable().meta({
      description: 'The key itself, shown this once; null for an adopted one.',
    }),
  }),
);
