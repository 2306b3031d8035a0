/** A number that a credential can see at Meta, beside what we watch of it. */
import type { Channel } from './channel.ts';
import type { CredentialId } from './id.ts';

export interface SeenNumber {
  readonly credentialId: CredentialId;
  readonly nodeId: string;
  readonly wabaId: string;
  /** The portfolio through which its WABA was found; null when none is known. */
  readonly businessId: string | null;
  readonly displayNumber: string | null;
  readonly verifiedName: string | null;
  /** ms UTC. */
  readonly firstSeenAt: number;
  readonly seenAt: number;
  /** Since when it is no longer seen; null while it is. */
  readonly goneAt: number | null;
}

/**
 * How a seen number and what we watch fit together. `watched`: as it should be. `unwatched`: nobody
 * watches it. `gone`: it is watched, and its credential no longer sees it. `moved`: it is watched, and
 * now under another WABA than its answers named. `forgotten`: neither seen nor watched.
 */
export const SEEN_STANDINGS = ['watched', 'unwatched', 'gone', 'moved', 'forgotten'] as const;
export type SeenStanding = (typeof SEEN_STANDINGS)[number];

/** `channel` is the one that watches this number; null when none does. */
export function standingOfSeen(
  { wabaId, goneAt }: Pick<SeenNumber, 'wabaId' | 'goneAt'>,
  channel: Pick<Channel, 'identity'> | null,
): SeenStanding {
  if (channel === null) return goneAt === null ? 'unwatched' : 'forgotten';
  if (goneAt !== null) return 'gone';
  const pinned = channel.identity?.wabaId ?? null;
  return pinned === null || pinned === wabaId ? 'watched' : 'moved';
}
