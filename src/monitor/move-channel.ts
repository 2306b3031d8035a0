/**
 * Moves a channel: from now on it is asked through another upstream, credential or node, and keeps its
 * history and its keys.
 */
import { bucketOf } from '#domain/bucket.ts';
import type { UpstreamKind } from '#domain/billing.ts';
import type { Channel } from '#domain/channel.ts';
import type { Credential } from '#domain/credential.ts';
import type { Failure } from '#domain/failure.ts';
import { intervalMsFor } from '#domain/interval.ts';
import { Problem } from '#domain/problem.ts';
import type { StoreChange, StoreView } from '#ports/store.ts';
import type { Access } from '#ports/upstream.ts';
import { followKey } from './adopted-key.ts';
import type { CredentialChoice } from './channel-wish.ts';
import { requireSource } from './channel-wish-check.ts';
import { gone } from './claim-channel.ts';
import { writeOutcome } from './commit-outcome.ts';
import { accessOfChoice, credentialOfChoice } from './credential-choice.ts';
import type { Monitor } from './monitor.ts';
import { nextAttempt } from './next-attempt.ts';
import { trialRead } from './trial-read.ts';
import type { Trial } from './trial-read.ts';
import { watchOf, writeWatch } from './watch-changes.ts';

export interface MoveWish {
  readonly upstream: UpstreamKind;
  readonly credential: CredentialChoice;
  readonly nodeId: string | null;
  /** Whether it may be another number from now on. */
  readonly otherNumber: boolean;
}

export interface Moved {
  readonly channel: Channel;
  /** The credential that it used before, when no channel uses that any more. */
  readonly unused: Credential | null;
}

/**
 * Reads with the new access first; nothing changes unless that is a good read of the same number (or of
 * any, where the wish says so). An adopted 360dialog key is replaced by the new one; on graph it stays a
 * key of the channel.
 *
 * Throws Problem `not_found`, `invalid_request`, `sandbox_key`, `conflict` (the node or the key is
 * watched by another channel), `credential_rejected`, `identity_changed`, `check_failed`.
 */
export async function moveChannel(monitor: Monitor, ref: string, wish: MoveWish): Promise<Moved> {
  const { deps, keyring, latest } = monitor;
  requireSource(wish);
  const { channel, access } = await deps.store.read((view) => lookUp(view, ref, wish));
  const pinned = wish.otherNumber ? null : channel.identity;
  const { upstream, nodeId } = wish;
  const trial = await trialRead(deps, { upstream, access, nodeId, pinned });
  if (!trial.outcome.ok) throw refusal(trial.outcome.failure);
  const attempt = await nextAttempt(deps, channel.id);
  const proof = { access, attempt, trial };
  const done = await deps.store.change((tx) => write(tx, monitor, { channel, wish, proof }));
  keyring.forget(done.hashes);
  latest.forget(channel.id);
  return done;
}

async function lookUp(view: StoreView, ref: string, wish: MoveWish) {
  const channel = await view.channels.find(ref);
  if (channel === null || channel.archivedAt !== null) {
    throw new Problem('not_found', `There is no channel ${ref}.`);
  }
  return { channel, access: await accessOfChoice(view, wish) };
}

function refusal({ code, detail }: Failure): Problem {
  const nothing = 'The channel stays as it was.';
  if (code === 'credential_rejected') {
    return new Problem(code, `The new access is rejected. ${detail} ${nothing}`);
  }
  if (code === 'identity_changed') {
    return new Problem(
      code,
      `The new access is for another number. ${detail} ${nothing} If it is to watch another number ` +
        'from now on, say so; to watch both, add the other one under a name of its own.',
    );
  }
  return new Problem(
    'check_failed',
    `A read with the new access failed. ${detail} ${nothing} Try again.`,
  );
}

interface Move {
  readonly channel: Channel;
  readonly wish: MoveWish;
  /** The good read with the new access, and the attempt under which it is written. */
  readonly proof: { readonly access: Access; readonly attempt: number; readonly trial: Trial };
}

async function write(tx: StoreChange, monitor: Monitor, { channel: { id }, wish, proof }: Move) {
  const { deps } = monitor;
  const row = await tx.channels.findRow(id);
  const { outcome, body } = proof.trial;
  if (row === null || row.channel.archivedAt !== null || !outcome.ok) throw gone();
  const name = await freeName(tx, row.channel.name);
  const credential = await credentialOfChoice(tx, monitor, { name, wish });
  const before = row.channel;
  const channel = movedTo(before, { wish, credential, monitor });
  await tx.channels.replace(channel);
  await tx.schedule.setBucket(id, bucketOf(channel));
  const snapshot = { ...outcome.snapshot, attempt: proof.attempt };
  const outcomeNow = { ok: true, snapshot } as const;
  const written = await writeOutcome(tx, deps, {
    row: { ...row, channel },
    outcome: outcomeNow,
    body,
  });
  await tx.profiles.setDue(id, deps.clock.now());
  const old = await tx.credentials.find(before.credentialId);
  const detail = sentenceOf({ before, old, channel, credential });
  const watch = watchOf(channel);
  await writeWatch(tx, deps, { channel, was: watch, is: watch, detail });
  const { secret } = proof.access;
  const hashes =
    channel.upstream === 'dialog360' ? await followKey(tx, monitor, { channel, secret }) : [];
  const isUnused = old !== null && (await tx.credentials.usesOf(old.id)) === 0;
  return { channel: written.channel, unused: isUnused ? old : null, hashes };
}

function movedTo(
  channel: Channel,
  about: {
    readonly wish: MoveWish;
    readonly credential: Credential;
    readonly monitor: Monitor;
  },
): Channel {
  const { wish, credential, monitor } = about;
  const { clock, policy } = monitor.deps;
  const { upstream, nodeId } = wish;
  const source = { upstream, nodeId, credentialId: credential.id };
  const intervalMs = intervalMsFor({ ...channel, upstream }, policy.intervals);
  return { ...channel, ...source, intervalMs, updatedAt: clock.now() };
}

/** A new credential has the channel's name where that is free, else the next one with a number. */
async function freeName(tx: StoreChange, name: string): Promise<string> {
  for (let number = 1; number < NAMES_TRIED_MAX; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const tried = `${name.slice(0, 63 - suffix.length)}${suffix}`;
    if ((await tx.credentials.find(tried)) === null) return tried;
  }
  throw new Problem('conflict', `Too many credentials are named ${name}; add the new one first.`);
}

const NAMES_TRIED_MAX = 100;

function sentenceOf(about: {
  readonly before: Channel;
  readonly old: Credential | null;
  readonly channel: Channel;
  readonly credential: Credential;
}): string {
  const { before, old, channel, credential } = about;
  const from = placeText(before, old?.name ?? before.credentialId);
  return `Moved from ${from} to ${placeText(channel, credential.name)}.`;
}

function placeText({ upstream, nodeId }: Channel, credential: string): string {
  return `${upstream} (credential ${credential}${nodeId === null ? '' : `, node ${nodeId}`})`;
}
