/** What the thread that scans and the one that asks it say to each other. */

/** One statement; answered in the order in which they come. */
export interface ScanRequest {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Rows as arrays: the names of their columns travel once. */
export interface ScanRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** SQLite's error, without what only its own thread could use. */
interface ScanError {
  readonly message: string;
  readonly errcode: number | null;
}

export type ScanReply =
  | { readonly ok: true; readonly result: ScanRows }
  | { readonly ok: false; readonly error: ScanError };
