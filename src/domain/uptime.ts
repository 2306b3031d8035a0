/**
 * Time-weighted uptime. AVAILABLE and LIMITED are up and shown apart, BLOCKED is down; whatever else
 * holds (UNKNOWN, nothing said, excluded time) is not measured, and how much was is told beside it.
 */
import type { Status } from './status.ts';

/** A stretch of time, ms UTC: `from` belongs to it, `until` does not. Either may be infinite. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** From `at` on (ms UTC) this is the status; null says that nothing is known of it. */
export interface StatusFrom {
  readonly at: number;
  readonly status: Status | null;
}

/** All times in ms; together they are the range. */
export interface Uptime {
  readonly upMs: number;
  readonly limitedMs: number;
  readonly downMs: number;
  readonly unmeasuredMs: number;
  /** The part of the measured time in which it was up, LIMITED included; null when none was measured. */
  readonly uptime: number | null;
  /** The part of the range that was measured; 0 of an empty range. */
  readonly coverage: number;
}

/**
 * The uptime within `range`, as the statuses tell it. They come in the order in which they were written:
 * where a clock stepped back, the later word counts from its moment on, whatever was said before.
 */
export function uptimeOf({
  range,
  statuses,
  excluded,
}: {
  readonly range: Span;
  readonly statuses: readonly StatusFrom[];
  /** Time that does not count: paused, not watched yet, planned work. In any order, overlapping or not. */
  readonly excluded: readonly Span[];
}): Uptime {
  const line = lineOf(statuses);
  const ms = { AVAILABLE: 0, LIMITED: 0, BLOCKED: 0, UNKNOWN: 0 };
  let first = 0;
  for (const { from, until } of remaining(range, excluded)) {
    while ((line[first + 1]?.at ?? Infinity) <= from) first += 1;
    for (let at = first; at < line.length; at += 1) {
      const [here, next] = [line[at], line[at + 1]];
      if (here === undefined || here.at >= until) break;
      const length = Math.min(next?.at ?? Infinity, until) - Math.max(here.at, from);
      if (here.status !== null) ms[here.status] += Math.max(0, length);
    }
  }
  const measuredMs = ms.AVAILABLE + ms.LIMITED + ms.BLOCKED;
  const wholeMs = Math.max(0, range.until - range.from);
  return {
    upMs: ms.AVAILABLE,
    limitedMs: ms.LIMITED,
    downMs: ms.BLOCKED,
    unmeasuredMs: wholeMs - measuredMs,
    uptime: measuredMs === 0 ? null : (ms.AVAILABLE + ms.LIMITED) / measuredMs,
    coverage: wholeMs === 0 ? 0 : measuredMs / wholeMs,
  };
}

/** What holds when, in the order of time: each word ends whatever was written before it of later times. */
export function lineOf<T extends { readonly at: number }>(written: readonly T[]): readonly T[] {
  const line: T[] = [];
  for (const one of written) {
    while ((line.at(-1)?.at ?? -Infinity) >= one.at && line.length > 0) line.pop();
    line.push(one);
  }
  return line;
}

/** What is left of `range` without the excluded time, in the order of time. */
function remaining(range: Span, excluded: readonly Span[]): readonly Span[] {
  const left: Span[] = [];
  let { from } = range;
  const inOrder = excluded
    .filter((span) => span.from < span.until)
    .toSorted((one, other) => (one.from < other.from ? -1 : 1));
  for (const span of inOrder) {
    if (span.from >= range.until) break;
    if (span.from > from) left.push({ from, until: span.from });
    from = Math.max(from, span.until);
  }
  if (from < range.until) left.push({ from, until: range.until });
  return left;
}
