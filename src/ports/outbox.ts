/** The outbox: messages that are owed, those that were sent, and those that were not, each with its reason. */
import type { DeliveryId, IncidentId, ReceiverId } from '#domain/id.ts';
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryKind,
  DeliveryState,
} from '#domain/telling/delivery.ts';
import type { Page, PageRequest } from './page.ts';

export interface DeliveryFilter {
  readonly incidentId?: IncidentId;
  readonly receiverId?: ReceiverId;
  readonly states?: readonly DeliveryState[];
}

export interface OutboxView {
  find(id: DeliveryId): Promise<Delivery | null>;
  /** Newest first. */
  list(page: PageRequest, filter: DeliveryFilter): Promise<Page<Delivery>>;
  /** All about one incident for one receiver, oldest first; at most 500. */
  about(incidentId: IncidentId, receiverId: ReceiverId): Promise<readonly Delivery[]>;
  /** Oldest first. */
  attemptsOf(id: DeliveryId): Promise<readonly DeliveryAttempt[]>;
  /** The newest of this kind for a receiver; null without one. Looks at all that is kept of the receiver. */
  newestOf(receiverId: ReceiverId, kind: DeliveryKind): Promise<Delivery | null>;
  /** How many messages were delivered to a receiver at `since` or later. */
  deliveredSince(receiverId: ReceiverId, since: number): Promise<number>;
  /**
   * When the oldest pending one was due, ms UTC; null when none is due at `now`. Those that wait for something else
   * do not count: for a receiver that is held, or for an earlier one about the same incident.
   */
  oldestDueAt(now: number): Promise<number | null>;
  /** Counts every one of them: for `Store.scan`. */
  countsByState(): Promise<Readonly<Record<DeliveryState, number>>>;
}

export interface OutboxChange extends OutboxView {
  /** Adds; one of the same (incident, receiver, kind, seq) that is there already is left as it is. At most 500. */
  add(deliveries: readonly Delivery[]): Promise<void>;
  /**
   * Claims up to `limit` pending ones that are due and not leased, oldest first: `claim + 1` and a lease. Of one
   * (incident, receiver) only the first in order, and none while another of them is leased; none for a receiver
   * that is held. The first that is not due yet keeps the others of its pair waiting. Two programs never get the
   * same one; while one of them claims for a receiver, the other gets nothing for it.
   */
  claimDue(about: {
    readonly now: number;
    readonly limit: number;
    readonly leaseMs: number;
    /**
     * No receiver has more leased at a time, whoever leased them, so that one that hangs does not take every
     * place. Any number unless given.
     */
    readonly perReceiver?: number;
  }): Promise<readonly Delivery[]>;
  /** Pending ones of a receiver that are due, leased by nobody, oldest first; locked until the change ends. */
  dueOf(
    receiverId: ReceiverId,
    about: { readonly now: number; readonly limit: number; readonly group?: string },
  ): Promise<readonly Delivery[]>;
  /**
   * Writes how a claim ended. False, and nothing is written, when another claim was made since (the fence) or
   * it is no longer pending.
   */
  finish(delivery: Delivery): Promise<boolean>;
  /**
   * Replaces state, reason, `nextAt`, `mergedInto` of at most 500, but of none that is leased at `now` or that
   * was delivered. What had ended and is `pending` again begins anew, without attempts. Gives how many were changed.
   */
  settle(
    ids: readonly DeliveryId[],
    about: { readonly now: number } & Pick<Delivery, 'state' | 'reason'> &
      Partial<Pick<Delivery, 'nextAt' | 'mergedInto'>>,
  ): Promise<number>;
  /** Remembers it; of a delivery that is gone it is forgotten. */
  addAttempt(attempt: DeliveryAttempt): Promise<void>;
  /**
   * Makes what waits for an incident's siblings due at `now`: each `opened` that was not attempted yet and is not
   * gathered into a group, whose window stands.
   */
  release(incidentId: IncidentId, now: number): Promise<void>;
  /**
   * Makes what a receiver refused before, and what waits for its next try, due at `now`: up to 500, the earliest
   * first. What is told again and again keeps its times. Gives how many there were.
   */
  hasten(receiverId: ReceiverId, now: number): Promise<number>;
  /** Erases ended ones that were created before this, with their attempts, up to `limit`. Gives how many. */
  prune(about: { readonly before: number; readonly limit: number }): Promise<number>;
}
