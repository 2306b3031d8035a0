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

/** The ids of the first entity of each type that has one. */
export function identityOf(report: HealthReport): Identity {
  return {
    phoneNumberId: idOfType(report, 'PHONE_NUMBER'),
    wabaId: idOfType(report, 'WABA'),
    businessId: idOfType(report, 'BUSINESS'),
    appId: idOfType(report, 'APP'),
  };
}

function idOfType(report: HealthReport, type: string): string | null {
  return report.entities.find((entity) => entity.type === type && entity.id !== null)?.id ?? null;
}

/**
 * Whether `seen` is about the same number as `pinned` (the same WABA, where no number is watched).
 * A number may move to another WABA or business: that is the same number with new owners. An answer
 * that names no number at all says nothing against it.
 */
export function isSameIdentity(pinned: Identity, seen: Identity): boolean {
  return pinned.phoneNumberId === null
    ? agree(pinned.wabaId, seen.wabaId)
    : agree(pinned.phoneNumberId, seen.phoneNumberId);
}

function agree(pinned: string | null, seen: string | null): boolean {
  return pinned === null || seen === null || pinned === seen;
}

/** What to pin from now on: what was just seen, and for what it left out, what was known. */
export function identityAfter(pinned: Identity | null, seen: Identity): Identity {
  return {
    phoneNumberId: seen.phoneNumberId ?? pinned?.phoneNumberId ?? null,
    wabaId: seen.wabaId ?? pinned?.wabaId ?? null,
    businessId: seen.businessId ?? pinned?.businessId ?? null,
    appId: seen.appId ?? pinned?.appId ?? null,
  };
}
