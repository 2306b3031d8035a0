/** Lets go of messages that waited for siblings, once these were read, or after a while. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Deps } from '#monitor/deps.ts';
import { walkOpen } from './walk-open.ts';
import { isGathering } from './gather.ts';

/** Throws Problem `store_unavailable`. */
export async function gatherRound(deps: Deps, closing: AbortSignal): Promise<void> {
  for await (const incident of walkOpen(deps, closing, { isGathering: true })) {
    const now = deps.clock.now();
    const isWaiting = await deps.store.read((view) => isGathering(view, incident, now));
    if (!isWaiting) await release(deps, incident, now);
  }
}

async function release({ store }: Deps, { id }: Incident, now: number): Promise<void> {
  await store.change(async (tx) => {
    const found = await tx.incidents.find(id);
    const incident = found && (await tx.incidents.openOf(found.cause, found.capability));
    if (incident === null || incident.id !== id) return;
    await tx.incidents.replace({ ...incident, gatherUntil: null });
    await tx.outbox.release(id, now);
  });
}
