/** What was so before we watched is told in one summary, once nothing more of it comes. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Deps } from '#monitor/deps.ts';
import { announceBaseline } from '#monitor/telling/announce.ts';
import { walkOpen } from './walk-open.ts';

/** Quiet for so long: the import is through. And the longest that anybody waits for that. */
const QUIET_MS = 300_000;
const WAIT_MS_MAX = 3_600_000;
const TOLD_MAX = 500;

/** Throws Problem `store_unavailable`, and the reason of `closing`. */
export async function baselineRound(deps: Deps, closing: AbortSignal): Promise<void> {
  const told = await deps.store.read((view) => view.settings.get('baseline_told'));
  const last = Number(told ?? 0);
  const untold: Incident[] = [];
  for await (const incident of walkOpen(deps, closing)) {
    if (incident.isBaseline && incident.number > last) untold.push(incident);
    if (untold.length >= TOLD_MAX) break;
  }
  const [first] = untold;
  if (first === undefined) return;
  const now = deps.clock.now();
  const newest = Math.max(...untold.map(({ openedAt }) => openedAt));
  if (now - newest < QUIET_MS && now - first.openedAt < WAIT_MS_MAX) return;
  await deps.store.change(async (tx) => {
    if ((await tx.settings.get('baseline_told')) !== told) return;
    const highest = Math.max(...untold.map(({ number }) => number));
    await tx.settings.put('baseline_told', String(highest));
    await announceBaseline(tx, deps, untold);
  });
}
