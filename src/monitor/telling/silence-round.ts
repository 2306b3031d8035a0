/** When a silence ends, what it withheld and what is still open is told to whoever would have heard of it. */
import type { Silence } from '#domain/telling/silence.ts';
import type { IncidentId } from '#domain/id.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import { walkOpen } from '#monitor/incidents/walk-open.ts';
import type { StoreView } from '#ports/store.ts';
import { announce } from './announce.ts';
import type { TellingDeps } from './deliver-means.ts';

/** Acts on silences that are over. Throws Problem `store_unavailable`, and the reason of `closing`. */
export async function silenceRound(deps: TellingDeps, closing: AbortSignal): Promise<void> {
  const { store, clock } = deps;
  for (const silence of await store.read((view) => view.silences.over(clock.now()))) {
    for await (const incident of walkOpen(deps, closing)) {
      await tellAfter(deps, { silence, id: incident.id });
    }
    // Only now: a program that dies before leaves it to the next.
    await store.change((tx) => tx.silences.replace({ ...silence, endedAt: clock.now() }));
  }
}

async function tellAfter(
  deps: TellingDeps,
  about: { readonly silence: Silence; readonly id: IncidentId },
): Promise<void> {
  const { store, clock } = deps;
  if (!(await store.read((view) => isOwed(view, about)))) return;
  await store.change(async (tx) => {
    const found = await tx.incidents.find(about.id);
    const incident = found && (await tx.incidents.openOf(found.cause, found.capability));
    if (incident === null || incident.id !== about.id || !(await isOwed(tx, about))) return;
    const at = clock.now();
    const isFor = (before: readonly Delivery[]) => isWithheldBy(before, about.silence);
    await announce(tx, deps, { incident, kind: 'silence_ended', at, isFor });
  });
}

/** Whether somebody was not told because of it, and is not told since. */
async function isOwed(
  view: StoreView,
  { silence, id }: { readonly silence: Silence; readonly id: IncidentId },
): Promise<boolean> {
  for (const receiver of await view.receivers.all()) {
    if (isWithheldBy(await view.outbox.about(id, receiver.id), silence)) return true;
  }
  return false;
}

/** The last that was decided about it was that this silence withholds it. */
function isWithheldBy(before: readonly Delivery[], { id }: Silence): boolean {
  const last = before.findLast(({ kind }) => kind !== 'resolved' && kind !== 'reminder');
  return last?.state === 'withheld' && last.about === id;
}
