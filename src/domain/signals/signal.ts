/**
 * A signal: what a webhook or a reported send error hints at. It is never the truth, as a banned account
 * sends none (docs/meta.md §5.2): all that it may cause is a read, which then says what is so.
 */
import type { EntityRef } from '#domain/entity.ts';
import type { ChannelId, SignalId } from '#domain/id.ts';

/** Who said it: Meta by webhook, the same envelope by way of 360dialog, or a client that reports errors. */
export const SIGNAL_SOURCES = ['meta', 'dialog360', 'api'] as const;
export type SignalSource = (typeof SIGNAL_SOURCES)[number];

/**
 * What it would mean if it were true. `change`: something that bears on health is different now, for better
 * or worse. `info`: nothing that health depends on.
 */
export const SIGNAL_WEIGHTS = ['critical', 'warning', 'recovery', 'change', 'info'] as const;
export type SignalWeight = (typeof SIGNAL_WEIGHTS)[number];

/** Whom it names; each null where it does not. */
export interface SignalAbout {
  readonly wabaId: string | null;
  readonly businessId: string | null;
  readonly phoneNumberId: string | null;
  /** Of the display number, where that is all that is said of a number (docs/meta.md §5.2). */
  readonly digits: string | null;
  readonly templateId: string | null;
}

export const ABOUT_NOBODY: SignalAbout = {
  wabaId: null,
  businessId: null,
  phoneNumberId: null,
  digits: null,
  templateId: null,
};

/** What was said, before it is known whose channel it concerns. */
export interface Hint {
  /** The webhook's field; `send_error` for one that a client reported. */
  readonly field: string;
  /** What happened, in the upstream's own word; null where it has none. */
  readonly event: string | null;
  /** The one entity that it is about; null where that is not an entity, or not named by its id. */
  readonly subject: EntityRef | null;
  readonly about: SignalAbout;
  /** Of a send error; null for everything else. */
  readonly code: string | null;
  readonly httpStatus: number | null;
  /** How often: sends that failed, or changes that were not understood. 1 for everything else. */
  readonly count: number;
  readonly weight: SignalWeight;
  /** Whether it was understood. */
  readonly isKnown: boolean;
  /** One line, of our own words and of upstream words in a harmless form. */
  readonly summary: string;
}

export interface Signal extends Hint {
  readonly id: SignalId;
  /** When it came, ms UTC; of what is counted together, when the first came. */
  readonly receivedAt: number;
  readonly source: SignalSource;
  /** The channel that it is about; null where it names none that is watched. */
  readonly channelId: ChannelId | null;
}

/** For how long signals and webhooks are kept. */
export const SIGNALS_KEPT_MS = 30 * 86_400_000;

/** How often hints may cause a read of the same channel. */
export const HINTED_READ_EVERY_MS = 30_000;

/** What one row counts together: the same send error of one channel, and changes that nobody understood. */
export const COUNTED_TOGETHER_MS = 60_000;

/** Whether it bears on health, so that somebody should look. */
export function wantsRead({ weight }: Pick<Hint, 'weight'>): boolean {
  return weight !== 'info';
}

/** Whether it says that its subject is in trouble: then a bad read of that subject is a second witness. */
export function namesTrouble({ weight }: Pick<Hint, 'weight'>): boolean {
  return weight === 'critical' || weight === 'warning';
}
