/** Credentials: what lets us ask. Their secrets go in and never come out. */
import { z } from 'zod';
import {
  billedBy,
  component,
  link,
  openWord,
  ref,
  secret,
  strict,
  timestamp,
  upstream,
} from './field.ts';
import { channelHealth } from './channel-health.ts';
import { pageOf } from './page.ts';
import { failure, finding } from './verdict.ts';

const tokenFacts = component(
  'TokenFacts',
  z.object({
    meta_app_id: z.string().nullable(),
    type: openWord(['SYSTEM_USER', 'USER', 'PAGE']).nullable(),
    is_valid: z.boolean().nullable(),
    expires_at: timestamp.nullable().meta({ description: 'Null: it does not end.' }),
    data_access_expires_at: timestamp.nullable(),
    scopes: z.array(z.string()).nullable().meta({ description: 'Null: Meta lists none at all.' }),
    read_at: timestamp.nullable(),
    failure: failure
      .nullable()
      .meta({ description: 'Why the newest inspection told nothing; null when it did.' }),
  }),
);

export const credential = component(
  'Credential',
  z.object({
    id: z.string(),
    name: z.string(),
    upstream,
    app: link.nullable().meta({ description: 'The app of a Graph token, where known.' }),
    billed_by: billedBy,
    secret_hint: z.string().meta({ description: 'The last four characters of the secret.' }),
    token_facts: tokenFacts
      .nullable()
      .meta({ description: 'What Meta says about a Graph token; null until it was asked.' }),
    findings: z
      .array(finding)
      .meta({ description: 'What there is to say about the token; no status depends on it.' }),
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
