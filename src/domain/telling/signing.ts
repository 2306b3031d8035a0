/**
 * The secret that signs messages, and how it is replaced: for a while messages carry both signatures, so that
 * nobody has to change both ends in the same moment.
 */
import type { ReceiverSecrets } from './receiver.ts';

/** The names that a kind with signatures gives to that secret, and to the one before it. */
export const SIGNING_SECRET = 'signing_secret';
const PREVIOUS_SIGNING_SECRET = 'previous_signing_secret';

/** For how long the one before it signs too, in ms. */
export const PREVIOUS_SIGNS_MS = 24 * 3_600_000;

/** Kept beside them, ms UTC as text. No notifier sees it. */
const PREVIOUS_UNTIL = 'previous_signing_secret_until';

/** The secrets with another one to sign with, the old one kept beside it. */
export function rotatedSigning(
  secrets: ReceiverSecrets,
  { next, now }: { readonly next: string; readonly now: number },
): ReceiverSecrets {
  const { [SIGNING_SECRET]: before, [PREVIOUS_SIGNING_SECRET]: _, ...rest } = secrets;
  const { [PREVIOUS_UNTIL]: __, ...others } = rest;
  if (before === undefined || before === next) return { ...others, [SIGNING_SECRET]: next };
  return {
    ...others,
    [SIGNING_SECRET]: next,
    [PREVIOUS_SIGNING_SECRET]: before,
    [PREVIOUS_UNTIL]: String(now + PREVIOUS_SIGNS_MS),
  };
}

/** The secrets as a notifier is to have them at `now`: without the old one once its time is over. */
export function secretsAt(secrets: ReceiverSecrets, now: number): ReceiverSecrets {
  const { [PREVIOUS_UNTIL]: until, ...rest } = secrets;
  if (until === undefined || now < Number(until)) return rest;
  const { [PREVIOUS_SIGNING_SECRET]: _, ...without } = rest;
  return without;
}

/** Whether a field of a kind is about signing. */
export function isSigningField(name: string): boolean {
  return name === SIGNING_SECRET || name === PREVIOUS_SIGNING_SECRET;
}

/** Of these secrets, those that are about signing. */
export function signingOf(secrets: ReceiverSecrets): ReceiverSecrets {
  const all = Object.entries(secrets);
  return Object.fromEntries(
    all.filter(([name]) => isSigningField(name) || name === PREVIOUS_UNTIL),
  );
}
