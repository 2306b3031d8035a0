/**
 * What the passing of time makes tellable: reminders, silences that end, the weekly digest; and what it makes
 * forgettable. Any number of programs may do it at once: each step looks again within its change.
 */
import { repeat } from '#monitor/repeat.ts';
import type { Repeated } from '#monitor/repeat.ts';
import type { TellingDeps } from './deliver-means.ts';
import { digestRound } from './digest-round.ts';
import { expiryRound } from './expiry-round.ts';
import { Reminders } from './reminders.ts';
import { silenceRound } from './silence-round.ts';

const MINUTE = 60_000;
/** Deliveries that ended so long ago are forgotten. */
const KEPT_MS = 90 * 86_400_000;
const PRUNED_AT_ONCE = 200;
const PRUNE_EVERY_MS = 3_600_000;
const PRUNE_PAUSE_MS = 100;

/** Begins them all. */
export function startTellingRounds(deps: TellingDeps): Repeated {
  const reminders = new Reminders(deps);
  const rounds = [
    repeat(deps, {
      what: 'telling what silences withheld',
      everyMs: 5_000,
      work: (closing) => silenceRound(deps, closing),
    }),
    repeat(deps, {
      what: 'reminding',
      everyMs: MINUTE,
      work: (closing) => reminders.round(closing),
    }),
    repeat(deps, { what: 'planning digests', everyMs: MINUTE, work: () => digestRound(deps) }),
    repeat(deps, {
      what: 'looking after messages that wait',
      everyMs: MINUTE,
      work: () => expiryRound(deps),
    }),
    repeat(deps, {
      what: 'forgetting old messages',
      everyMs: PRUNE_EVERY_MS,
      pauseMs: PRUNE_PAUSE_MS,
      work: () => prune(deps),
    }),
  ];
  return {
    async close() {
      await Promise.all(rounds.map((round) => round.close()));
    },
  };
}

/** One step; true when there is more. */
async function prune({ store, clock }: TellingDeps): Promise<boolean> {
  const about = { before: clock.now() - KEPT_MS, limit: PRUNED_AT_ONCE };
  return (await store.change((tx) => tx.outbox.prune(about))) === PRUNED_AT_ONCE;
}
