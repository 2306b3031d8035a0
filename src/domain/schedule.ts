/**
 * When a channel falls due. Channels of one credential form groups of at most 50, what one batch takes: a
 * group falls due in one moment, and groups are spread evenly over the interval by a hash, so that a fleet
 * is asked in a steady stream of full batches.
 */
import type { CredentialId } from './id.ts';

/** What one Graph batch takes (docs/meta.md §4.3). */
export const GROUP_SIZE = 50;

/**
 * The slot of a group: its place in every interval, as ms from 0 to 2^31. Pure, so that any program
 * finds the same one. FNV-1a over the text; what counts is that neighbours land far apart.
 */
export function slotOf(credentialId: CredentialId, group: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${credentialId}/${group}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  // FNV's low bits follow the last character; the high ones do not.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d) >>> 0;
  hash ^= hash >>> 12;
  return hash >>> 1;
}

/**
 * The first moment after `now` at which this slot falls due: the same as if every interval since the
 * epoch had been kept, so that a sleep or a restart costs each channel one check, not a series of them.
 * The stores compute the same in SQL.
 */
export function nextDueAt(slot: number, intervalMs: number, now: number): number {
  return now - ((((now - slot) % intervalMs) + intervalMs) % intervalMs) + intervalMs;
}

/** How soon a verdict that we cannot judge is looked at again, in ms: at first, and while it lasts. */
const UNJUDGED_MS = 30_000;
const UNJUDGED_LASTING_MS = 60_000;
/** How long such a verdict counts as new. */
const NEW_FOR_MS = 300_000;

/** What decides how soon the next read comes. */
export interface Paced {
  readonly intervalMs: number;
  /** The messaging verdict after the read. */
  readonly status: 'AVAILABLE' | 'UNKNOWN' | 'LIMITED' | 'BLOCKED';
  /** When that status began, ms UTC; null when it is not known. */
  readonly since: number | null;
  readonly now: number;
}

/**
 * How long after a good read the next one is wanted, in ms; null leaves it to the schedule. An answer that
 * we do not understand is looked at sooner, never later than the interval. Trouble that Meta names has an
 * incident, or a suspect, which says how soon it is looked at (`incidents/confirm.ts`).
 */
export function soonerMs({ intervalMs, status, since, now }: Paced): number | null {
  if (status !== 'UNKNOWN') return null;
  const isNew = since !== null && now - since < NEW_FOR_MS;
  const sooner = isNew ? UNJUDGED_MS : Math.max(UNJUDGED_LASTING_MS, intervalMs / 2);
  return sooner < intervalMs ? sooner : null;
}
