/** What SQLite does in its own way. */
import { sql } from 'kysely';
import type { Engine } from '#stores/sql/engine.ts';

export const SQLITE: Engine = {
  text: 'text',
  integer: 'integer',
  bytes: 'blob',
  // Strict: a value of the wrong type is refused, as on every other engine.
  tableOptions: sql`strict`,
  // The directory is locked for one program, and its one connection that writes has the database.
  rowLocks: false,
  elementsOf: (json) => sql`json_each(${json})`,
  announce: () => Promise.resolve(),
  // `begin immediate` has taken the only write lock there is.
  lockSchema: () => Promise.resolve(),
};
