/**
 * A cause: the one thing behind the trouble of any number of channels. Incidents are keyed by (cause,
 * capability), so that one broken card is one incident, and two broken things are two.
 */
import type { Capability } from '#domain/entity.ts';

/**
 * `entity`: Meta says so of a number, WABA, business, app. `credential`: it is rejected or ends. `unreadable`:
 * a WABA that a credential can no longer read, or a number of no known WABA. `upstream`: whom we ask fails
 * as a whole. `fleet`: many causes at once. `server`: this server reaches nothing. `sends`: sends fail
 * although Meta reports AVAILABLE. `warning`: a field of a profile or setting that tells of trouble to
 * come. `receiver`: a receiver that takes no messages.
 */
export const CAUSE_KINDS = [
  'entity',
  'credential',
  'unreadable',
  'upstream',
  'fleet',
  'server',
  'sends',
  'warning',
  'receiver',
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

export interface Cause {
  readonly kind: CauseKind;
  /** Of an entity its type as received, of a warning the field; null for the others. */
  readonly type: string | null;
  /**
   * Whom it is about: the entity's id, the id of ours, the upstream; of `unreadable` the credential and
   * the WABA or channel, as `cr_…/1022…`. Null where there is only one.
   */
  readonly ref: string | null;
}

/** What an incident is unique by while it is unresolved. */
export function causeKey(cause: Cause, capability: Capability | null): string {
  return JSON.stringify([cause.kind, cause.type, cause.ref, capability]);
}
