/** What a command knows of the world around it; only `main.ts` takes it from the process. */
import type { Environment } from '#config/option.ts';
import type { Style } from './text/style.ts';

/** Standard input as a command reads it. */
interface Input extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
  /** The number of the open file, where there is one: it may tell which file a secret came from. */
  readonly fd?: number;
  setRawMode?(raw: boolean): unknown;
  /** Ends reading, so that the process need not wait for more. */
  destroy?(): unknown;
}

/** A terminal that a command may paint on as a whole. */
export interface TerminalScreen {
  size(): { readonly columns: number; readonly rows: number };
  /** Calls back whenever the size changes, until `signal` aborts. */
  onResize(hear: () => void, signal: AbortSignal): void;
  /** Writes as it is, escape sequences included. */
  write(text: string): void;
}

export interface Terminal {
  readonly env: Environment;
  readonly version: string;
  readonly input: Input;
  readonly style: Style;
  /** Columns to write in, at most. */
  readonly width: number;
  /** Null when standard output is no terminal. */
  readonly screen: TerminalScreen | null;
  /** Wall-clock time, ms UTC. */
  now(): number;
  /** Waits; ends early and rejects when `signal` aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /** Writes a text and a line end to standard output. */
  out(text: string): void;
  /** Writes a text and a line end to standard error. */
  err(text: string): void;
  /** Writes bytes to standard output and waits until they are taken; false when nobody reads any more. */
  pour(bytes: Uint8Array): Promise<boolean>;
  /** Shows how far it is, in place of what was shown before; only where a person sees standard error. */
  progress(text: string): void;
}
