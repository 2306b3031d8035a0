/** What a Graph token can see, and what it is: for finding channels, and for watching credentials. */
import type { Failure } from '#domain/failure.ts';
import type { Profile } from '#domain/profile.ts';
import type { TokenFacts } from '#domain/token-facts.ts';
import type { Access } from './upstream.ts';

/** One page of a list. */
export interface PageWish {
  /** The `next` of the page before; null for the first. */
  readonly after: string | null;
  /** The most items, 1 to 100. */
  readonly limit: number;
  /** The most that this page may take, in ms. */
  readonly timeoutMs: number;
}

/** A business portfolio or a WABA. */
export interface NamedNode {
  readonly id: string;
  /** As received; null where there is none. */
  readonly name: string | null;
}

export interface ListedNumber {
  readonly id: string;
  /** What the list tells about it; a read of its own may tell more. */
  readonly profile: Profile;
}

export type ListAnswer<Item> =
  | {
      readonly ok: true;
      readonly items: readonly Item[];
      /** Gives the page after this one; null on the last. Opaque: a cursor, never an address. */
      readonly next: string | null;
    }
  | { readonly ok: false; readonly failure: Failure };

/** Who looked at a token: its app (app id and secret), or, without a secret, the token itself. */
export type Inspector = 'app' | 'token';

export type TokenAnswer =
  | { readonly ok: true; readonly facts: TokenFacts }
  | {
      readonly ok: false;
      readonly failure: Failure;
      /**
       * `credential_rejected` means the inspector: with `app` the app's id and secret do not belong
       * together, which says nothing about the token; with `token` the token itself is dead.
       */
      readonly inspector: Inspector;
    };

export type NodeAnswer =
  | { readonly ok: true; readonly node: NamedNode }
  | { readonly ok: false; readonly failure: Failure };

/** None of these rejects on content or network; each asks once, or once a field that is refused. */
export interface Directory {
  /** Asks what the token of this access is. The token is in no URL. */
  inspectToken(access: Access, timeoutMs: number): Promise<TokenAnswer>;
  /** The business portfolios that the token's user belongs to. */
  businesses(access: Access, page: PageWish): Promise<ListAnswer<NamedNode>>;
  /** The WABAs that a business owns, as far as the token may see them. */
  ownedWabas(access: Access, businessId: string, page: PageWish): Promise<ListAnswer<NamedNode>>;
  /** The WABAs that others share with a business. */
  clientWabas(access: Access, businessId: string, page: PageWish): Promise<ListAnswer<NamedNode>>;
  /** The numbers of a WABA. */
  numbers(access: Access, wabaId: string, page: PageWish): Promise<ListAnswer<ListedNumber>>;
  /** One WABA by its id: the token's target ids come without names. */
  waba(access: Access, wabaId: string, timeoutMs: number): Promise<NodeAnswer>;
}
