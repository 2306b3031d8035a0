/** From the options about intervals to the rules of the installation. */
import type { IntervalRules } from '#domain/interval.ts';
import { DEFAULT_INTERVALS } from '#domain/interval.ts';
import type { GivenInterval } from './interval-kind.ts';

/** Of two rules for the same upstream or label the later one counts. */
export function intervalRulesOf(given: readonly GivenInterval[]): IntervalRules {
  const defaults = { ...DEFAULT_INTERVALS.defaults };
  const byLabel = new Map<string, Extract<GivenInterval, { label: string }>>();
  for (const rule of given) {
    if ('upstream' in rule) defaults[rule.upstream] = rule.intervalMs;
    else byLabel.set(`${rule.label}=${rule.value}`, rule);
  }
  return { defaults, byLabel: [...byLabel.values()] };
}
