/** Tallies of reads: a few rows for each program, of the last minutes. */
import type { Selectable } from 'kysely';
import type { TalliesChange, TalliesView, Tally } from '#ports/tallies.ts';
import type { Db } from './engine.ts';
import type { UpstreamTalliesTable } from './schema-budgets.ts';

const ROWS_MAX = 500;

export function talliesView(db: Db): TalliesView {
  return {
    async since(since) {
      const rows = await db
        .selectFrom('upstream_tallies')
        .selectAll()
        .where('slice_at', '>=', since)
        .limit(ROWS_MAX)
        .execute();
      return rows.map(tallyOf);
    },
  };
}

export function talliesChange(db: Db): TalliesChange {
  return {
    ...talliesView(db),
    async put(tallies, keepSince) {
      await db.deleteFrom('upstream_tallies').where('slice_at', '<', keepSince).execute();
      for (const tally of tallies) {
        const { upstream, slice_at, program, ...counts } = rowOf(tally);
        await db
          .insertInto('upstream_tallies')
          .values({ upstream, slice_at, program, ...counts })
          .onConflict((conflict) =>
            conflict.columns(['upstream', 'slice_at', 'program']).doUpdateSet(counts),
          )
          .execute();
      }
    },
  };
}

function tallyOf(row: Selectable<UpstreamTalliesTable>): Tally {
  return {
    upstream: row.upstream,
    sliceAt: row.slice_at,
    program: row.program,
    reads: row.reads,
    failed: row.failed,
    subjects: row.subjects,
    failedSubjects: row.failed_subjects,
    unreachable: row.unreachable,
  };
}

function rowOf(tally: Tally): UpstreamTalliesTable {
  return {
    upstream: tally.upstream,
    slice_at: tally.sliceAt,
    program: tally.program,
    reads: tally.reads,
    failed: tally.failed,
    subjects: tally.subjects,
    failed_subjects: tally.failedSubjects,
    unreachable: tally.unreachable,
  };
}
