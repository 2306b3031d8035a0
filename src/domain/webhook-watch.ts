/** Of which numbers it is asked where 360dialog delivers what comes in for them, and how often. */
import type { Channel } from './channel.ts';
import { NO_WEBHOOK } from './incidents/warnings.ts';
import type { Profile } from './profile.ts';

/** All channels of 360dialog, or those that carry a label with exactly this value. */
export type WebhookWatch = 'all' | { readonly label: string; readonly value: string };

/** Less than a day, so that the read of a profile that comes nearest to a day asks: those are hours apart. */
export const WEBHOOK_EVERY_MS = 21 * 3_600_000;

/** Graph tells the webhook with every profile: of its channels nothing more is asked. */
export function isWebhookWatched(
  { upstream, labels }: Pick<Channel, 'upstream' | 'labels'>,
  watches: readonly WebhookWatch[],
): boolean {
  if (upstream !== 'dialog360') return false;
  return watches.some(
    (watch) =>
      watch === 'all' ||
      (Object.hasOwn(labels, watch.label) && labels[watch.label] === watch.value),
  );
}

/**
 * Whether the next read of the profile asks for it: once a day; and sooner while nothing is set, and after another key
 * was given, because 360dialog deletes the setting when it makes a new key (docs/dialog360.md §2.4).
 */
export function isWebhookDue(
  webhook: Profile['webhook'] | undefined,
  { now, rotatedAt }: { readonly now: number; readonly rotatedAt: number },
): boolean {
  const askedAt = webhook?.numberAskedAt ?? null;
  if (askedAt === null || webhook?.number === NO_WEBHOOK) return true;
  return now - askedAt >= WEBHOOK_EVERY_MS || askedAt < rotatedAt;
}
