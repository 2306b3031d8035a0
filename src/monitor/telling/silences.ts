/** Adds silences, and ends them before their time. */
import { isId } from '#domain/id.ts';
import type { ProblemItem } from '#domain/problem.ts';
import { Problem } from '#domain/problem.ts';
import { PLANNED_WORK_MATCHERS, wrongForPlannedWork } from '#domain/telling/planned-work.ts';
import type { Silence } from '#domain/telling/silence.ts';
import { SILENCE_MS_MAX } from '#domain/telling/silence.ts';
import type { Deps } from '#monitor/deps.ts';
import { invalidRequest } from '#monitor/name-check.ts';

export interface SilenceWish extends Pick<
  Silence,
  'match' | 'author' | 'reason' | 'endsAt' | 'isExcluded'
> {
  /** ms UTC; null: now. */
  readonly startsAt: number | null;
}

/** Throws Problem `invalid_request`. */
export async function addSilence(
  { store, clock, ids }: Pick<Deps, 'store' | 'clock' | 'ids'>,
  wish: SilenceWish,
): Promise<Silence> {
  const now = clock.now();
  const startsAt = wish.startsAt ?? now;
  const items = [...wrongTimes({ startsAt, endsAt: wish.endsAt, now }), ...wrongMatch(wish)];
  if (items.length > 0) throw invalidRequest(items);
  const silence = { ...wish, id: ids.next('sil'), startsAt, createdAt: now, endedAt: null };
  await store.change((tx) => tx.silences.add(silence));
  return silence;
}

function wrongTimes(times: {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly now: number;
}): readonly ProblemItem[] {
  const { startsAt, endsAt, now } = times;
  const days = SILENCE_MS_MAX / 86_400_000;
  if (endsAt <= startsAt) return [{ at: 'ends_at', message: 'must be after starts_at' }];
  if (endsAt <= now) return [{ at: 'ends_at', message: 'must be in the future' }];
  if (endsAt - startsAt <= SILENCE_MS_MAX) return [];
  return [{ at: 'ends_at', message: `must be at most ${days} days after it starts` }];
}

function wrongMatch({ match, isExcluded }: SilenceWish): readonly ProblemItem[] {
  if (!isExcluded || wrongForPlannedWork(match).length === 0) return [];
  const message =
    `must have ${PLANNED_WORK_MATCHERS.join(', ')} alone: planned work is about channels, ` +
    'whatever happens to them';
  return [{ at: 'match', message }];
}

/**
 * Ends it now: what is still open is told, as at its own end; nothing is for one that had not begun. Throws
 * Problem `not_found`, and `conflict` for one that is over.
 */
export async function endSilence(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  id: string,
): Promise<Silence> {
  return store.change(async (tx) => {
    const silence = isId('sil', id) ? await tx.silences.find(id) : null;
    if (silence === null) throw new Problem('not_found', `There is no silence ${id}.`);
    const now = clock.now();
    if (silence.endsAt <= now || silence.endedAt !== null) {
      throw new Problem('conflict', `Silence ${id} is over already.`);
    }
    const isBegun = silence.startsAt <= now;
    const ended = isBegun
      ? { ...silence, endsAt: now }
      : { ...silence, startsAt: now, endsAt: now, endedAt: now };
    await tx.silences.replace(ended);
    return ended;
  });
}
