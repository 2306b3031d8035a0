/** What SQLite does in its own way. */
import { sql } from 'kysely';
import type { Engine } from '#stores/sql/engine.ts';

export const SQLITE: Engine = {
  text: 'text',
  integer: 'integer',
  bytes: 'blob',
  // Strict: a value of the wrong type is refused, as on every other engine.
  tableOptions: sql`strict`,
  // `begin immediate` has taken the only write lock there is.
  lockSchema: () => Promise.resolve(),
};
