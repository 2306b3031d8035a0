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

/** How fast trouble is looked at, in ms. */
const SUSPECT_MS = 30_000;
const BAD_MS = 60_000;
/** So long after a verdict turned worse its next reads come at the suspect's pace. */
const SUSPECT_FOR_MS = 300_000;

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
 * How long after a good read the next one is wanted, in ms; null leaves it to the schedule. Trouble that
 * is new, or that we do not understand, is looked at after 30 s, trouble that lasts twice as often as
 * usual, but not more than once a minute; never later than the interval.
 */
export function soonerMs({ intervalMs, status, since, now }: Paced): number | null {
  if (status === 'AVAILABLE') return null;
  const isNew = since !== null && now - since < SUSPECT_FOR_MS;
  if (isNew) return SUSPECT_MS < intervalMs ? SUSPECT_MS : null;
  if (status === 'LIMITED') return null;
  const bad = Math.max(BAD_MS, intervalMs / 2);
  return bad < intervalMs ? bad : null;
}
