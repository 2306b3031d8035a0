/** The store behind the server, and copies of it. */
import { z } from 'zod';
import { component, openWord, strict } from './field.ts';

const count = z.int().nonnegative();

const rows = component(
  'RowCounts',
  z.object({
    channels: count.meta({ description: 'Archived ones included.' }),
    credentials: count,
    apps: count,
    api_keys: count,
    transitions: count,
    bodies: count,
  }),
);

export const store = component(
  'Store',
  z.object({
    engine: openWord(['sqlite', 'postgres']),
    schema_version: count,
    location: z.string(),
    bytes: count.nullable().meta({ description: 'On the disk; null where it is not told.' }),
    rows,
  }),
);

export const makeBackup = component(
  'MakeBackup',
  strict({
    to: z
      .string({ error: 'must be a path' })
      .min(1, { error: 'must be a path' })
      .max(1_000, { error: 'must be a path of at most 1,000 characters' })
      .regex(/^[^\0]*$/, { error: 'must be a path' })
      .nullable()
      .default(null)
      .meta({
        description:
          'An absolute path on the server, to a file that does not exist yet. Null: a name of its ' +
          'own in `backups` of the data directory.',
      }),
  }),
);

export const backup = component(
  'Backup',
  z.object({
    path: z.string().meta({ description: 'On the server.' }),
    bytes: count,
    schema_version: count,
    rows,
    took_seconds: z.number().nonnegative(),
  }),
);
