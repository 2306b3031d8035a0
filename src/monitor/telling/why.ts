/** Why a receiver was told of an incident, or was not: what was decided, and where nothing was, what would be. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { StoreView } from '#ports/store.ts';
import { triedDecisions } from './dry-run.ts';
import type { TriedDecision } from './dry-run.ts';
import { requireReceiver } from './put-receiver.ts';

/** How many deliveries are told of one receiver: an incident that lasts has a reminder a day. */
const DELIVERIES_MAX = 20;

export interface Told {
  readonly receiver: Receiver;
  /** Oldest first, the last ones of many. */
  readonly deliveries: readonly Delivery[];
  readonly leftOut: number;
  /** Null where something was decided. */
  readonly dryRun: TriedDecision | null;
}

/** A page of receivers in the order of names, or one alone. Throws Problem `not_found` (the receiver). */
export async function explainTelling(
  view: StoreView,
  deps: Pick<Deps, 'clock'>,
  about: {
    readonly incident: Incident;
    /** Name or id; null for all. */
    readonly receiver: string | null;
    readonly page: PageRequest;
  },
): Promise<Page<Told>> {
  const { incident, receiver: ref, page } = about;
  const all = ref === null ? await view.receivers.all() : [await requireReceiver(view, ref)];
  const rest = all.filter(({ name }) => page.after === null || name > page.after);
  const receivers = rest.slice(0, page.limit);
  const decisions = new Map<string, TriedDecision>();
  for (const one of await triedDecisions(view, deps, { incident })) {
    decisions.set(one.receiverId, one);
  }
  const items: Told[] = [];
  for (const receiver of receivers) {
    const deliveries = await view.outbox.about(incident.id, receiver.id);
    const shown = deliveries.slice(-DELIVERIES_MAX);
    const dryRun = deliveries.length > 0 ? null : (decisions.get(receiver.id) ?? null);
    items.push({ receiver, deliveries: shown, leftOut: deliveries.length - shown.length, dryRun });
  }
  const next = rest.length > receivers.length ? (receivers.at(-1)?.name ?? null) : null;
  return { items, next };
}
