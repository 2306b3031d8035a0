/** Keeps who names which entity: siblings are found by it, and totals counted. */
import type { HealthReport } from '#domain/health-report.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Observation } from './sighted.ts';

/** Writes only where the answer names others than the one before. */
export async function nameEntitiesOf(
  tx: StoreChange,
  { row, channel, outcome }: Observation,
): Promise<void> {
  if (!outcome.ok) return;
  const { report } = outcome.snapshot;
  const before = row.state.good?.report ?? null;
  if (before !== null && named(before) === named(report)) return;
  await tx.channels.nameEntities(channel.id, report.entities);
}

function named({ entities }: HealthReport): string {
  return JSON.stringify(entities.map(({ type, id }) => [type, id]));
}
