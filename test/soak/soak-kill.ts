/** `npm run soak kill [<kills>]`: a hundred kills on each engine. */
import { startPostgres } from '#test/fakes/postgres.ts';
import { whyNoPostgres } from '#test/fakes/postgres-binaries.ts';
import type { KillGround } from './kill-rounds.ts';
import { postgresGround, runKillRounds, sqliteGround } from './kill-rounds.ts';

const KILLS = 100;
const TOLD_EVERY = 10;

export async function soakKill([count = String(KILLS)]: readonly string[]): Promise<void> {
  const killsMin = Number(count);
  {
    await using ground = sqliteGround();
    await soakOn('sqlite', ground, killsMin);
  }
  const reason = whyNoPostgres();
  if (reason !== null) throw new Error(`PostgreSQL was not tried: ${reason}`);
  await using server = await startPostgres();
  await using ground = await postgresGround(server);
  await soakOn('postgres', ground, killsMin);
}

async function soakOn(engine: string, ground: KillGround, killsMin: number): Promise<void> {
  const { kills, acknowledged, transitions } = await runKillRounds(ground, killsMin, (done) => {
    if (done % TOLD_EVERY === 0) process.stdout.write(`${engine}: ${done} of ${killsMin} kills\n`);
  });
  process.stdout.write(
    `kill engine=${engine} kills=${kills} acknowledged=${acknowledged} ` +
      `transitions=${transitions} lost=0 doubled=0\n`,
  );
}
