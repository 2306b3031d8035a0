/** What an option is: declared once in `options.ts`; loader, `--help` and documents derive from it. */
import type { Kind } from './kind.ts';

/** The variables of the process, passed in: only the entry points read `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Who reads an option: `serve` (and `db …`), the commands that are clients, or both. */
export type OptionReader = 'server' | 'client' | 'both';

export interface OptionSpec<V> {
  /** The name on the command line without its dashes; null for what must never be an argument. */
  readonly flag: string | null;
  /** The variable of ours, with the prefix `WABA_HEALTH_`. */
  readonly env: string;
  /** Variables of other programs that mean the same, asked after ours. */
  readonly otherEnv: readonly string[];
  readonly kind: Kind<unknown>;
  /** Whether it may be given several times (in a variable: with commas between). */
  readonly repeatable: boolean;
  /** Whether its text is never shown. */
  readonly secret: boolean;
  readonly readBy: OptionReader;
  /** The text that stands when nobody gave one. */
  readonly defaultText: string | null;
  /** What the default depends on; for the documents, `defaultText` says it in words then. */
  readonly defaultFrom: ((env: Environment) => string | null) | null;
  /** One or two sentences for `--help` and the documents. */
  readonly doc: string;
  /** Never set: carries the type of the value. */
  readonly value?: V;
}

export interface Declaration<T> {
  readonly flag: string | null;
  readonly env: string;
  readonly otherEnv?: readonly string[];
  readonly kind: Kind<T>;
  readonly secret?: boolean;
  readonly readBy: OptionReader;
  readonly doc: string;
}

/** An option that always has a value. */
export function option<T>(
  declared: Declaration<T> & {
    readonly defaultText: string;
    readonly defaultFrom?: (env: Environment) => string | null;
  },
): OptionSpec<T> {
  return { ...completed(declared), defaultText: declared.defaultText };
}

/** An option that is null when nobody gave it. */
export function optional<T>(declared: Declaration<T>): OptionSpec<T | null> {
  return completed(declared);
}

/** An option that may be given several times; an empty list when nobody gave it. */
export function repeatable<T>(declared: Declaration<T>): OptionSpec<readonly T[]> {
  return { ...completed(declared), repeatable: true };
}

function completed<T>(
  declared: Declaration<T> & { readonly defaultFrom?: (env: Environment) => string | null },
): OptionSpec<never> {
  return {
    flag: declared.flag,
    env: declared.env,
    otherEnv: declared.otherEnv ?? [],
    kind: declared.kind,
    repeatable: false,
    secret: declared.secret ?? false,
    readBy: declared.readBy,
    defaultText: null,
    defaultFrom: declared.defaultFrom ?? null,
    doc: declared.doc,
  };
}
