/**
 * Reads what a number is beside its health: a read of its own that takes no part in any status. What it
 * shows to be different becomes transitions.
 */
import type { Channel } from '#domain/channel.ts';
import type { Credential } from '#domain/credential.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Profile } from '#domain/profile.ts';
import { profileAfter, profileChanges } from '#domain/profile.ts';
import { profileChange } from '#domain/transition.ts';
import { isWebhookDue, isWebhookWatched } from '#domain/webhook-watch.ts';
import type { KnownProfile } from '#ports/profiles.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Access, ProfileAnswer } from '#ports/upstream.ts';
import { accessOf } from './access.ts';
import { gone } from './claim-channel.ts';
import type { Deps } from './deps.ts';
import { warnOfProfile } from './incidents/warn.ts';
import { transitionsOf } from './write-history.ts';

/** So often without a wish, in ms; ratings and limits change by the day. */
export const PROFILE_EVERY_MS = 6 * 3_600_000;
/** The most that one read may take, a field dropped here and there included. */
const TIMEOUT_MS = 15_000;
/** The pause after a first failure; it doubles up to `PROFILE_EVERY_MS`. */
const BACK_OFF_MS = 300_000;
/** The most that chance takes off a pause, as a part of it: what was added together drifts apart. */
const JITTER = 0.1;

/**
 * Gives what is known afterwards; a failed read is no error, and leaves what was known. Throws Problem
 * `not_found`, `store_unavailable`.
 */
export async function readProfile(deps: Deps, id: ChannelId): Promise<KnownProfile> {
  const asked = await deps.store.read(async (view) => {
    const found = await view.channels.find(id);
    if (found === null || found.archivedAt !== null) throw gone();
    const credential = await view.credentials.find(found.credentialId);
    if (credential === null) throw new Error(`channel ${id} has no credential`);
    const opened = await accessOf(view, credential);
    return { channel: found, credential, access: opened, known: await view.profiles.find(id) };
  });
  const { channel, known } = asked;
  const answer = await ask(deps, asked);
  const done = await deps.store.change((tx) => write(tx, deps, { channel, known, answer }));
  deps.events.emit('profile_read', {
    channelId: id,
    channel: channel.name,
    changes: done.changes,
    failure: answer.ok ? null : answer.failure.code,
  });
  return done.known;
}

function ask(
  { upstreams, clock, policy }: Pick<Deps, 'upstreams' | 'clock' | 'policy'>,
  about: {
    readonly channel: Channel;
    readonly credential: Credential;
    readonly access: Access;
    readonly known: KnownProfile;
  },
): Promise<ProfileAnswer> {
  const { channel, access, known } = about;
  const when = { now: clock.now(), rotatedAt: about.credential.rotatedAt };
  const withWebhook =
    isWebhookWatched(channel, policy.watchWebhooks) && isWebhookDue(known.profile?.webhook, when);
  const { upstream, nodeId } = channel;
  return upstreams[upstream].readProfile({ nodeId, access, timeoutMs: TIMEOUT_MS, withWebhook });
}

interface Asked {
  readonly channel: Channel;
  /** What was known when it was asked. */
  readonly known: KnownProfile;
  readonly answer: ProfileAnswer;
}

async function write(
  tx: StoreChange,
  deps: Deps,
  { channel, known: before, answer }: Asked,
): Promise<{ readonly known: KnownProfile; readonly changes: number }> {
  const { id } = channel;
  const known = await tx.profiles.find(id);
  const now = await tx.channels.find(id);
  // Somebody else has written meanwhile, or it asks elsewhere now: this answer is of the past.
  const isPast = known.readAt !== before.readAt || known.failuresInARow !== before.failuresInARow;
  if (isPast || now === null || now.credentialId !== channel.credentialId) {
    return { known, changes: 0 };
  }
  const after = afterAnswer(known, answer, deps.clock.now());
  await tx.profiles.write(id, after, nextAt(deps, after));
  if (!answer.ok || after.profile === null) return { known: after, changes: 0 };
  await putPortfolio(tx, now, { seen: answer.profile, at: deps.clock.now() });
  const changes = await tell(tx, deps, { channel: now, was: known.profile, is: after.profile });
  return { known: after, changes };
}

function afterAnswer(known: KnownProfile, answer: ProfileAnswer, now: number): KnownProfile {
  if (!answer.ok) {
    return { ...known, failure: answer.failure, failuresInARow: known.failuresInARow + 1 };
  }
  const profile = profileAfter(known.profile, answer.profile);
  return { profile, readAt: now, failure: null, failuresInARow: 0 };
}

function nextAt({ clock, randomness }: Deps, { failuresInARow, failure }: KnownProfile): number {
  const chance = (randomness.bytes(1)[0] ?? 0) / 255;
  const doubled = BACK_OFF_MS * 2 ** Math.min(failuresInARow - 1, 20);
  const pauseMs = failure === null ? PROFILE_EVERY_MS : Math.min(doubled, PROFILE_EVERY_MS);
  const asked = Math.min(failure?.retryAfterMs ?? 0, PROFILE_EVERY_MS);
  return clock.now() + Math.max(Math.round(pauseMs * (1 - JITTER * chance)), asked);
}

/** One value for all numbers of a business: the newest read of any of them tells it. */
async function putPortfolio(
  tx: StoreChange,
  { identity }: Channel,
  { seen: { messagingLimit }, at }: { readonly seen: Profile; readonly at: number },
): Promise<void> {
  const businessId = identity?.businessId ?? null;
  if (businessId === null || messagingLimit === null) return;
  await tx.profiles.putPortfolio({ businessId, messagingLimit, readAt: at });
}

/** A first profile changes nothing: it is where changes begin. */
async function tell(
  tx: StoreChange,
  deps: Deps,
  {
    channel,
    was,
    is,
  }: { readonly channel: Channel; readonly was: Profile | null; readonly is: Profile },
): Promise<number> {
  if (was === null) return 0;
  const at = deps.clock.now();
  const changes = profileChanges(was, is).map((change) => profileChange({ at, ...change }));
  if (changes.length === 0) return 0;
  await tx.history.add(transitionsOf(deps.ids, channel.id, { changes }));
  await warnOfProfile(tx, deps, { channel, was, is });
  return changes.length;
}
