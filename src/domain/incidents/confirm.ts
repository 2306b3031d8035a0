/** When suspects are enough to open an incident: in time as well as in number, so that no single read is. */
import type { Status } from '#domain/status.ts';

/** BLOCKED: a read begun so long after the first one agrees. */
const BLOCKED_AFTER_MS = 30_000;
/** LIMITED comes and goes: so many reads over so long. */
const LIMITED_READS = 3;
const LIMITED_AFTER_MS = 300_000;
/** A number that is also used in the WhatsApp Business app looks blocked while the phone is offline. */
const COEXISTENCE_AFTER_MS = 900_000;
/** While many causes are new at once, one read more. */
const STORM_READS = 3;
const STORM_AFTER_MS = 60_000;

/** How soon a suspect is read again, in ms: at first, and further on. */
const SUSPECT_MS = 30_000;
const SUSPECT_AGAIN_MS = 60_000;

export interface Suspected {
  readonly status: Status;
  /** Bad reads of all suspects of the cause together. */
  readonly reads: number;
  /** From the beginning of the first of these to that of the newest, in ms. */
  readonly spanMs: number;
  /** A webhook named the cause: that is the second witness. */
  readonly byWebhook: boolean;
  /** It is about a number that is used with the WhatsApp Business app too. */
  readonly isCoexistence: boolean;
  /** Many distinct causes are new at the same time. */
  readonly isStorm: boolean;
}

/** Whether what was suspected is certain enough to wake somebody. */
export function isConfirmed(suspected: Suspected): boolean {
  const { status, reads, spanMs, byWebhook, isCoexistence, isStorm } = suspected;
  if (isCoexistence) return reads >= 2 && spanMs >= COEXISTENCE_AFTER_MS;
  if (status !== 'BLOCKED') return reads >= LIMITED_READS && spanMs >= LIMITED_AFTER_MS;
  if (isStorm) return reads >= STORM_READS && spanMs >= STORM_AFTER_MS;
  return byWebhook || (reads >= 2 && spanMs >= BLOCKED_AFTER_MS);
}

/** How long after a bad read of a suspect the next one is wanted, in ms, whatever the interval. */
export function suspectPaceMs(badReads: number): number {
  return badReads < 2 ? SUSPECT_MS : SUSPECT_AGAIN_MS;
}
