/** How often a channel is checked: its own wish, else what its labels say, else its upstream's default. */
import type { UpstreamKind } from './billing.ts';
import { CHECK_INTERVAL_MS_MIN, DEFAULT_CHECK_INTERVAL_MS } from './freshness.ts';

/** The interval of all channels that carry a label with exactly this value. */
export interface LabelInterval {
  readonly label: string;
  readonly value: string;
  readonly intervalMs: number;
}

/** What the operator set for the whole installation; all in ms, at least `CHECK_INTERVAL_MS_MIN`. */
export interface IntervalRules {
  readonly defaults: Readonly<Record<UpstreamKind, number>>;
  readonly byLabel: readonly LabelInterval[];
}

export const DEFAULT_INTERVALS: IntervalRules = {
  defaults: DEFAULT_CHECK_INTERVAL_MS,
  byLabel: [],
};

/** The interval in force, in ms. Of several labels that name one, the shortest counts. */
export function intervalMsFor(
  channel: {
    readonly checkIntervalMs: number | null;
    readonly upstream: UpstreamKind;
    readonly labels: Readonly<Record<string, string>>;
  },
  rules: IntervalRules,
): number {
  const { checkIntervalMs, upstream, labels } = channel;
  if (checkIntervalMs !== null) return checkIntervalMs;
  const named = rules.byLabel
    .filter(({ label, value }) => Object.hasOwn(labels, label) && labels[label] === value)
    .map(({ intervalMs }) => intervalMs);
  const shortest = named.length === 0 ? rules.defaults[upstream] : Math.min(...named);
  return Math.max(shortest, CHECK_INTERVAL_MS_MIN);
}
