/** Meta apps, as the API shows and takes them. */
import { z } from 'zod';
import { component, flag, metaId, secret, strict, timestamp } from './field.ts';
import { pageOf } from './page.ts';

export const app = component(
  'App',
  z.object({
    id: z.string(),
    name: z.string(),
    meta_app_id: z.string(),
    ours: z.boolean(),
    has_secret: z.boolean(),
    created_at: timestamp,
    updated_at: timestamp,
  }),
);

export const appDetails = component(
  'AppDetails',
  app.extend({
    webhook: z
      .object({
        path: z.string(),
        verify_token: z.string().meta({ description: 'What Meta is to ask with, once.' }),
      })
      .nullable()
      .meta({ description: 'Where Meta sends its webhooks; null without the secret.' }),
  }),
);

export const appPage = component('AppPage', pageOf(app));

export const putApp = component(
  'PutApp',
  strict({
    meta_app_id: metaId.meta({ description: 'The id that Meta gave the app.' }),
    ours: flag(true).meta({ description: 'False for an app that belongs to a provider.' }),
    secret: secret.nullable().optional().meta({
      description:
        'The app secret, with which calls carry a proof. Left out, it stays; null removes it.',
      writeOnly: true,
    }),
  }),
);
