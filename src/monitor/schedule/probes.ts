/**
 * Which channel asks for a credential that is rejected: one, now and then, for all that share it. The
 * others wait for what it finds.
 */
import type { CredentialId } from '#domain/id.ts';
import { BoundedMap } from '#monitor/bounded-map.ts';
import type { DueChannel, GivenBack } from '#ports/schedule.ts';

const CREDENTIALS_MAX = 10_000;
const FIRST_MS = 30_000;
const PAUSE_MS_MAX = 3_600_000;
/** Those that wait are looked at again so long after the next probe. */
const AFTER_PROBE_MS = 60_000;

interface Probe {
  readonly nextAt: number;
  readonly pauseMs: number;
}

export class Probes {
  readonly #probes = new BoundedMap<CredentialId, Probe>(CREDENTIALS_MAX);

  /** Those of `due` that may be asked at `now`, and those that wait. Changes nothing. */
  choose(
    due: readonly DueChannel[],
    now: number,
  ): { readonly asked: readonly DueChannel[]; readonly waiting: readonly GivenBack[] } {
    const chosen = new Map<CredentialId, DueChannel>();
    for (const one of due) {
      if (!one.isRejected) continue;
      const { credentialId } = one.channel;
      const before = chosen.get(credentialId);
      const isEager = before === undefined || one.failuresInARow > before.failuresInARow;
      if (isEager && now >= this.#nextAt(credentialId)) chosen.set(credentialId, one);
    }
    const asked: DueChannel[] = [];
    const waiting: GivenBack[] = [];
    for (const one of due) {
      const { id, credentialId } = one.channel;
      if (!one.isRejected || chosen.get(credentialId) === one) asked.push(one);
      else {
        const dueAt = Math.max(this.#nextAt(credentialId), now) + AFTER_PROBE_MS;
        waiting.push({ id, attempt: one.attempt, dueAt });
      }
    }
    return { asked, waiting };
  }

  /** A probe has gone out. */
  sent(credentialId: CredentialId, now: number): void {
    const before = this.#probes.get(credentialId)?.pauseMs;
    const pauseMs = before === undefined ? FIRST_MS : Math.min(before * 2, PAUSE_MS_MAX);
    this.#probes.set(credentialId, { nextAt: now + pauseMs, pauseMs });
  }

  /** The credential lives. */
  succeeded(credentialId: CredentialId): void {
    this.#probes.delete(credentialId);
  }

  #nextAt(credentialId: CredentialId): number {
    return this.#probes.get(credentialId)?.nextAt ?? 0;
  }
}
