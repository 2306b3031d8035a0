/** Whether a seal key fits what is stored, found out before it is needed. */
import { Problem } from '#domain/problem.ts';
import type { Db } from './engine.ts';
import { placeOfSecrets } from './receivers.ts';
import type { SealedPlace, Sealer } from './sealing.ts';

export interface SealedValue {
  readonly place: SealedPlace;
  readonly sealed: string;
}

/** The first schema with a table of receivers. */
const RECEIVERS_SINCE = 3;

/** One stored value of each sealed column; empty when nothing sealed is stored. */
export async function sealedSamplesOf(
  db: Db,
  schemaVersion: number,
): Promise<readonly SealedValue[]> {
  const samples: SealedValue[] = [];
  for (const table of ['credentials', 'apps'] as const) {
    const rows = db.selectFrom(table).select(['id', 'secret']).where('secret', 'is not', null);
    const row = await rows.limit(1).executeTakeFirst();
    if (row === undefined || row.secret === null) continue;
    samples.push({ place: { table, row: row.id, column: 'secret' }, sealed: row.secret });
  }
  if (schemaVersion < RECEIVERS_SINCE) return samples;
  const receivers = db.selectFrom('receivers').select(['id', 'secrets']).limit(1);
  const row = await receivers.executeTakeFirst();
  if (row === undefined) return samples;
  return [...samples, { place: placeOfSecrets(row.id), sealed: row.secrets }];
}

/** Problem `cannot_start` when the key does not open what is stored. */
export function refuseWrongKey(sealer: Sealer, samples: readonly SealedValue[]): void {
  for (const { place, sealed } of samples) {
    try {
      sealer.open(place, sealed);
    } catch (cause) {
      const sealedBy = sealed.split('.')[1];
      throw new Problem(
        'cannot_start',
        `The seal key is not the one that sealed the stored secrets: it has the id ${sealer.keyId}, ` +
          `theirs is ${sealedBy}. Give the key that belongs to this database.`,
        { cause },
      );
    }
  }
}
