/** Adds a receiver or replaces what is known of it; removes it. Whether it is right, its notifier says. */
import { Problem } from '#domain/problem.ts';
import type { ProblemItem } from '#domain/problem.ts';
import type { Receiver, ReceiverKind, ReceiverSecrets, Urgency } from '#domain/telling/receiver.ts';
import { secretsAt, SIGNING_SECRET, signingOf } from '#domain/telling/signing.ts';
import { isZone } from '#domain/telling/zone.ts';
import { invalidRequest, requireName } from '#monitor/name-check.ts';
import type { Deps } from '#monitor/deps.ts';
import { settleCause } from '#monitor/incidents/standalone.ts';
import type { Randomness } from '#ports/ids.ts';
import type { Notifier, Notifiers } from '#ports/notifier.ts';
import type { StoreChange } from '#ports/store.ts';
import { causeOf } from './note-receiver.ts';

/** What the verbs about receivers work with. */
export interface ReceiverTools {
  readonly deps: Pick<Deps, 'store' | 'clock' | 'ids' | 'randomness'>;
  readonly notifiers: Notifiers;
}

export interface ReceiverWish {
  readonly kind: ReceiverKind;
  readonly urgency: Urgency;
  readonly zone: string | null;
  readonly settings: Readonly<Record<string, string>>;
  /** All of them; `keep` for those of one that is there. */
  readonly secrets: ReceiverSecrets | 'keep';
}

export interface PutReceiver {
  readonly receiver: Receiver;
  readonly created: boolean;
  /** The secret to sign with, where none was given and one was made; to be shown once. */
  readonly made: string | null;
}

/** Throws Problem `invalid_request`, `conflict` (another kind, or too many receivers). */
export async function putReceiver(
  { deps, notifiers }: ReceiverTools,
  name: string,
  wish: ReceiverWish,
): Promise<PutReceiver> {
  requireName(name);
  const notifier = notifiers[wish.kind];
  const items = [...unknownFields(notifier, wish), ...wrongZone(wish)];
  if (items.length > 0) throw invalidRequest(items);
  const { store, clock, ids, randomness } = deps;
  return store.change(async (tx) => {
    const existing = await tx.receivers.find(name);
    if (existing !== null) requireSameKind(existing, wish);
    const given = await secretsFor(tx, existing, wish);
    const made = isUnsigned(notifier, given) ? newSigningSecret(randomness) : null;
    const secrets = made === null ? given : { ...given, [SIGNING_SECRET]: made };
    const now = clock.now();
    requireUsable(notifier, wish.settings, secretsAt(secrets, now));
    const { kind, urgency, zone, settings } = wish;
    const said = { kind, urgency, zone, settings, hint: notifier.hint(settings, secrets) };
    if (existing === null) {
      const receiver = { id: ids.next('rcv'), name, ...said, ...UNTRIED, createdAt: now };
      await tx.receivers.add({ ...receiver, updatedAt: now }, secrets);
      return { receiver: { ...receiver, updatedAt: now }, made, created: true };
    }
    // Whatever was wrong with it may be right now: it is tried again at once.
    const receiver = { ...existing, ...said, ...UNTRIED, updatedAt: now };
    const isKept = wish.secrets === 'keep' && made === null;
    await tx.receivers.replace(receiver, isKept ? 'keep' : secrets);
    await tx.receivers.mark(receiver.id, UNTRIED);
    return { receiver, made, created: false };
  });
}

/** Nothing is known against it. */
const UNTRIED = { brokenAt: null, failuresInARow: 0, heldUntil: 0 } as const;

/** As many random bytes as Standard Webhooks advises to take at least. */
const SIGNING_BYTES = 32;

/** A secret to sign with, as Standard Webhooks writes it. */
export function newSigningSecret(randomness: Randomness): string {
  return `whsec_${randomness.bytes(SIGNING_BYTES).toBase64()}`;
}

/** Whether it should sign and has nothing to sign with. */
function isUnsigned({ fields }: Notifier, secrets: ReceiverSecrets): boolean {
  const signs = fields.some(({ name, isRequired }) => name === SIGNING_SECRET && isRequired);
  return signs && secrets[SIGNING_SECRET] === undefined;
}

/** What it signs with stays, unless another secret for that is given: that is what a rotation is for. */
async function secretsFor(
  tx: StoreChange,
  existing: Receiver | null,
  { secrets }: ReceiverWish,
): Promise<ReceiverSecrets> {
  const before = existing === null ? {} : await tx.receivers.secretsOf(existing.id);
  return secrets === 'keep' ? before : { ...signingOf(before), ...secrets };
}

function requireSameKind({ name, kind }: Receiver, wish: ReceiverWish): void {
  if (kind === wish.kind) return;
  throw new Problem(
    'conflict',
    `Receiver ${name} is of kind ${kind} and cannot become ${wish.kind}; put another one under a ` +
      'name of its own.',
  );
}

/** Throws Problem `invalid_request` with all that the notifier says against it. */
export function requireUsable(
  notifier: Notifier,
  settings: Readonly<Record<string, string>>,
  secrets: ReceiverSecrets,
): void {
  const wrong = notifier.check(settings, secrets);
  if (wrong.length > 0) throw new Problem('invalid_request', wrong.join(' '));
}

function unknownFields(notifier: Notifier, wish: ReceiverWish): readonly ProblemItem[] {
  const secrets = wish.secrets === 'keep' ? {} : wish.secrets;
  return [
    ...unknownNames(notifier, { given: wish.settings, isSecret: false }),
    ...unknownNames(notifier, { given: secrets, isSecret: true }),
  ];
}

function unknownNames(
  { kind, fields }: Notifier,
  {
    given,
    isSecret,
  }: { readonly given: Readonly<Record<string, string>>; readonly isSecret: boolean },
): readonly ProblemItem[] {
  const known = fields.filter((field) => field.isSecret === isSecret).map(({ name }) => name);
  const place = isSecret ? 'secrets' : 'settings';
  const list = known.length === 0 ? 'it has none' : `known are ${known.join(', ')}`;
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({ at: `${place}.${name}`, message: `is nothing that ${kind} takes; ${list}` }));
}

function wrongZone({ zone }: ReceiverWish): readonly ProblemItem[] {
  if (zone === null || isZone(zone)) return [];
  return [{ at: 'zone', message: 'must be a time zone that is known here, such as Europe/Berlin' }];
}

/** Throws Problem `not_found`, and `in_use` while a rule names it. */
export async function removeReceiver(
  { deps }: Pick<ReceiverTools, 'deps'>,
  ref: string,
): Promise<void> {
  await deps.store.change(async (tx) => {
    const receiver = await requireReceiver(tx, ref);
    await tx.receivers.remove(receiver.id);
    const about = { cause: causeOf(receiver), at: deps.clock.now(), resolution: 'gone' } as const;
    await settleCause(tx, deps, about);
  });
}

/** By id or name. Throws Problem `not_found`. */
export async function requireReceiver(
  { receivers }: { readonly receivers: { find(ref: string): Promise<Receiver | null> } },
  ref: string,
): Promise<Receiver> {
  const receiver = await receivers.find(ref);
  if (receiver !== null) return receiver;
  throw new Problem('not_found', `There is no receiver ${ref}.`);
}
