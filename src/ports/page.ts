/** Listings come in pages: none gives the whole fleet. */

/** A page of a listing in the order of names, or of time; `after` is the `next` of the page before. */
export interface PageRequest {
  readonly after: string | null;
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The `after` of the next page; null on the last. */
  readonly next: string | null;
}
