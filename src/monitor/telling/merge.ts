/** Turns several deliveries to one receiver into one summary that tells of all their incidents. */
import type { IncidentId } from '#domain/id.ts';
import type { Severity } from '#domain/incidents/incident.ts';
import { SEVERITIES } from '#domain/incidents/incident.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { StoreChange } from '#ports/store.ts';
import type { DeliverMeans } from './deliver-means.ts';
import { draftOf } from './draft.ts';

/** What is due for one receiver is looked at, within one change. */
export interface Choosing {
  readonly tx: StoreChange;
  readonly means: DeliverMeans;
  readonly receiver: Receiver;
  readonly now: number;
  /** How many this program is sending to it at present. */
  readonly sending: number;
}

export interface Merged {
  /** Those that this program has claimed. */
  readonly claimed: readonly Delivery[];
  /** Those that nobody has. */
  readonly due: readonly Delivery[];
  /** A sentence. */
  readonly why: string;
}

/** The summary is due at once. What it says is decided when it is sent. */
export async function mergeInto(
  { tx, means, receiver, now }: Choosing,
  { claimed, due, why }: Merged,
): Promise<void> {
  const all = [...claimed, ...due];
  const incidents = new Set<IncidentId>(all.flatMap(({ incidentId }) => incidentId ?? []));
  const summary: Delivery = {
    ...draftOf(receiver, {
      id: means.deps.ids.next('dl'),
      incidentId: null,
      kind: 'summary',
      seq: 0,
      severity: worstOf(all),
      at: now,
    }),
    reason: why,
    about: JSON.stringify([...incidents]),
    // It waited as long as the first of them.
    createdAt: Math.min(now, ...all.map(({ createdAt }) => createdAt)),
  };
  await tx.outbox.add([summary]);
  const merged = { state: 'merged', reason: why, mergedInto: summary.id } as const;
  for (const one of claimed) await tx.outbox.finish({ ...one, ...merged });
  const ids = due.map(({ id }) => id);
  if (ids.length > 0) await tx.outbox.settle(ids, { now, ...merged });
}

function worstOf(all: readonly Delivery[]): Severity {
  return SEVERITIES.find((severity) => all.some((one) => one.severity === severity)) ?? 'info';
}
