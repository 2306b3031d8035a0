/** Reads of named fields (`?fields=`): passed through, kept briefly, stored nowhere, judged by nobody. */
import type { Failure } from '#domain/failure.ts';
import { Problem } from '#domain/problem.ts';
import type { FieldsAnswer, Question } from '#ports/upstream.ts';
import { accessOf } from './access.ts';
import type { CacheStory } from './answer-health.ts';
import { Budget } from './budget.ts';
import type { Deps } from './deps.ts';
import type { KnownKey } from './keyring.ts';
import { isOwnKey } from './keyring.ts';
import type { Held, Latest } from './latest.ts';

export interface FieldsQuestion {
  readonly key: KnownKey;
  /** Valid, sorted and unique. */
  readonly fields: readonly string[];
  /** As in `HealthQuestion`. */
  readonly maxAgeMs: number | null;
}

export type FieldsResult =
  | {
      readonly kind: 'answer';
      readonly held: Held;
      readonly body: Uint8Array;
      readonly readAt: number;
      readonly story: CacheStory;
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryAfterMs: number | null }
  /** The channel has caused more such reads than it may. */
  | { readonly kind: 'too_many'; readonly retryAfterMs: number }
  | { readonly kind: 'unauthorized' };

interface Kept {
  readonly answer: FieldsAnswer;
  readonly readAt: number;
}

const CHANNELS_MAX = 10_000;

export class FieldsReads {
  readonly #deps: Deps;
  readonly #latest: Latest;
  readonly #budget: Budget;
  readonly #kept = new Map<string, Kept>();
  readonly #running = new Map<string, Promise<Kept>>();
  #keptBytes = 0;

  constructor(deps: Deps, latest: Latest) {
    const { forcedReadEveryMs: windowMs, fieldsReadsMax: times } = deps.policy;
    this.#deps = deps;
    this.#latest = latest;
    this.#budget = new Budget({ times, windowMs, keysMax: CHANNELS_MAX });
  }

  async read({ key, fields, maxAgeMs }: FieldsQuestion): Promise<FieldsResult> {
    const held = await this.#latest.load(key.channelId);
    if (held === null) return { kind: 'unauthorized' };
    const about = `${key.channelId} ${fields.join(',')}`;
    const kept = this.#keptFor(about, held);
    if (kept !== null && !this.#wantsNewer(kept, maxAgeMs)) {
      return this.#resultOf(kept, { held, key, story: { hit: true, detail: null } });
    }
    const joined = this.#running.get(about);
    if (joined === undefined) {
      const waitMs = this.#budget.take(key.channelId, this.#deps.clock.now());
      const story = { hit: true, detail: 'budget' } as const;
      if (waitMs > 0 && kept !== null) return this.#resultOf(kept, { held, key, story });
      if (waitMs > 0) return { kind: 'too_many', retryAfterMs: waitMs };
    }
    const fwd = kept === null ? 'uri-miss' : 'request';
    const story = { hit: false, fwd, collapsed: joined !== undefined } as const;
    const read = await (joined ?? this.#start(about, held, fields));
    return this.#resultOf(read, { held, key, story });
  }

  /** What is kept and not yet too old; a good answer not once trust in the channel has ended. */
  #keptFor(about: string, { state }: Held): Kept | null {
    const kept = this.#kept.get(about);
    if (kept === undefined) return null;
    const keepMs = keepMsOf(kept.answer, this.#deps.policy.fieldsKeepMs);
    const isOld = this.#deps.clock.now() - kept.readAt >= keepMs;
    return isOld || (kept.answer.ok && state.trust.state === 'ended') ? null : kept;
  }

  #wantsNewer({ answer, readAt }: Kept, maxAgeMs: number | null): boolean {
    return answer.ok && maxAgeMs !== null && this.#deps.clock.now() - readAt > maxAgeMs;
  }

  #resultOf(
    { answer, readAt }: Kept,
    { held, key, story }: { held: Held; key: KnownKey; story: CacheStory },
  ): FieldsResult {
    if (answer.ok) return { kind: 'answer', held, body: answer.body, readAt, story };
    const { failure } = answer;
    const rejected = failure.code === 'credential_rejected';
    if (rejected && isOwnKey(held.channel, key)) return { kind: 'unauthorized' };
    const until = readAt + keepMsOf(answer, this.#deps.policy.fieldsKeepMs);
    const retryAfterMs = Math.max(0, until - this.#deps.clock.now());
    return { kind: 'failed', failure, retryAfterMs };
  }

  #start(about: string, held: Held, fields: readonly string[]): Promise<Kept> {
    const { readsMax } = this.#deps.policy;
    if (this.#running.size >= readsMax) {
      throw new Problem('check_failed', 'Too many channels are being read; ask again in a moment.');
    }
    const read = this.#ask(held, fields)
      .then((answer) => this.#keep(about, { answer, readAt: this.#deps.clock.now() }))
      .finally(() => this.#running.delete(about));
    this.#running.set(about, read);
    return read;
  }

  async #ask({ channel }: Held, fields: readonly string[]): Promise<FieldsAnswer> {
    const { store, upstreams, policy } = this.#deps;
    const access = await store.read(async (view) => {
      const credential = await view.credentials.find(channel.credentialId);
      if (credential === null) throw new Error(`channel ${channel.id} has no credential`);
      return accessOf(view, credential);
    });
    const timeoutMs = policy.readTimeoutMs - policy.commitMarginMs;
    const question: Question = { nodeId: channel.nodeId, access, timeoutMs };
    return upstreams[channel.upstream].readFields(question, fields);
  }

  #keep(about: string, kept: Kept): Kept {
    const { fieldsMax, fieldsBytesMax } = this.#deps.policy;
    this.#drop(about);
    this.#kept.set(about, kept);
    this.#keptBytes += bytesOf(kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= fieldsMax && this.#keptBytes <= fieldsBytesMax) break;
      this.#drop(oldest);
    }
    return kept;
  }

  #drop(about: string): void {
    const kept = this.#kept.get(about);
    if (kept !== undefined) this.#keptBytes -= bytesOf(kept);
    this.#kept.delete(about);
  }
}

/** A failed read is remembered more briefly, unless the upstream asked for peace. */
function keepMsOf(answer: FieldsAnswer, keepMsMax: number): number {
  if (answer.ok) return keepMsMax;
  return Math.min(Math.max(answer.failure.retryAfterMs ?? 0, FAILURE_KEEP_MS), keepMsMax);
}

const FAILURE_KEEP_MS = 2_000;

function bytesOf({ answer }: Kept): number {
  return answer.ok ? answer.body.byteLength : 0;
}
