/** A row of what `npm run soak matrix` does: a kill -9 at each step, and of the one of two replicas that sends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import type { CellReport } from './kill-matrix.ts';
import { auditCell, DEATHS, killTheHolder, runKillMatrix } from './kill-matrix.ts';
import { postgresGround, sqliteGround } from './kill-rounds.ts';

test('a kill -9 at any step loses no alert, and doubles none for who honours ids', async () => {
  await using ground = sqliteGround();
  auditAll(await runKillMatrix(ground, 'works'));
});

withPostgres((server) => {
  test('a kill -9 at any step loses and doubles no alert on PostgreSQL either', async () => {
    await using ground = await postgresGround(server());
    auditAll(await runKillMatrix(ground, 'works'));
  });

  test('of two replicas the one that sends is killed: one alert for who honours ids, else two', async () => {
    await using ground = await postgresGround(server());
    const report = await killTheHolder(ground);
    assert.deepEqual(report.states, ['delivered']);
    assert.equal(new Set(report.taken).size, 1);
    assert.equal(report.taken.length, 2);
  });
});

test('the audit of kills bites: an alert lost, owed, doubled or told with a second id is noticed', () => {
  const cell: CellReport = { death: 'finished', taken: ['dl_1'], states: ['delivered'] };
  auditCell('works', cell);
  auditCell('is_gone', { ...cell, taken: [], states: ['dead'] });
  auditCell('works', { ...cell, death: 'taken', taken: ['dl_1', 'dl_1'] });
  const wrong: readonly Partial<CellReport>[] = [
    { taken: [] },
    { states: [] },
    { states: ['pending'] },
    { states: ['dead'] },
    { taken: ['dl_1', 'dl_1'] },
    { taken: ['dl_1', 'dl_2'] },
    { death: 'taken' },
  ];
  for (const about of wrong) {
    assert.throws(() => auditCell('works', { ...cell, ...about }), JSON.stringify(about));
  }
});

function auditAll(cells: readonly CellReport[]): void {
  assert.deepEqual(
    cells.map(({ death }) => death),
    DEATHS,
  );
  for (const cell of cells) auditCell('works', cell);
}
