/** A file of channels before it is judged: rows of texts, whichever form they came in. */

/** A field is undefined where the file says nothing of it, and an empty text where it says that it is none. */
export interface RawRow {
  /** Where it stands in the file, for a person: `line 7`, `channels[6]`. */
  readonly at: string;
  readonly fields: Readonly<Record<string, string | undefined>>;
  /** The labels that the file speaks of; an empty text takes one away. Undefined: it speaks of none. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** What is wrong with the row's form, in sentences. */
  readonly wrong: readonly string[];
}

export interface RawFile {
  readonly credentials: readonly RawRow[];
  readonly channels: readonly RawRow[];
}

export const CHANNEL_FIELDS = [
  'name',
  'upstream',
  'credential',
  'secret',
  'app',
  'billed_by',
  'node_id',
  'external_id',
  'interval',
  'paused',
  'adopt_key',
] as const;

export const CREDENTIAL_FIELDS = ['name', 'upstream', 'secret', 'app', 'billed_by'] as const;

/** More rows than any fleet has: a file that has more is a mistake. */
export const ROWS_MAX = 200_000;
