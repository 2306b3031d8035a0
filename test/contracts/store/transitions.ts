/** Transitions for the store's contract, and a channel with a history. */
import type { ChannelId } from '#domain/id.ts';
import type { Transition } from '#domain/transition.ts';
import { BLANK_CHANGE, NO_READ, verdictSeries } from '#domain/transition.ts';
import type { TransitionFilter } from '#ports/history.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { allPages } from '#test/contracts/store/harness.ts';

/** Apart from those that a monitor under test gives. */
let made = 0;

/** A verdict about messaging turning BLOCKED at noon, unless said otherwise. */
export function aTransition(channelId: ChannelId, about: Partial<Transition> = {}): Transition {
  made += 1;
  return {
    ...BLANK_CHANGE,
    ...NO_READ,
    id: `tr_z${String(made).padStart(25, '0')}`,
    channelId,
    at: NOON,
    kind: 'verdict',
    series: verdictSeries('messaging'),
    capability: 'messaging',
    was: 'AVAILABLE',
    is: 'BLOCKED',
    ...about,
  };
}

export async function addTransitions(
  store: Store,
  transitions: readonly Transition[],
): Promise<void> {
  await store.change((tx) => tx.history.add(transitions));
}

/** All that a filter finds, in pages of `limit`, newest first. */
export function listed(
  store: Store,
  filter: TransitionFilter,
  limit: number = 3,
): Promise<readonly Transition[]> {
  return store.read((view) => allPages(limit, (page) => view.history.list(page, filter)));
}
