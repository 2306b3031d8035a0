/** The numbers that credentials can see at Meta, watched or not. */
import type { CredentialId } from '#domain/id.ts';
import type { SeenNumber } from '#domain/seen-number.ts';

export interface SeenNumbersView {
  /**
   * In the order of node ids, one a node: of several credentials that can see it one that still does.
   * `credentialId` asks only for what that one sees.
   */
  list(
    page: { readonly after: string | null; readonly limit: number },
    filter?: { readonly credentialId?: CredentialId },
  ): Promise<{ readonly items: readonly SeenNumber[]; readonly next: string | null }>;
}

export interface SeenNumbersChange extends SeenNumbersView {
  /** Remembers at most 500 numbers of one credential, each at most once, as seen at `at` (ms UTC). */
  see(
    credentialId: CredentialId,
    numbers: readonly Omit<SeenNumber, 'credentialId' | 'firstSeenAt' | 'seenAt' | 'goneAt'>[],
    at: number,
  ): Promise<void>;
  /**
   * Marks as gone at `at` what was last seen before `seenBefore`: in these WABAs (at most 500), or
   * wherever it was with `all`. Up to 500 a call; gives how many, so that 0 means done.
   */
  markGone(
    credentialId: CredentialId,
    about: {
      readonly seenBefore: number;
      readonly at: number;
      readonly wabaIds: readonly string[] | 'all';
    },
  ): Promise<number>;
}
