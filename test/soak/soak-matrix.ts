/** `npm run soak matrix [<rounds>]`: a kill -9 at every step while the receiver fails in every way, on each engine. */
import { startPostgres } from '#test/fakes/postgres.ts';
import { whyNoPostgres } from '#test/fakes/postgres-binaries.ts';
import { RECEIVER_FAULTS } from '#test/fakes/receiver-faults.ts';
import { auditCell, killTheHolder, runKillMatrix } from './kill-matrix.ts';
import type { KillGround } from './kill-rounds.ts';
import { postgresGround, sqliteGround } from './kill-rounds.ts';

const ROUNDS = 1;

export async function soakMatrix([count = String(ROUNDS)]: readonly string[]): Promise<void> {
  const rounds = Number(count);
  await soakOn('sqlite', () => Promise.resolve(sqliteGround()), rounds);
  const reason = whyNoPostgres();
  if (reason !== null) throw new Error(`PostgreSQL was not tried: ${reason}`);
  await using server = await startPostgres();
  const ground = () => postgresGround(server);
  await soakOn('postgres', ground, rounds);
  for (let round = 0; round < rounds; round += 1) {
    await using shared = await ground();
    auditCell('works', await killTheHolder(shared));
  }
  process.stdout.write(`matrix replicas holders_killed=${rounds} lost=0 told_with_two_ids=0\n`);
}

async function soakOn(
  engine: string,
  open: () => Promise<KillGround>,
  rounds: number,
): Promise<void> {
  let [cells, repeated, dead] = [0, 0, 0];
  for (let round = 0; round < rounds; round += 1) {
    for (const fault of RECEIVER_FAULTS) {
      await using ground = await open();
      const reports = await runKillMatrix(ground, fault);
      for (const report of reports) auditCell(fault, report);
      cells += reports.length;
      repeated += reports.filter(({ taken }) => taken.length > 1).length;
      dead += reports.filter(({ states }) => states.includes('dead')).length;
      process.stdout.write(`${engine} × ${fault}: ${reports.length} kills\n`);
    }
  }
  process.stdout.write(
    `matrix engine=${engine} cells=${cells} lost=0 told_with_two_ids=0 ` +
      `repeated_with_one_id=${repeated} listed_as_dead=${dead}\n`,
  );
}
