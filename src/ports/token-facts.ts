/** What Meta says about the token of a credential: kept, and when it is inspected again. */
import type { Failure } from '#domain/failure.ts';
import type { CredentialId } from '#domain/id.ts';
import type { TokenFacts } from '#domain/token-facts.ts';

export interface KnownToken {
  /** Null before the first inspection that told something; a new secret begins there again. */
  readonly facts: TokenFacts | null;
  /** When that was, ms UTC. */
  readonly readAt: number | null;
  /** Why the newest inspection told nothing; null when it did. */
  readonly failure: Failure | null;
}

export const UNKNOWN_TOKEN: KnownToken = { facts: null, readAt: null, failure: null };

export interface TokenFactsView {
  find(id: CredentialId): Promise<KnownToken>;
  /** Of at most 500 credentials; one that is not there is left out. */
  ofCredentials(ids: readonly CredentialId[]): Promise<ReadonlyMap<CredentialId, KnownToken>>;
}

export interface TokenFactsChange extends TokenFactsView {
  /** As `ProfilesChange.claimDue`, for the credentials whose token is to be inspected: those of graph. */
  claimDue(about: {
    readonly now: number;
    readonly limit: number;
    readonly againAt: number;
  }): Promise<readonly CredentialId[]>;
  /** Writes what is known now, and when it is inspected again, ms UTC. */
  write(id: CredentialId, known: KnownToken, dueAt: number): Promise<void>;
}
