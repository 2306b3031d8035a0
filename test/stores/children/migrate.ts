/** Migrates the database given, past the lock that keeps two programs apart. */
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '#stores/sql/migrations.ts';
import { kyselyOver } from '#stores/sqlite/connection.ts';
import { SQLITE } from '#stores/sqlite/engine.ts';

const [, , path = ''] = process.argv;
const database = new DatabaseSync(path, { timeout: 30_000 });
await migrate(kyselyOver(database, 'begin immediate'), SQLITE);
database.close();
