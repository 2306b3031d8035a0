/**
 * The status lattice: AVAILABLE < UNKNOWN < LIMITED < BLOCKED.
 *
 * Meta reports the first, third and fourth. UNKNOWN is ours: no evidence. Its place is the point:
 * it may not pass for AVAILABLE, and it may not hide known trouble.
 *
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status
 */
export const STATUSES = ['AVAILABLE', 'UNKNOWN', 'LIMITED', 'BLOCKED'] as const;

export type Status = (typeof STATUSES)[number];

/** The words Meta documents for a capability of an entity. */
const KNOWN_WORDS: ReadonlySet<string> = new Set(['AVAILABLE', 'LIMITED', 'BLOCKED']);

/** The worst status wins; null when there is nothing to compare. */
export function worstOf(statuses: Iterable<Status>): Status | null {
  let worst = -1;
  for (const status of statuses) worst = Math.max(worst, STATUSES.indexOf(status));
  return STATUSES[worst] ?? null;
}

/** Whether Meta documents this word; a literal "UNKNOWN" from an upstream is not one of them. */
export function isKnownWord(word: string): word is Exclude<Status, 'UNKNOWN'> {
  return KNOWN_WORDS.has(word);
}

/** The status a reported word stands for. A word we do not know votes UNKNOWN, never AVAILABLE. */
export function statusOfWord(word: string): Status {
  return isKnownWord(word) ? word : 'UNKNOWN';
}
