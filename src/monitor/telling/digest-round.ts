/** Plans the weekly digest: once a week for each receiver that is notified, on its Monday morning. */
import { digestDue } from '#domain/telling/digest-week.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { StoreChange } from '#ports/store.ts';
import type { TellingDeps } from './deliver-means.ts';
import { draftOf } from './draft.ts';

/** Throws Problem `store_unavailable`. */
export async function digestRound({ store, clock, ids }: TellingDeps): Promise<void> {
  const receivers = await store.read((view) => view.receivers.all());
  const now = clock.now();
  for (const receiver of receivers) {
    const week = weekFor(receiver, now);
    if (week === null) continue;
    await store.change(async (tx) => {
      // Locked, so that two programs do not plan the same.
      const known = await tx.receivers.find(receiver.id);
      if (known === null || (await isPlanned(tx, known, week))) return;
      const draft = draftOf(known, {
        id: ids.next('dl'),
        incidentId: null,
        kind: 'digest',
        seq: 0,
        severity: 'info',
        at: now,
      });
      await tx.outbox.add([{ ...draft, about: week, reason: 'The weekly digest.' }]);
    });
  }
}

/** The week whose digest this receiver is to get at `now`; one that is younger than that gets none. */
function weekFor({ urgency, settings, zone, createdAt }: Receiver, now: number): string | null {
  if (urgency !== 'notify' || settings['digest'] === 'off') return null;
  const due = digestDue(now, zone);
  return due !== null && createdAt < now - due.dueForMs ? due.week : null;
}

async function isPlanned(tx: StoreChange, { id }: Receiver, week: string): Promise<boolean> {
  return (await tx.outbox.newestOf(id, 'digest'))?.about === week;
}
