/** The kind of option that says how often whom is checked. */
import type { UpstreamKind } from '#domain/billing.ts';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import { CHECK_INTERVAL_MS_MIN } from '#domain/freshness.ts';
import type { LabelInterval } from '#domain/interval.ts';
import { durationMsOf, durationText } from './duration.ts';
import type { Kind } from './kind.ts';
import { kindBy } from './kind.ts';
import { labelIn } from './label.ts';

const CHECK_INTERVAL_MS_MAX = 86_400_000;

/** One rule about intervals, as an option gives it. */
export type GivenInterval =
  | { readonly upstream: UpstreamKind; readonly intervalMs: number }
  | LabelInterval;

/** `<who>:<duration>`: whom an interval is for, and how long it is. */
export const checkInterval: Kind<GivenInterval> = kindBy(
  '<who:duration>',
  `graph:<duration>, dialog360:<duration> or <label>=<value>:<duration>, with a duration from ${durationText(CHECK_INTERVAL_MS_MIN)} to ${durationText(CHECK_INTERVAL_MS_MAX)}`,
  (text) => {
    // A value may have colons itself: the last one counts.
    const match = /^(.+):([^:]*)$/s.exec(text);
    const intervalMs = durationMsOf(match?.[2] ?? '');
    if (intervalMs === null) return null;
    if (intervalMs < CHECK_INTERVAL_MS_MIN || intervalMs > CHECK_INTERVAL_MS_MAX) return null;
    const who = match?.[1] ?? '';
    const upstream = UPSTREAM_KINDS.find((kind) => kind === who);
    if (upstream !== undefined) return { upstream, intervalMs };
    const label = labelIn(who);
    return label && { ...label, intervalMs };
  },
);
