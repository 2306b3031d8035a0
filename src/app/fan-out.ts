/** One emitter for several listeners, in the order in which they are given. */
import type { Events } from '#ports/events.ts';

/** Each event goes to all of them. */
export function fanOut(listeners: readonly Events[]): Events {
  return {
    emit(name, event) {
      for (const listener of listeners) listener.emit(name, event);
    },
  };
}
