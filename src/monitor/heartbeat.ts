/**
 * The dead man's switch: a sign of life goes out while the schedule reads and the deliveries leave in time, and stays
 * away while they do not. Each program speaks for its own roles alone: what it cannot know, it cannot vouch for.
 */
import type { Heartbeat } from '#ports/heartbeat.ts';
import type { StoreView } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import type { Monitor } from './monitor.ts';
import type { Repeated } from './repeat.ts';
import { repeat } from './repeat.ts';

/** The schedule looks every quarter of a second: one that found nothing out for so long stands. In ms. */
const LOOK_MS_MAX = 60_000;
/** How long the channel that waits longest may have been due. */
const LAG_MS_MAX = 120_000;
/** How long a message may have been due that nothing but us keeps. */
const DELIVERY_MS_MAX = 300_000;

/** What it looks at. */
interface Vouched {
  readonly deps: Deps;
  readonly schedule: Pick<Monitor['schedule'], 'facts'>;
}

export interface HeartbeatWish {
  readonly heartbeat: Heartbeat;
  readonly everyMs: number;
  /** Whether this program runs the schedule, and whether it delivers. */
  readonly watches: boolean;
  readonly delivers: boolean;
}

/** Begins after the first `everyMs`. What keeps it from going out is told as an event, each time. */
export function startHeartbeat(monitor: Vouched, wish: HeartbeatWish): Repeated {
  const { deps } = monitor;
  return repeat(deps, {
    what: 'sending the heartbeat',
    everyMs: wish.everyMs,
    work: async (closing) => {
      const stalls = await stallsOf(monitor, wish);
      if (stalls.length > 0) {
        deps.events.emit('heartbeat', { outcome: 'withheld', detail: stalls.join(' ') });
        return;
      }
      const trouble = await wish.heartbeat.ping(closing);
      if (closing.aborted) return;
      const outcome = trouble === null ? 'sent' : 'failed';
      deps.events.emit('heartbeat', { outcome, detail: trouble });
    },
  });
}

/** Why nobody should be told that all is well: a sentence each, none when it is. */
async function stallsOf(
  { deps, schedule }: Vouched,
  { watches, delivers }: HeartbeatWish,
): Promise<readonly string[]> {
  const now = deps.clock.now();
  const due = await dueIn(deps).catch(() => null);
  if (due === null) return ['The store does not answer.'];
  const { lookedAt } = schedule.facts();
  const isLooking = lookedAt !== null && now - lookedAt <= LOOK_MS_MAX;
  const isLate = due.channelAt !== null && now - due.channelAt > LAG_MS_MAX;
  const isStuck = due.deliveryAt !== null && now - due.deliveryAt > DELIVERY_MS_MAX;
  return [
    ...(watches && !isLooking ? ['The schedule does not look for what is due.'] : []),
    ...(watches && isLate ? ['A channel has been due for more than two minutes.'] : []),
    ...(delivers && isStuck ? ['A message has been due for more than five minutes.'] : []),
  ];
}

function dueIn({ store, clock }: Pick<Deps, 'store' | 'clock'>) {
  const asked = async (view: StoreView) => ({
    channelAt: await view.schedule.nextDueAt(),
    deliveryAt: await view.outbox.oldestDueAt(clock.now()),
  });
  return store.read(asked);
}
