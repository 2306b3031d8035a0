/** A rule: who hears of which incidents. It takes the place of the default rule for the receivers that it names. */
import type { ReceiverId, RuleId } from '#domain/id.ts';
import type { Matchers } from './matchers.ts';

export interface Rule {
  readonly id: RuleId;
  readonly name: string;
  readonly match: Matchers;
  readonly receivers: readonly ReceiverId[];
  /** For how long what happens is gathered into one message, in ms; 0 tells each incident alone. */
  readonly groupMs: number;
  /** Reminders while it lasts and nobody acknowledged it: the first, and the further ones; null for none. */
  readonly remindAfterMs: number | null;
  readonly remindEveryMs: number | null;
  readonly isEnabled: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Reminders of the default rule, to receivers that are notified. */
export const DEFAULT_REMIND_AFTER_MS = 4 * 3_600_000;
export const DEFAULT_REMIND_EVERY_MS = 24 * 3_600_000;
