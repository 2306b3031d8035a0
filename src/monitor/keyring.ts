/**
 * The keys that memory knows: by their hash, never by their text.
 *
 * A key once known is honoured while the store is away. Whoever adds, revokes or replaces keys calls
 * `forget` with their hashes after the commit, so that revocation holds at once.
 */
import type { ApiKey } from '#domain/api-key.ts';
import type { Channel } from '#domain/channel.ts';
import { isLive } from '#domain/api-key.ts';
import type { ApiKeyId, ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import type { Store } from '#ports/store.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Policy } from './deps.ts';

export interface KnownKey {
  readonly keyId: ApiKeyId;
  readonly channelId: ChannelId;
  readonly origin: ApiKey['origin'];
  readonly expiresAt: number | null;
}

/**
 * Whether a client's key is also what the upstream is asked with, so that a rejection there is one of the
 * client's key. A channel that moved to graph keeps an adopted key that only we know any more.
 */
export function isOwnKey(
  { upstream }: Pick<Channel, 'upstream'>,
  { origin }: Pick<KnownKey, 'origin'>,
): boolean {
  return origin === 'adopted' && upstream === 'dialog360';
}

interface KeyringDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Policy;
}

interface Lookup {
  readonly answer: Promise<KnownKey | null>;
  /** True once `forget` named the key: what the store answers may be older than that change. */
  forgotten: boolean;
}

export class Keyring {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #policy: Policy;
  readonly #known: BoundedMap<string, KnownKey>;
  readonly #unknownUntil: BoundedMap<string, number>;
  readonly #lookups = new Map<string, Lookup>();

  constructor({ store, clock, policy }: KeyringDeps) {
    this.#store = store;
    this.#clock = clock;
    this.#policy = policy;
    this.#known = new BoundedMap(policy.keysMax);
    this.#unknownUntil = new BoundedMap(policy.unknownKeysMax);
  }

  /** What memory knows of this hash at `now`; null also for a key that only the store knows. */
  peek(hash: string, now: number): KnownKey | null {
    const key = this.#known.get(hash);
    if (key === undefined) return null;
    return key.expiresAt === null || now < key.expiresAt ? key : null;
  }

  /**
   * The live key with this hash; null when it is unknown, revoked or expired. Asks the store when memory
   * does not know. Throws Problem `store_unavailable`.
   */
  async resolve(hash: string): Promise<KnownKey | null> {
    const now = this.#clock.now();
    if (this.#known.get(hash) !== undefined) return this.peek(hash, now);
    if ((this.#unknownUntil.get(hash) ?? now) > now) return null;
    return (this.#lookups.get(hash) ?? this.#lookUp(hash)).answer;
  }

  /** Drops what memory knows of these hashes, that they are unknown included. */
  forget(hashes: Iterable<string>): void {
    for (const hash of hashes) {
      this.#known.delete(hash);
      this.#unknownUntil.delete(hash);
      const lookup = this.#lookups.get(hash);
      if (lookup !== undefined) lookup.forgotten = true;
      this.#lookups.delete(hash);
    }
  }

  #lookUp(hash: string): Lookup {
    if (this.#lookups.size >= this.#policy.unknownKeysMax) {
      throw new Problem('store_unavailable', 'Too many keys are being looked up; ask again.');
    }
    const finish = (): void => {
      if (this.#lookups.get(hash) === lookup) this.#lookups.delete(hash);
    };
    const answer = this.#findLive(hash).then((key) => {
      if (!lookup.forgotten) this.#learn(hash, key);
      return key;
    });
    const lookup: Lookup = { answer, forgotten: false };
    this.#lookups.set(hash, lookup);
    answer.then(finish, finish);
    return lookup;
  }

  async #findLive(hash: string): Promise<KnownKey | null> {
    const key = await this.#store.read((view) => view.apiKeys.findByHash(hash));
    if (key === null || !isLive(key, this.#clock.now())) return null;
    const { id, channelId, origin, expiresAt } = key;
    return { keyId: id, channelId, origin, expiresAt };
  }

  #learn(hash: string, key: KnownKey | null): void {
    if (key === null) this.#unknownUntil.set(hash, this.#clock.now() + this.#policy.unknownKeyMs);
    else this.#known.set(hash, key);
  }
}
