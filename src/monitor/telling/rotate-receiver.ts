/** Replaces a secret of a receiver. One that signs is kept beside the new one for a while. */
import type { Receiver, ReceiverSecrets } from '#domain/telling/receiver.ts';
import {
  PREVIOUS_SIGNS_MS,
  rotatedSigning,
  secretsAt,
  SIGNING_SECRET,
} from '#domain/telling/signing.ts';
import { invalidRequest } from '#monitor/name-check.ts';
import type { Notifier } from '#ports/notifier.ts';
import type { ReceiverTools } from './put-receiver.ts';
import { newSigningSecret, requireReceiver, requireUsable } from './put-receiver.ts';

export interface RotateWish {
  /** Null: the only secret, or the one that signs. */
  readonly field: string | null;
  /** Null makes one, which only the secret that signs can be. */
  readonly secret: string | null;
}

export interface RotatedReceiver {
  readonly receiver: Receiver;
  readonly field: string;
  /** The secret that was made; null where one was given. */
  readonly made: string | null;
  /** Until when the old one signs too, ms UTC; null where it has ended. */
  readonly previousUntil: number | null;
}

/** Throws Problem `not_found`, `invalid_request`. */
export async function rotateReceiver(
  { deps: { store, clock, randomness }, notifiers }: ReceiverTools,
  ref: string,
  wish: RotateWish,
): Promise<RotatedReceiver> {
  return store.change(async (tx) => {
    const existing = await requireReceiver(tx, ref);
    const notifier = notifiers[existing.kind];
    const field = fieldOf(notifier, wish);
    const isSigning = field === SIGNING_SECRET;
    if (wish.secret === null && !isSigning) {
      const message = `is missing: ${field} comes from the service, it cannot be made here`;
      throw invalidRequest([{ at: 'secret', message }]);
    }
    const made = wish.secret === null ? newSigningSecret(randomness) : null;
    const next = wish.secret ?? made ?? '';
    const before = await tx.receivers.secretsOf(existing.id);
    const now = clock.now();
    const secrets: ReceiverSecrets = isSigning
      ? rotatedSigning(before, { next, now })
      : { ...before, [field]: next };
    requireUsable(notifier, existing.settings, secretsAt(secrets, now));
    const hint = notifier.hint(existing.settings, secrets);
    const untried = { brokenAt: null, failuresInARow: 0, heldUntil: 0 };
    const receiver = { ...existing, ...untried, hint, updatedAt: now };
    await tx.receivers.replace(receiver, secrets);
    await tx.receivers.mark(receiver.id, untried);
    const isKept = isSigning && before[field] !== undefined && before[field] !== next;
    return { receiver, field, made, previousUntil: isKept ? now + PREVIOUS_SIGNS_MS : null };
  });
}

function fieldOf({ kind, fields }: Notifier, { field }: RotateWish): string {
  const names = fields.filter(({ isSecret }) => isSecret).map(({ name }) => name);
  if (field !== null && names.includes(field)) return field;
  const [only] = names;
  if (field === null && only !== undefined && names.length === 1) return only;
  if (field === null && names.includes(SIGNING_SECRET)) return SIGNING_SECRET;
  const message =
    names.length === 0
      ? `cannot be given: a receiver of kind ${kind} has no secret`
      : `must be one of the secrets of ${kind}: ${names.join(', ')}`;
  throw invalidRequest([{ at: 'field', message }]);
}
