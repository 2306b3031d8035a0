/**
 * One upstream answer as values. Reading it never throws, whatever it holds: what has the wrong
 * type counts as absent, what we do not know is kept as received.
 */
import type { Entity } from './entity.ts';

export interface HealthReport {
  /** The top-level `id`. Not always the number's own: two of Meta's examples differ (§1.4). */
  readonly nodeId: string | null;
  /** Meta's aggregate `can_send_message`, as received. */
  readonly reported: string | null;
  readonly entities: readonly Entity[];
}

/**
 * The report in a parsed body; null when the body is no good read: not an object, no object
 * `health_status`, or a top-level `error` (DESIGN invariant 3: anything else is malformed).
 */
export function reportOf(body: unknown): HealthReport | null {
  void body;
  throw new Error('not written yet');
}
