/**
 * What is the matter with the watching itself, whatever the channels say: each has its line on the screen,
 * and any of them makes `status` warn, so that its exit code never tells more than its text.
 */
import type { Answer } from '#api/call.ts';
import { ageText, momentText } from '#domain/moment-text.ts';
import { numberText, stretchText } from '#domain/number-text.ts';

type FleetStatus = Answer<'getStatus'>['body'];

export interface Concern {
  readonly label: string;
  readonly text: string;
}

/** How late the channel that waits longest may be, and how late one read in a hundred may begin. */
const LATE_SECONDS_MAX = 120;
const LAG_SECONDS_MAX = 60;

/** In the order in which they are shown; none when all is as it should be. */
export function concernsOf({ schedule, budgets }: FleetStatus): readonly Concern[] {
  return [...lateness(schedule), ...failing(schedule), ...shortage(budgets)];
}

function* lateness({ late_seconds: late, lag_p99_seconds: lag }: FleetStatus['schedule']) {
  if (late > LATE_SECONDS_MAX) {
    const text = `the channel that waits longest has been due for ${ageText(late * 1000)}`;
    yield { label: 'Late', text };
  }
  if (lag !== null && lag > LAG_SECONDS_MAX) {
    const text = `of the reads of the last minute one in a hundred began ${ageText(lag * 1000)} late`;
    yield { label: 'Late', text };
  }
}

function* failing({ breakers }: FleetStatus['schedule']) {
  for (const { upstream, state, since } of breakers) {
    if (state === 'closed') continue;
    const from = since === null ? '' : ` since ${momentText(Date.parse(since))}`;
    const text = `${upstream} fails as a whole${from}; it is asked only now and then`;
    yield { label: 'Upstream', text };
  }
}

function* shortage({ buckets, closed, stretched, stretch_max: most }: FleetStatus['budgets']) {
  const of = (some: number) => `${numberText(some)} of ${numberText(buckets)} budgets`;
  if (closed > 0) {
    yield { label: 'Closed', text: `nothing is asked on ${of(closed)} for now, as upstreams wish` };
  }
  if (stretched > 0) {
    const times = `up to ×${stretchText(most)} as long`;
    const text = `intervals are ${times} for ${of(stretched)}, because they do not suffice`;
    yield { label: 'Stretched', text };
  }
}
