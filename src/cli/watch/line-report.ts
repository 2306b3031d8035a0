/** What is new since the last look, as lines: counts when they differ, and each change once. */
import { numberText } from '#domain/number-text.ts';
import { inert } from '#cli/text/inert.ts';
import { momentText } from '#domain/moment-text.ts';
import type { Change, Seen } from './frame.ts';

export class LineReport {
  readonly #textOf: (change: Change) => string;
  /** The changes of the look before: a later look brings at most as many that are not among them. */
  #known: ReadonlySet<string> | null = null;
  #counts = '';
  #notice: string | null = null;

  constructor(textOf: (change: Change) => string) {
    this.#textOf = textOf;
  }

  linesFor({ status, changes, notice }: Seen): readonly string[] {
    const lines: string[] = [];
    if (notice !== null && notice !== this.#notice) lines.push(inert(notice));
    this.#notice = notice;
    const known = this.#known;
    // What happened before the first look is history, which others tell.
    const news = known === null ? [] : changes.filter(({ id }) => !known.has(id));
    lines.push(...news.toReversed().map(this.#textOf));
    this.#known = new Set(changes.map(({ id }) => id));
    const counts = countsOf(status.channels);
    if (counts !== this.#counts) {
      lines.push(`${momentText(Date.parse(status.counted_at), { seconds: true })} ${counts}`);
    }
    this.#counts = counts;
    return lines;
  }
}

function countsOf(channels: Seen['status']['channels']): string {
  const { available, limited, blocked, unknown, paused } = channels;
  const counted = { AVAILABLE: available, LIMITED: limited, BLOCKED: blocked, UNKNOWN: unknown };
  const words = Object.entries(counted).map(([word, count]) => `${word} ${numberText(count)}`);
  return [...words, ...(paused === 0 ? [] : [`paused ${numberText(paused)}`])].join(', ');
}
