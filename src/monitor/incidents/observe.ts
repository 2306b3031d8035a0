/**
 * What a read means for incidents, in the transaction that writes it. It keeps what this channel shows of each
 * cause, confirms suspects, opens incidents, and lets the channel join and leave them.
 */
import type { Outcome } from '#domain/channel-state.ts';
import { causeKey } from '#domain/incidents/cause.ts';
import type { SeenCause } from '#domain/incidents/seen-cause.ts';
import { causesIn, isBad, isWorse } from '#domain/incidents/seen-cause.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import { sightBad, sightGood } from '#domain/incidents/sighting.ts';
import type { ReadTimes } from '#domain/incidents/sighting.ts';
import type { Status } from '#domain/status.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreChange } from '#ports/store.ts';
import { blindCause, unreadableCause } from './blind-cause.ts';
import { firstSign } from './first-sign.ts';
import { leaveIncident, recoverMember } from './leave.ts';
import { nameEntitiesOf } from './name-entities.ts';
import { meetIncident } from './open.ts';
import { paceOf } from './pace.ts';
import type { Observation, Sighted } from './sighted.ts';

/**
 * Gives how soon the channel is to be read again, in ms; null leaves it to the schedule. A read that failed
 * says nothing, unless it ended trust.
 */
export async function observe(
  tx: StoreChange,
  deps: Deps,
  observation: Observation,
): Promise<number | null> {
  const { channel, outcome, state } = observation;
  const before = await tx.incidents.signsOf(channel.id);
  const times = timesOf(outcome);
  const sighted = { ...observation, tx, deps, times };
  if (outcome.ok) await nameEntitiesOf(tx, observation);
  // Whoever reads a paused channel wants to know; nobody wants to be told.
  if (channel.pausedAt !== null) return null;
  if (outcome.ok) {
    await observeGood(sighted, before);
  } else if (state.trust.state === 'ended') {
    await observeBlind(sighted, before);
  } else if (before.length === 0) {
    return null;
  }
  return settlePace(sighted, before);
}

function timesOf(outcome: Outcome): ReadTimes {
  return outcome.ok
    ? { startedAt: outcome.snapshot.startedAt, readAt: outcome.snapshot.readAt }
    : { startedAt: outcome.at, readAt: outcome.at };
}

async function observeGood(sighted: Sighted, signs: readonly Sign[]): Promise<void> {
  const { channel, deps, outcome } = sighted;
  if (!outcome.ok) return;
  const sha256Hex = (text: string) => deps.digest.sha256Hex(text);
  const seen = causesIn(outcome.snapshot.report, { channelId: channel.id, sha256Hex });
  const known = new Map(signs.map((sign) => [causeKey(sign.cause, sign.capability), sign]));
  // In the order of keys, so that two programs never lock incidents in a circle.
  for (const key of [...new Set([...known.keys(), ...seen.keys()])].toSorted()) {
    const sign = known.get(key);
    const said = seen.get(key);
    if (said !== undefined && isBad(said.status)) await seeBad(sighted, sign, said);
    else if (sign !== undefined) await seeNotBad(sighted, sign, { said, seen });
  }
}

async function seeBad(sighted: Sighted, sign: Sign | undefined, said: SeenCause): Promise<void> {
  const { status, codes } = said;
  const next =
    sign === undefined
      ? firstSign(sighted, said)
      : sightBad(sign, { status, codes }, sighted.times);
  await sighted.tx.incidents.putSign(next);
  if (next.stage === 'muted') return;
  await meetIncident(sighted, next, sign === undefined ? said : { ...said, was: sign });
}

/** What an answer says of a sign's cause, and of all others. */
interface Told {
  readonly said: SeenCause | undefined;
  readonly seen: ReadonlyMap<string, SeenCause>;
}

/** Good, gone, or not to be told: only the first ends anything, and only by a read of this very channel. */
async function seeNotBad(sighted: Sighted, sign: Sign, about: Told): Promise<void> {
  const { tx, times, channel } = sighted;
  const { cause, capability } = sign;
  const status = about.said?.status ?? statusSpokenFor(sign, about.seen);
  const isMoved =
    isElsewhere(sighted, sign) || isReplaced(sign, about) || (status !== null && isBad(status));
  const isSeenGood = !isMoved && (cause.kind === 'entity' ? status === 'AVAILABLE' : isBlind(sign));
  if (!isSeenGood && !isMoved) return;
  if (sign.stage !== 'member') {
    await tx.incidents.dropSign(channel.id, { cause, capability });
    return;
  }
  if (isSeenGood) {
    await recoverMember(sighted, sightGood(sign, times, channel.intervalMs));
    return;
  }
  await leaveIncident(sighted, sign, { reason: 'moved', at: times.readAt });
}

/** Of Meta's aggregate, which is no cause any more once entities report themselves: the worst that they say. */
function statusSpokenFor(
  { cause, capability }: Sign,
  seen: ReadonlyMap<string, SeenCause>,
): Status | null {
  if (cause.kind !== 'entity' || cause.type !== null) return null;
  const said = [...seen.values()].filter((other) => other.capability === capability);
  return said.reduce<Status | null>(
    (worst, { status }) => (worst === null || isWorse(status, worst) ? status : worst),
    null,
  );
}

/** A good read ends what was about not being able to read. */
function isBlind({ cause }: Sign): boolean {
  return cause.kind === 'credential' || cause.kind === 'unreadable';
}

/** It is read with another credential, or belongs to another WABA, than the cause is about. */
function isElsewhere({ channel }: Sighted, sign: Sign): boolean {
  if (!isBlind(sign)) return false;
  const { kind, ref } = sign.cause;
  if (kind === 'credential') return ref !== channel.credentialId;
  // Before its first good read nobody knew to which WABA it belongs.
  const unidentified = unreadableCause({ ...channel, identity: null });
  return ref !== unreadableCause(channel).ref && ref !== unidentified.ref;
}

/**
 * Another entity of that type stands in its place: the number has moved to another WABA, say. In the place of
 * Meta's aggregate stand the entities that are bad.
 */
function isReplaced({ cause, capability }: Sign, { said, seen }: Told): boolean {
  if (said !== undefined || cause.kind !== 'entity') return false;
  const others = [...seen.values()].filter((other) => other.capability === capability);
  return others.some(({ cause: { type }, status }) =>
    cause.type === null ? isBad(status) : type === cause.type,
  );
}

/** Trust in what is stored has ended: confirmed by a second read already. */
async function observeBlind(sighted: Sighted, signs: readonly Sign[]): Promise<void> {
  const said = blindCause(sighted);
  if (said === null) return;
  const key = causeKey(said.cause, null);
  const sign = signs.find((one) => causeKey(one.cause, one.capability) === key);
  // It was told when trust ended; what fails on and on says nothing new, but for a recovery that was none.
  if (sign !== undefined && sign.goodSince === null) return;
  const next = sign === undefined ? firstSign(sighted, said) : sightBad(sign, said, sighted.times);
  await sighted.tx.incidents.putSign(next);
  await meetIncident(sighted, next, said);
}

/** Whether every read of it counts from now on, and how soon the next one is wanted. */
async function settlePace(sighted: Sighted, before: readonly Sign[]): Promise<number | null> {
  const { tx, channel, outcome } = sighted;
  const signs = await tx.incidents.signsOf(channel.id);
  // A good read also ends what a resumed channel was read closely for.
  if (signs.length === 0 && before.length === 0 && !outcome.ok) return null;
  const { paceMs, isClosely } = await paceOf(sighted, signs);
  await tx.incidents.setClosely(channel.id, isClosely);
  return paceMs;
}
