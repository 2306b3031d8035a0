/** What an operator does with a store as a whole: look at it, and copy it while it is in use. */

export interface StoreFacts {
  readonly engine: 'sqlite' | 'postgres';
  readonly schemaVersion: number;
  /** Where it lies, without any password. */
  readonly location: string;
  /** All that it takes on the disk, in bytes; null where the engine does not tell. */
  readonly bytes: number | null;
  readonly rows: RowCounts;
}

/** How many rows the tables have that an operator knows by name. */
export type RowCounts = Readonly<Record<CountedTable, number>>;

export const COUNTED_TABLES = [
  'channels',
  'credentials',
  'apps',
  'api_keys',
  'transitions',
  'bodies',
] as const;
type CountedTable = (typeof COUNTED_TABLES)[number];

/** A finished copy that was opened, checked and counted after it was written. */
export interface BackupMade {
  readonly path: string;
  readonly bytes: number;
  readonly schemaVersion: number;
  readonly rows: RowCounts;
  readonly tookMs: number;
}

export interface Maintenance {
  /** Off the thread that answers requests. Throws Problem `store_unavailable`. */
  facts(): Promise<StoreFacts>;
  /**
   * Copies the store as it is at one moment, while it is read and written, to a file that must not exist
   * yet; null takes a name of its own. Throws Problem `conflict` while another copy is made, or where the
   * engine has its own way; `invalid_request` when the file cannot be there; `store_unavailable` when the
   * copy failed, and then leaves nothing behind.
   */
  backup(to: string | null): Promise<BackupMade>;
}
