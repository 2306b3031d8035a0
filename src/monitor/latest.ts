/**
 * What memory holds of each channel: a copy of the newest committed state with its body, so that an
 * answer costs no query. Loaded on demand, replaced after each commit, dropped by `forget`.
 */
import type { BilledBy } from '#domain/billing.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState } from '#domain/channel-state.ts';
import type { ChannelId, CredentialId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { UnchangedRead } from '#ports/schedule.ts';
import type { Store, StoreView } from '#ports/store.ts';
import type { Policy } from './deps.ts';
import { Forgotten } from './forgotten.ts';

/** Forgotten things that are told apart: far more than change while one of them is read. */
const FORGOTTEN_MAX = 10_000;

/** Never changed in place: a new state is a new object, so that derived data can hang on it. */
export interface Held {
  readonly channel: Channel;
  readonly billedBy: BilledBy;
  readonly state: ChannelState;
  /** The body of `state.good`, byte for byte; null exactly when there is none. */
  readonly body: Uint8Array | null;
}

export class Latest {
  readonly #store: Store;
  readonly #policy: Policy;
  readonly #held = new Map<ChannelId, Held>();
  readonly #loading = new Map<ChannelId, Promise<Held | null>>();
  readonly #forgotten = new Forgotten(FORGOTTEN_MAX);
  #bodyBytes = 0;

  constructor(store: Store, policy: Policy) {
    this.#store = store;
    this.#policy = policy;
  }

  peek(id: ChannelId): Held | undefined {
    return this.#held.get(id);
  }

  /** What memory or else the store has; null when the channel is gone or archived. */
  load(id: ChannelId): Promise<Held | null> {
    const known = this.#held.get(id);
    if (known !== undefined) return Promise.resolve(known);
    const running = this.#loading.get(id);
    if (running !== undefined) return running;
    if (this.#loading.size >= this.#policy.readsMax) {
      const message = 'Too many channels are being looked up; ask again.';
      return Promise.reject(new Problem('store_unavailable', message));
    }
    const load = this.reload(id).finally(() => {
      if (this.#loading.get(id) === load) this.#loading.delete(id);
    });
    this.#loading.set(id, load);
    return load;
  }

  /** What the store has now, also when memory holds something. */
  async reload(id: ChannelId): Promise<Held | null> {
    const mark = this.mark();
    const found = await this.#store.read((view) => heldIn(view, id));
    if (found === null || !this.#place(found, mark)) this.#drop(id);
    return found;
  }

  /** Taken before reading from the store what `put` will bring. */
  mark(): number {
    return this.#forgotten.mark();
  }

  /**
   * Replaces what is held after a commit, unless that is newer or was forgotten since the mark. One that
   * comes too late leaves nothing held, also by a load under way, which may have read before the commit.
   */
  put(next: Held, mark: number): void {
    if (!this.#place(next, mark)) this.forget(next.channel.id);
  }

  /** False when it, or its credential, was forgotten since the mark, and nothing newer is held. */
  #place(next: Held, mark: number): boolean {
    const { id, credentialId } = next.channel;
    if ((this.#held.get(id)?.state.attempt ?? -1) > next.state.attempt) return true;
    const refs = [id, credentialId];
    if (refs.some((ref) => this.#forgotten.isSince(ref, mark))) return false;
    this.#drop(id);
    this.#held.set(id, next);
    this.#bodyBytes += next.body?.byteLength ?? 0;
    for (const oldest of this.#held.keys()) {
      const { channelsMax, bodyBytesMax } = this.#policy;
      if (this.#held.size <= channelsMax && this.#bodyBytes <= bodyBytesMax) break;
      this.#drop(oldest);
    }
    return true;
  }

  /**
   * A committed good read with this body: where that is the one held, only its times are new. Any other
   * was written elsewhere, so what is held is old and goes.
   */
  refresh(
    id: ChannelId,
    times: Omit<UnchangedRead, 'id' | 'dueAt' | 'repeats'> & { readonly bodyHash: string },
  ): void {
    const held = this.#held.get(id);
    const { attempt, startedAt, readAt, version, traceId } = times;
    if (held === undefined || held.state.attempt >= attempt) return;
    const { good, lastFailure } = held.state;
    if (good?.bodyHash !== times.bodyHash || lastFailure !== null) {
      this.forget(id);
      return;
    }
    const fresh = { ...good, attempt, startedAt, readAt, served: { version, traceId } };
    this.#held.set(id, { ...held, state: { ...held.state, attempt, good: fresh } });
  }

  /** To be called after the commit of any change to a channel. */
  forget(id: ChannelId): void {
    this.#forgotten.add(id);
    this.#loading.delete(id);
    this.#drop(id);
  }

  /** To be called after the commit of any change to a credential: drops all channels that use it. */
  forgetCredential(credentialId: CredentialId): void {
    this.#forgotten.add(credentialId);
    // Of a load under way nobody knows yet which credential it will bring.
    this.#loading.clear();
    for (const [id, { channel }] of this.#held) {
      if (channel.credentialId === credentialId) this.#drop(id);
    }
  }

  #drop(id: ChannelId): void {
    this.#bodyBytes -= this.#held.get(id)?.body?.byteLength ?? 0;
    this.#held.delete(id);
  }
}

/** What the store has of a channel; null when it is gone or archived. */
async function heldIn(view: StoreView, id: ChannelId): Promise<Held | null> {
  const row = await view.channels.findRow(id);
  if (row === null || row.channel.archivedAt !== null) return null;
  const billedBy = await billedByIn(view, row.channel);
  const body = row.state.good === null ? null : await view.channels.bodyOf(id);
  return { ...row, billedBy, body };
}

/** Who pays for a channel, as its credential says. */
export async function billedByIn(view: StoreView, channel: Channel): Promise<BilledBy> {
  return (await view.credentials.find(channel.credentialId))?.billedBy ?? 'unknown';
}
