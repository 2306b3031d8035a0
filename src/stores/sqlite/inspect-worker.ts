/** The thread of `inspect.ts`: reads a database from end to end, where nobody waits for it. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';
import { COUNTED_TABLES } from '#ports/maintenance.ts';
import type { Inspection } from './inspect.ts';

const { path, isAlone, isChecked } = workerData;
const url = pathToFileURL(path);
// Nobody else has it open, and no file is made beside it.
if (isAlone) url.searchParams.set('immutable', '1');
const database = new DatabaseSync(url, { readOnly: true, timeout: 5_000 });
database.exec('begin');
const version = database.prepare('select version from schema_version').get()?.['version'];
const counts = COUNTED_TABLES.map((table) => [
  table,
  Number(database.prepare(`select count(*) as rows from ${table}`).get()?.['rows']),
]);
const found = isChecked ? database.prepare('pragma quick_check(1)').get()?.['quick_check'] : 'ok';
database.close();
const inspection: Inspection = {
  schemaVersion: Number(version),
  rows: Object.fromEntries(counts),
  damage: found === 'ok' ? null : String(found),
};
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(inspection);
