/**
 * What answers tell about budgets: the use that Meta reports wins over our own counting, and a throttle
 * closes a bucket until it opens again (docs/meta.md §4.2).
 */
import { HELD_FROM_PERCENT } from '#domain/budget.ts';
import { BoundedMap } from '#monitor/bounded-map.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Budget } from '#ports/budgets.ts';
import type { Usage } from '#ports/upstream.ts';
import type { DueChannel } from '#ports/schedule.ts';
import type { Answer } from '#ports/upstream.ts';

const BUCKETS_MAX = 20_000;
/** From the held percentage on scheduled reads rest for a twelfth of the hour that Meta counts over. */
const HELD_MS = 300_000;
/** Without a word from Meta about when, a throttle closes its bucket for so long. */
const CLOSED_MS = 60_000;
/** A percentage is written down when it moved by so much, or crossed the line. */
const PERCENT_STEP = 5;
/** Before the first word about a bucket, any is news. */
const NEVER = -PERCENT_STEP;

/** A read to learn from. */
export interface ReadToLearn {
  readonly due: Pick<DueChannel, 'channel' | 'bucket'>;
  readonly answer: Answer;
  readonly readAt: number;
}

export class UsageNotes {
  readonly #deps: Deps;
  readonly #percents = new BoundedMap<string, number>(BUCKETS_MAX);

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Learns from these reads. Throws Problem `store_unavailable`. */
  async learn(reads: readonly ReadToLearn[]): Promise<void> {
    const facts = new Map<string, Partial<Omit<Budget, 'bucket'>>>();
    for (const read of reads) {
      if (read.due.channel.upstream !== 'graph') continue;
      const { bucket } = read.due;
      const learned = this.#factsOf(read);
      if (learned !== null) facts.set(bucket, { ...facts.get(bucket), ...learned });
    }
    if (facts.size === 0) return;
    await this.#deps.store.change(async (tx) => {
      for (const [bucket, learned] of [...facts].toSorted(byBucket)) {
        await tx.budgets.learn(bucket, learned);
      }
    });
  }

  #factsOf({ due, answer, readAt }: ReadToLearn): Partial<Omit<Budget, 'bucket'>> | null {
    const usage = answer.usage.filter(({ scope }) => isAbout(due, scope));
    const throttled = !answer.ok && answer.failure.code === 'rate_limited';
    const regainMs = Math.max(0, ...usage.map((one) => one.regainMs));
    const percent = usage.length === 0 ? null : Math.max(...usage.map((one) => one.percent));
    const waitMs = throttled ? (answer.failure.retryAfterMs ?? CLOSED_MS) : regainMs;
    const closed = waitMs > 0 ? { closedUntil: readAt + waitMs } : {};
    if (percent === null) return waitMs > 0 ? closed : null;
    const before = this.#percents.get(due.bucket) ?? NEVER;
    const isHeld = percent >= HELD_FROM_PERCENT;
    const isNews = Math.abs(percent - before) >= PERCENT_STEP || isHeld;
    if (!isNews && waitMs === 0) return null;
    this.#percents.set(due.bucket, percent);
    const held = isHeld ? { heldUntil: readAt + Math.max(HELD_MS, regainMs) } : {};
    return { percent, reportedAt: readAt, ...held, ...closed };
  }
}

/** Of the app as a whole, or of the WABA that this number belongs to. */
function isAbout({ channel: { identity } }: ReadToLearn['due'], scope: Usage['scope']): boolean {
  return scope === 'app' || scope === identity?.wabaId || scope === identity?.businessId;
}

function byBucket([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
