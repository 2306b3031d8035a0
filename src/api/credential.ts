/** Credentials: what lets us ask. Their secrets go in and never come out. */
import { z } from 'zod';
import { billedBy, component, link, ref, secret, strict, timestamp, upstream } from './field.ts';
import { channelHealth } from './channel-health.ts';
import { pageOf } from './page.ts';

export const credential = component(
  'Credential',
  z.object({
    id: z.string(),
    name: z.string(),
    upstream,
    app: link.nullable().meta({ description: 'The app of a Graph token, where known.' }),
    billed_by: billedBy,
    secret_hint: z.string().meta({ description: 'The last four characters of the secret.' }),
    created_at: timestamp,
    rotated_at: timestamp.meta({ description: 'When the secret was last replaced.' }),
  }),
);

export const credentialPage = component('CredentialPage', pageOf(credential));

export const appRef = ref
  .nullable()
  .default(null)
  .meta({ description: 'Name or id of the app of a Graph token.' });

export const putCredential = component(
  'PutCredential',
  strict({
    upstream,
    secret: secret.optional().meta({
      description: 'Needed for a new credential. To replace the secret of one, use `rotate`.',
      writeOnly: true,
    }),
    app: appRef,
    billed_by: billedBy.default('unknown'),
  }),
);

export const rotateCredential = component('RotateCredential', strict({ secret }));

export const rotatedCredential = component(
  'RotatedCredential',
  z.object({
    credential,
    health: channelHealth.nullable().meta({
      description:
        'What the channel says that was read with the new secret; null when no channel uses it.',
    }),
  }),
);
