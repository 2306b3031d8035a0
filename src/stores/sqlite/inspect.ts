/** Counts and checks a whole database file in a thread of its own: both read every page. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RowCounts } from '#ports/maintenance.ts';
import { translateEngineError } from './engine-error.ts';

export interface Inspection {
  readonly schemaVersion: number;
  readonly rows: RowCounts;
  /** What SQLite finds wrong; null when nothing is, or when it was not asked to look. */
  readonly damage: string | null;
}

export interface InspectionWish {
  readonly path: string;
  /** Whether nobody else has it open. */
  readonly isAlone: boolean;
  /** Whether every page is checked. */
  readonly isChecked: boolean;
}

/** Throws what `translateEngineError` makes of SQLite's error. */
export async function inspectDatabase(wish: InspectionWish): Promise<Inspection> {
  const worker = new Worker(new URL('./inspect-worker.ts', import.meta.url), { workerData: wish });
  try {
    const [inspection]: Inspection[] = await once(worker, 'message');
    if (inspection === undefined) throw new Error('the inspection said nothing');
    return inspection;
  } catch (error) {
    throw translateEngineError(error);
  } finally {
    await worker.terminate();
  }
}
