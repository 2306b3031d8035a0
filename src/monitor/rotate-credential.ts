/** Replaces a credential's secret, after a read with the new one has shown that it is the right one. */
import type { Channel } from '#domain/channel.ts';
import type { Credential } from '#domain/credential.ts';
import type { Failure } from '#domain/failure.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import { hintOf } from '#domain/secret.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Access } from '#ports/upstream.ts';
import { accessOf } from './access.ts';
import { followKey } from './adopted-key.ts';
import { writeOutcome } from './commit-outcome.ts';
import type { Monitor } from './monitor.ts';
import { requireSecret } from './name-check.ts';
import { nextAttempt } from './next-attempt.ts';
import { trialRead } from './trial-read.ts';
import type { Trial } from './trial-read.ts';

export interface Rotated {
  readonly credential: Credential;
  /** The channel that was read with the new secret; null when none uses the credential. */
  readonly channel: Channel | null;
}

interface Before {
  readonly credential: Credential;
  readonly channel: Channel | null;
  readonly access: Access;
}

/**
 * Reads one channel of the credential with the new secret first; nothing changes unless that is a good
 * read of the same number. An adopted API key follows: the old one is revoked, the new one adopted.
 *
 * Throws Problem `not_found`, `invalid_request`, `sandbox_key`, `credential_rejected`,
 * `identity_changed`, `check_failed` (the read failed for another reason, or another read of the channel
 * does not end: try again).
 */
export async function rotateCredential(
  monitor: Monitor,
  ref: string,
  secret: Secret,
): Promise<Rotated> {
  const before = await lookUp(monitor, ref);
  requireSecret(secret, before.credential.upstream);
  const { channel } = before;
  const proof = channel === null ? null : await tryOut(monitor, { ...before, channel }, secret);
  const { credential, hashes } = await monitor.deps.store.change((tx) =>
    write(tx, monitor, { before, secret, proof }),
  );
  monitor.keyring.forget(hashes);
  monitor.schedule.credentialChanged(credential.id);
  monitor.latest.forgetCredential(credential.id);
  await monitor.schedule.revive(credential.id);
  return { credential, channel };
}

function lookUp({ deps: { store } }: Monitor, ref: string): Promise<Before> {
  return store.read(async (view) => {
    const credential = await view.credentials.find(ref);
    if (credential === null) throw new Problem('not_found', `There is no credential ${ref}.`);
    const filter = { credentialId: credential.id };
    const { items } = await view.channels.list({ after: null, limit: 1 }, filter);
    const access = await accessOf(view, credential);
    return { credential, channel: items[0]?.channel ?? null, access };
  });
}

/** A good read with the new secret, and the attempt number under which it is to be written. */
interface Proof extends Trial {
  readonly channel: Channel;
  readonly attempt: number;
}

async function tryOut(
  { deps }: Monitor,
  { credential: { upstream }, channel, access }: Before & { readonly channel: Channel },
  secret: Secret,
): Promise<Proof> {
  const { nodeId, identity: pinned } = channel;
  const trial = await trialRead(deps, { upstream, access: { ...access, secret }, nodeId, pinned });
  if (!trial.outcome.ok) throw refusal(trial.outcome.failure);
  return { ...trial, channel, attempt: await nextAttempt(deps, channel.id) };
}

function refusal({ code, detail }: Failure): Problem {
  const nothing = 'The old secret stays.';
  if (code === 'credential_rejected') {
    return new Problem('credential_rejected', `The new secret is rejected. ${detail} ${nothing}`);
  }
  if (code === 'identity_changed') {
    const message = `The new secret belongs to another number. ${detail} ${nothing}`;
    return new Problem('identity_changed', message);
  }
  const message = `A read with the new secret failed. ${detail} ${nothing} Try again.`;
  return new Problem('check_failed', message);
}

interface Change {
  readonly before: Before;
  readonly secret: Secret;
  /** Null when no channel uses the credential. */
  readonly proof: Proof | null;
}

async function write(tx: StoreChange, monitor: Monitor, { before, secret, proof }: Change) {
  const { clock } = monitor.deps;
  const known = await tx.credentials.find(before.credential.id);
  if (known === null) {
    throw new Problem('not_found', `There is no credential ${before.credential.name} any more.`);
  }
  const credential = { ...known, secretHint: hintOf(secret), rotatedAt: clock.now() };
  await tx.credentials.replace(credential, secret);
  if (proof === null) return { credential, hashes: [] };
  await writeProof(tx, monitor, proof);
  const { channel } = proof;
  return { credential, hashes: await followKey(tx, monitor, { channel, secret }) };
}

/** The read that proved the secret becomes the channel's newest good read. */
async function writeProof(
  tx: StoreChange,
  { deps }: Monitor,
  { channel, attempt, outcome, body }: Proof,
): Promise<void> {
  const row = await tx.channels.findRow(channel.id);
  if (row === null || !outcome.ok) return;
  const snapshot = { ...outcome.snapshot, attempt };
  await writeOutcome(tx, deps, { row, outcome: { ok: true, snapshot }, body });
}
