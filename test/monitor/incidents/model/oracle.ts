/**
 * The rules about incidents (docs/decisions/0022-incidents.md) once more, as plainly as they can be said: nothing is counted along the way,
 * everything is looked up in the list of what each channel ever said since it last left the cause.
 */
import type { Bad, Key, Meaning, Observation, Watched } from './evidence.ts';
import { badKeys, distrust, isBadMeaning, meaningOf, OUTDATED_MS } from './evidence.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const WATCHED_FOR = 1_800 * SECOND;

/** A channel of the model, and what became of it. */
export interface ModelChannel extends Watched {
  readonly log: Observation[];
  isPaused: boolean;
  isRemoved: boolean;
  /** It was paused, and what it shows by now was not seen yet. */
  isUnseen: boolean;
  /** Where in its log what it shows of a cause begins: after it left that last. */
  readonly begins: Map<Key, number>;
  /** Causes that somebody closed by hand. */
  readonly muted: Set<Key>;
}

export interface ModelIncident {
  readonly key: Key;
  readonly openedAt: number;
  readonly isFlapping: boolean;
  status: Bad;
  sentinel: string;
  watchUntil: number;
  resolution: 'recovered' | 'gone' | 'manual' | null;
  /** Members now, and why others are none any more. */
  readonly members: Set<string>;
  readonly left: Map<string, string>;
}

export class Oracle {
  readonly channels: readonly ModelChannel[];
  readonly incidents: ModelIncident[] = [];

  constructor(channels: readonly Omit<Watched, 'log'>[]) {
    this.channels = channels.map((channel) => ({
      ...channel,
      log: [],
      isPaused: false,
      isRemoved: false,
      isUnseen: false,
      begins: new Map(),
      muted: new Set(),
    }));
  }

  open(key: Key): ModelIncident | undefined {
    return this.incidents.find((one) => one.key === key && one.resolution === null);
  }

  observe(channel: ModelChannel, seen: Observation): void {
    channel.log.push(seen);
    const index = channel.log.length - 1;
    for (const key of new Set([...this.shown(channel), ...badKeys(channel, index)])) {
      const meaning = meaningOf(channel, index, key);
      if (isBadMeaning(meaning)) this.#seeBad(channel, key, meaning);
      else if (meaning !== 'nothing') this.#seeNotBad(channel, key, meaning);
    }
    const isSeen = seen.kind === 'good' || this.shown(channel).length > 0;
    if (isSeen && !seen.isPaused) channel.isUnseen = false;
  }

  /** The look at what is outdated: by then it was tried, and nothing else explains it. */
  round(now: number): void {
    for (const channel of this.channels) {
      const { log, isPaused, isRemoved, createdAt } = channel;
      const goodAt = log.findLast(({ kind }) => kind === 'good')?.at ?? createdAt;
      const newest = log.findLast(({ kind }) => kind !== 'outdated');
      if (isPaused || isRemoved || newest?.kind !== 'failed') continue;
      const isExplained =
        distrust(channel, log.length - 1) !== null ||
        this.shown(channel).some((key) => key.startsWith('["unreadable"'));
      if (now - goodAt <= OUTDATED_MS || isExplained) continue;
      this.observe(channel, { kind: 'outdated', at: now, isPaused: false });
    }
  }

  /** It is not watched any more, or not now. */
  quit(channel: ModelChannel, reason: 'paused' | 'removed'): void {
    for (const key of this.shown(channel)) this.#leave(channel, key, reason);
    channel.isUnseen = false;
    if (reason === 'paused') channel.isPaused = true;
    else channel.isRemoved = true;
  }

  resume(channel: ModelChannel): void {
    channel.isUnseen ||= channel.isPaused;
    channel.isPaused = false;
  }

  resolve(incident: ModelIncident): void {
    for (const channel of this.channels) {
      if (!incident.members.has(channel.ref)) continue;
      channel.muted.add(incident.key);
      incident.left.set(channel.ref, 'manual');
    }
    incident.members.clear();
    incident.resolution = 'manual';
  }

  acknowledge(incident: ModelIncident, now: number): void {
    incident.watchUntil = now + WATCHED_FOR;
  }

  /** The causes that it shows at present: suspected, counted, or closed by hand. */
  shown(channel: ModelChannel): readonly Key[] {
    const keys = new Set(channel.log.flatMap((_, index) => badKeys(channel, index)));
    return [...keys].filter((key) => bads(channel, key).length > 0);
  }

  stageOf(channel: ModelChannel, key: Key): 'suspect' | 'member' | 'muted' {
    if (channel.muted.has(key)) return 'muted';
    return this.open(key)?.members.has(channel.ref) === true ? 'member' : 'suspect';
  }

  /** Whether something about this channel waits for its next read, other than a change. */
  waits(channel: ModelChannel, now: number): boolean {
    if (channel.isUnseen) return true;
    return this.shown(channel).some((key) => {
      const incident = this.open(key);
      if (this.stageOf(channel, key) !== 'member' || incident === undefined) return true;
      if (recoveringSince(channel, key) !== null) return true;
      if (badReads(channel, key).at(-1)?.status === 'BLOCKED' && incident.status === 'LIMITED') {
        return true;
      }
      if (incident.sentinel !== channel.ref || !key.startsWith('["entity"')) return false;
      const isFresh = incident.status === 'BLOCKED' && now - incident.openedAt < DAY;
      return isFresh || now < incident.watchUntil;
    });
  }

  #seeBad(channel: ModelChannel, key: Key, status: Bad): void {
    const now = channel.log.at(-1)?.at ?? 0;
    if (channel.muted.has(key)) return;
    const open = this.open(key);
    if (open !== undefined) {
      open.members.add(channel.ref);
      open.left.delete(channel.ref);
      if (isAgreed(channel, key)) open.status = 'BLOCKED';
      return;
    }
    const suspects = this.channels.filter(
      (one) => !one.muted.has(key) && bads(one, key).length > 0,
    );
    const witnesses = suspects.filter(
      (one) => status !== 'BLOCKED' || badReads(one, key).at(-1)?.status === 'BLOCKED',
    );
    const reads = witnesses.flatMap((one) => sinceWorse(one, key));
    if (!isConfirmed(key, { status, now, reads })) return;
    const before = this.incidents.filter((one) => one.key === key && one.openedAt >= now - HOUR);
    this.incidents.push({
      key,
      openedAt: now,
      isFlapping: before.length >= 3,
      status,
      sentinel: channel.ref,
      watchUntil: 0,
      resolution: null,
      members: new Set(suspects.map(({ ref }) => ref)),
      left: new Map(),
    });
  }

  #seeNotBad(channel: ModelChannel, key: Key, meaning: Meaning): void {
    const now = channel.log.at(-1)?.at ?? 0;
    const incident = this.open(key);
    if (this.stageOf(channel, key) !== 'member' || incident === undefined) {
      forget(channel, key);
      return;
    }
    if (meaning === 'moved') {
      this.#leave(channel, key, 'moved');
      return;
    }
    const since = recoveringSince(channel, key);
    const stable = incident.isFlapping ? HOUR : 300 * SECOND;
    if (since !== null && now >= since + stable) {
      this.#leave(channel, key, 'recovered');
    }
  }

  #leave(channel: ModelChannel, key: Key, reason: string): void {
    const incident = this.open(key);
    forget(channel, key);
    if (incident?.members.delete(channel.ref) !== true) return;
    incident.left.set(channel.ref, reason);
    const [next] = [...incident.members].toSorted();
    if (next === undefined) {
      const hasRecovered = [...incident.left.values()].includes('recovered');
      incident.resolution = hasRecovered ? 'recovered' : 'gone';
    } else if (incident.sentinel === channel.ref) incident.sentinel = next;
  }
}

function forget(channel: ModelChannel, key: Key): void {
  channel.begins.set(key, channel.log.length);
  channel.muted.delete(key);
}

/** What was seen bad since it last left the cause, and when. */
function badReads(
  channel: ModelChannel,
  key: Key,
): readonly { readonly at: number; readonly status: Bad }[] {
  const from = channel.begins.get(key) ?? 0;
  return channel.log.flatMap(({ at }, index) => {
    const status = index < from ? 'nothing' : meaningOf(channel, index, key);
    return isBadMeaning(status) ? [{ at, status }] : [];
  });
}

function bads(channel: ModelChannel, key: Key): readonly number[] {
  return badReads(channel, key).map(({ at }) => at);
}

/** Its bad reads from the last one on that was worse than the one before. */
function sinceWorse(channel: ModelChannel, key: Key): readonly number[] {
  const reads = badReads(channel, key);
  const last = reads.findLastIndex(
    ({ status }, at) => status === 'BLOCKED' && reads[at - 1]?.status === 'LIMITED',
  );
  return reads.slice(Math.max(0, last)).map(({ at }) => at);
}

/** Its two newest bad reads say BLOCKED, and are far enough apart to be two. */
function isAgreed(channel: ModelChannel, key: Key): boolean {
  const [before, newest] = badReads(channel, key).slice(-2);
  if (before?.status !== 'BLOCKED' || newest?.status !== 'BLOCKED') return false;
  return newest.at - before.at >= 10 * SECOND;
}

/** The first good read with no bad one after it, and no gap; null while there is none. */
function recoveringSince(channel: ModelChannel, key: Key): number | null {
  const from = channel.begins.get(key) ?? 0;
  const run: number[] = [];
  for (const [index, { at }] of channel.log.entries()) {
    if (index < from) continue;
    const meaning = meaningOf(channel, index, key);
    const isGap = at - (run.at(-1) ?? at) > OUTDATED_MS;
    if (isBadMeaning(meaning) || (meaning === 'good' && isGap)) run.length = 0;
    if (meaning === 'good') run.push(at);
  }
  return run[0] ?? null;
}

/** What cannot be seen was confirmed when trust ended, or by its age. */
function isConfirmed(
  key: Key,
  about: { readonly status: Bad; readonly now: number; readonly reads: readonly number[] },
): boolean {
  const { status, now, reads } = about;
  if (!key.startsWith('["entity"')) return true;
  const spanMs = now - Math.min(...reads);
  if (status === 'BLOCKED') return reads.length >= 2 && spanMs >= 30 * SECOND;
  return reads.length >= 3 && spanMs >= 300 * SECOND;
}
