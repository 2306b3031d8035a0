/** A terminal that remembers what was written and reads what the test gives. */
import type { Terminal, TerminalScreen } from '#cli/terminal.ts';
import { PLAIN } from '#cli/text/style.ts';
import type { Environment } from '#config/option.ts';

export interface FakeTerminal extends Terminal {
  readonly written: { out: string; err: string; progress: string[] };
}

export interface FakeTerminalOptions {
  readonly env?: Environment;
  /** What stands on standard input. */
  readonly input?: string;
  readonly isTTY?: boolean;
  /** Whether somebody still reads the output, given what was written so far. */
  readonly isRead?: (out: string) => boolean;
  readonly now?: () => number;
  readonly screen?: TerminalScreen;
  readonly pause?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export function createFakeTerminal(options: FakeTerminalOptions = {}): FakeTerminal {
  const written = { out: '', err: '', progress: [] as string[] };
  return {
    written,
    env: options.env ?? {},
    version: '0.0.0-test',
    input: {
      isTTY: options.isTTY ?? false,
      // No such descriptor: what the test gives comes from no file.
      fd: 1_000_000,
      async *[Symbol.asyncIterator]() {
        yield Buffer.from(options.input ?? '');
      },
    },
    style: PLAIN,
    width: 100,
    screen: options.screen ?? null,
    now: options.now ?? (() => Date.UTC(2026, 10, 24, 2, 56)),
    pause: options.pause ?? (() => Promise.resolve()),
    out(text) {
      written.out += `${text}\n`;
    },
    err(text) {
      written.err += `${text}\n`;
    },
    pour(bytes) {
      written.out += Buffer.from(bytes).toString();
      return Promise.resolve(options.isRead?.(written.out) ?? true);
    },
    progress(text) {
      if (text !== '') written.progress.push(text);
    },
  };
}
