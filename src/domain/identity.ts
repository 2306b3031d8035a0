/**
 * Whom an answer is about. The first good read pins it; an answer about another number afterwards is
 * `identity_changed`: the credential now belongs to somebody else, and what it says is not written.
 */
import type { HealthReport } from './health-report.ts';

export interface Identity {
  /** From the PHONE_NUMBER entity, never from the top-level id; null for a WABA, template or flow. */
  readonly phoneNumberId: string | null;
  readonly wabaId: string | null;
  readonly businessId: string | null;
  readonly appId: string | null;
}

/** The ids of the first entity of each type. */
export function identityOf(report: HealthReport): Identity {
  void report;
  throw new Error('not written yet');
}

/**
 * Whether `seen` is about the same number as `pinned` (the same WABA, where no number is watched).
 * A number may move to another WABA or business: that is the same number with new owners. An answer
 * that names no number at all says nothing against it.
 */
export function isSameIdentity(pinned: Identity, seen: Identity): boolean {
  void pinned;
  void seen;
  throw new Error('not written yet');
}

/** What to pin from now on: what was just seen, and for what it left out, what was known. */
export function identityAfter(pinned: Identity | null, seen: Identity): Identity {
  void pinned;
  void seen;
  throw new Error('not written yet');
}
