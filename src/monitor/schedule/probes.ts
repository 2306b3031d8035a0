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

  /**
   * Those of `due` that may be asked at `now`, and those that wait. Changes nothing. While nobody has found
   * the credential dead, all of them may be asked.
   */
  choose(
    due: readonly DueChannel[],
    now: number,
  ): { readonly asked: readonly DueChannel[]; readonly waiting: readonly GivenBack[] } {
    const chosen = this.#chosen(due, now);
    const asked: DueChannel[] = [];
    const waiting: GivenBack[] = [];
    for (const one of due) {
      const { id, credentialId } = one.channel;
      const probe = one.isRejected ? this.#probes.get(credentialId) : undefined;
      if (probe === undefined || chosen.get(credentialId) === one) asked.push(one);
      else {
        const dueAt = Math.max(probe.nextAt, now) + AFTER_PROBE_MS;
        waiting.push({ id, attempt: one.attempt, dueAt });
      }
    }
    return { asked, waiting };
  }

  /** Of each dead credential whose time has come, the channel that has failed most often. */
  #chosen(due: readonly DueChannel[], now: number): ReadonlyMap<CredentialId, DueChannel> {
    const chosen = new Map<CredentialId, DueChannel>();
    for (const one of due) {
      const { credentialId } = one.channel;
      const probe = this.#probes.get(credentialId);
      if (!one.isRejected || probe === undefined || now < probe.nextAt) continue;
      const before = chosen.get(credentialId);
      if (before === undefined || one.failuresInARow > before.failuresInARow) {
        chosen.set(credentialId, one);
      }
    }
    return chosen;
  }

  /** A channel whose trust had ended was rejected again. */
  failed(credentialId: CredentialId, now: number): void {
    const before = this.#probes.get(credentialId);
    // Reads of the same moment are one piece of evidence.
    if (before !== undefined && now < before.nextAt) return;
    const pauseMs = before === undefined ? FIRST_MS : Math.min(before.pauseMs * 2, PAUSE_MS_MAX);
    this.#probes.set(credentialId, { nextAt: now + pauseMs, pauseMs });
  }

  /** Whether the credential is held for dead. */
  has(credentialId: CredentialId): boolean {
    return this.#probes.get(credentialId) !== undefined;
  }

  /** The credential lives, or has been replaced. */
  revived(credentialId: CredentialId): void {
    this.#probes.delete(credentialId);
  }
}
