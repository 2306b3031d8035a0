/**
 * The secret that signs messages, and how it is replaced: for a while messages carry both signatures, so that
 * nobody has to change both ends in the same moment.
 */
import type { ReceiverSecrets } from './receiver.ts';

/** The name that every kind with signatures gives to that secret. */
export const SIGNING_SECRET = 'signing_secret';

/** For how long the one before it signs too, in ms. */
export const PREVIOUS_SIGNS_MS = 24 * 3_600_000;

const PREVIOUS = 'previous_signing_secret';
/** ms UTC as text. */
const PREVIOUS_UNTIL = 'previous_signing_secret_until';

/** The secrets with another one to sign with, the old one kept beside it. */
export function rotatedSigning(
  secrets: ReceiverSecrets,
  { next, now }: { readonly next: string; readonly now: number },
): ReceiverSecrets {
  const before = secrets[SIGNING_SECRET];
  const { [PREVIOUS]: _, [PREVIOUS_UNTIL]: __, ...rest } = secrets;
  if (before === undefined || before === next) return { ...rest, [SIGNING_SECRET]: next };
  const until = String(now + PREVIOUS_SIGNS_MS);
  return { ...rest, [SIGNING_SECRET]: next, [PREVIOUS]: before, [PREVIOUS_UNTIL]: until };
}

/** What messages are signed with at `now`, the newest first; none without a secret. */
export function signingSecretsAt(secrets: ReceiverSecrets, now: number): readonly string[] {
  const { [SIGNING_SECRET]: current, [PREVIOUS]: previous, [PREVIOUS_UNTIL]: until } = secrets;
  const both = [current, now < Number(until ?? 0) ? previous : undefined];
  return both.filter((secret) => secret !== undefined);
}

/** The secrets that a person gave: without what only a rotation writes. */
export function givenSecrets(secrets: ReceiverSecrets): ReceiverSecrets {
  const { [PREVIOUS]: _, [PREVIOUS_UNTIL]: __, ...given } = secrets;
  return given;
}
