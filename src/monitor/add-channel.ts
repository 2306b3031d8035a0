/** A channel is born with its first snapshot: credential, channel, adopted key and outcome, or nothing. */
import type { Channel } from '#domain/channel.ts';
import type { ChannelState } from '#domain/channel-state.ts';
import { NEVER_READ } from '#domain/channel-state.ts';
import type { Credential } from '#domain/credential.ts';
import type { Failure } from '#domain/failure.ts';
import { intervalMsFor } from '#domain/interval.ts';
import { Problem } from '#domain/problem.ts';
import { RECORDED_BEFORE_ALL } from '#domain/transition.ts';
import { NO_NAMES } from '#ports/profiles.ts';
import type { StoreChange, StoreView } from '#ports/store.ts';
import type { Access } from '#ports/upstream.ts';
import type { ChannelWish, PutChannel } from './channel-wish.ts';
import { writeOutcome } from './commit-outcome.ts';
import { accessOfChoice, credentialOfChoice } from './credential-choice.ts';
import { addAdopted } from './keys.ts';
import type { Monitor } from './monitor.ts';
import { replaceChannel } from './replace-channel.ts';
import { trialRead } from './trial-read.ts';
import type { Trial } from './trial-read.ts';
import { watchOf, writeWatch } from './watch-changes.ts';

/** As `putChannel`, for a name that is new. Precondition: the wish has the right form. */
export async function addChannel(
  monitor: Monitor,
  name: string,
  wish: ChannelWish,
): Promise<PutChannel> {
  const { deps, keyring, latest } = monitor;
  const access = await deps.store.read((view) => accessFor(view, name, wish));
  const { upstream, nodeId } = wish;
  const about = { upstream, access, nodeId, pinned: null };
  const trial = wish.check ? await trialRead(deps, about) : null;
  if (trial !== null && !trial.outcome.ok) refuseDefinitive(trial.outcome.failure, wish);
  const born = await deps.store.change((tx) => write(tx, monitor, { name, wish, trial }));
  keyring.forget(born.hashes);
  latest.forget(born.channel.id);
  const { channel, state, created } = born;
  return { channel, state, created };
}

async function accessFor(view: StoreView, name: string, wish: ChannelWish): Promise<Access> {
  if ('secret' in wish.credential) await requireFreeName(view, name);
  return accessOfChoice(view, wish);
}

/** The credential that comes with a channel takes its name: before anybody is asked, that is free. */
async function requireFreeName(view: StoreView, name: string): Promise<void> {
  if ((await view.credentials.find(name)) === null) return;
  throw new Problem(
    'conflict',
    `There is a credential ${name} already, and one that is added with a channel takes its name. ` +
      `To use that one, name it instead of a secret; else choose another name for the channel.`,
  );
}

/** Refuses what is probably a mistake of typing. Everything else is a state worth watching. */
function refuseDefinitive(failure: Failure, { upstream, nodeId }: ChannelWish): void {
  const who = upstream === 'dialog360' ? '360dialog' : 'Meta';
  if (failure.code === 'credential_rejected') {
    const what = upstream === 'dialog360' ? 'key' : 'token';
    throw new Problem(
      'credential_rejected',
      `${who} rejects this ${what}; nothing was added. ${failure.detail}`,
    );
  }
  if (failure.code !== 'not_found_or_forbidden') return;
  const where = nodeId === null ? 'health' : `node ${nodeId}`;
  throw new Problem(
    'check_failed',
    `${who} does not show the ${where} to this credential; nothing was added. ${failure.detail} ` +
      'Check the id and what the credential may see; to add it all the same, add it unchecked.',
  );
}

interface Birth {
  readonly name: string;
  readonly wish: ChannelWish;
  readonly trial: Trial | null;
}

async function write(tx: StoreChange, monitor: Monitor, birth: Birth) {
  // Somebody else may have added it while we asked: then this is an ordinary replacement.
  const known = await replaceChannel(tx, monitor.deps, birth);
  if (known !== null) return { ...known, hashes: [] };
  const credential = await credentialFor(tx, monitor, birth);
  const channel = await addRow(tx, monitor, { ...birth, credential });
  const hashes: string[] = [];
  if (birth.wish.adoptKey) {
    const secret = await tx.credentials.secretOf(credential.id);
    hashes.push((await addAdopted(tx, monitor, { channel, secret })).hash);
  }
  const is = watchOf(channel);
  await writeWatch(tx, monitor.deps, { channel, was: null, is, detail: null });
  const first = await writeFirst(tx, monitor, { channel, trial: birth.trial });
  return { ...first, created: true, hashes };
}

/** Looked up again, or added: only what holds in this transaction counts. */
async function credentialFor(
  tx: StoreChange,
  monitor: Monitor,
  { name, wish }: Birth,
): Promise<Credential> {
  if ('secret' in wish.credential) await requireFreeName(tx, name);
  return credentialOfChoice(tx, monitor, { name, wish });
}

async function addRow(
  tx: StoreChange,
  { deps: { ids, clock, policy } }: Monitor,
  { name, wish, credential }: Birth & { readonly credential: Credential },
): Promise<Channel> {
  const { upstream, nodeId, externalId, labels, checkIntervalMs } = wish;
  const now = clock.now();
  const channel: Channel = {
    id: ids.next('ch'),
    name,
    externalId,
    upstream,
    credentialId: credential.id,
    nodeId,
    labels,
    checkIntervalMs,
    intervalMs: intervalMsFor(wish, policy.intervals),
    pausedAt: wish.paused === true ? now : null,
    identity: null,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  };
  await tx.channels.add(channel);
  return channel;
}

async function writeFirst(
  tx: StoreChange,
  { deps }: Monitor,
  { channel, trial }: { readonly channel: Channel; readonly trial: Trial | null },
): Promise<{ readonly channel: Channel; readonly state: ChannelState }> {
  if (trial === null) return { channel, state: NEVER_READ };
  const claim = await tx.channels.claim(channel.id, deps.clock.now(), deps.policy.leaseMs);
  const row = {
    channel,
    state: NEVER_READ,
    recorded: RECORDED_BEFORE_ALL,
    worked: { messaging: null, calling: null },
    paceMs: channel.intervalMs,
    names: NO_NAMES,
  };
  const { outcome, body } = trial;
  const first = await writeOutcome(tx, deps, { row, outcome, body });
  if (claim?.attempt !== first.state.attempt || !first.written) {
    throw new Error(`channel ${channel.id} was not new`);
  }
  return first;
}
