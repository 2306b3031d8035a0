/**
 * Secrets come in on standard input, from a file or from a variable, never as an argument. Where one
 * came from is kept, so that a ready-made command can read it from there again.
 */
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Secret } from '#domain/secret.ts';
import type { Flags } from './connect.ts';
import { textFlag } from './flags.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface SecretSource {
  readonly secretFile: string | undefined;
  readonly secretEnv: string | undefined;
}

export function addSecretFlags(command: Command): void {
  command
    .option('--secret-file <file>', 'Read the secret from a file instead of standard input.')
    .option('--secret-env <name>', 'Read the secret from this variable instead.');
}

export function secretSource(flags: Flags): SecretSource {
  return { secretFile: textFlag(flags, 'secretFile'), secretEnv: textFlag(flags, 'secretEnv') };
}

export interface GivenSecret {
  readonly secret: Secret;
  /** A shell expression that reads it again: `$(cat '/run/key')`; null when nobody knows. */
  readonly shell: string | null;
}

const BYTES_MAX = 8_192;

/**
 * Reads the secret. `what` names it for the prompt: "API key of 360dialog". Throws UsageError when
 * there is none, or when it is not one word.
 */
export async function readSecret(
  terminal: Terminal,
  source: SecretSource,
  what: string,
): Promise<GivenSecret> {
  const { text, shell } = await textFrom(terminal, source, what);
  const trimmed = text.trim();
  if (trimmed === '') throw new UsageError(`The ${what} is empty: ${HOW}`);
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw new UsageError(
      `The ${what} must be one word, without spaces or line ends inside: ${HOW}`,
    );
  }
  return { secret: new Secret(trimmed), shell };
}

const HOW = 'give it on standard input ("… < key"), with --secret-file or with --secret-env.';

/** The text as it was given, which may be more than one word. `what` names it for the prompt. */
export async function secretText(
  terminal: Terminal,
  source: SecretSource,
  what: string,
): Promise<string> {
  return (await textFrom(terminal, source, what)).text;
}

async function textFrom(terminal: Terminal, source: SecretSource, what: string) {
  if (source.secretFile !== undefined && source.secretEnv !== undefined) {
    throw new UsageError('--secret-file and --secret-env are both given: keep one of them.');
  }
  if (source.secretEnv !== undefined) return fromVariable(terminal, source.secretEnv);
  if (source.secretFile !== undefined && source.secretFile !== '-') {
    return fromFile(source.secretFile);
  }
  if (terminal.input.isTTY === true) return { text: await asked(terminal, what), shell: null };
  return { text: await inputText(terminal), shell: shellOfInput(terminal) };
}

function fromVariable(terminal: Terminal, name: string) {
  const text = terminal.env[name];
  if (text === undefined) {
    throw new UsageError(`--secret-env names a variable that is not set: ${name.slice(0, 60)}.`);
  }
  return { text, shell: `$${name}` };
}

function fromFile(file: string) {
  try {
    if (statSync(file).size > BYTES_MAX) throw new UsageError(`${file} is too large for a secret.`);
    return { text: readFileSync(file, 'utf8'), shell: shellOfFile(file) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`${file} cannot be read (${code}).`, { cause: error });
  }
}

async function inputText(terminal: Terminal): Promise<string> {
  let text = '';
  for await (const chunk of terminal.input) {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    if (text.length > BYTES_MAX) throw new UsageError('Standard input is too long for a secret.');
  }
  return text;
}

/** `… < key`: on Linux the system tells which file that is. */
function shellOfInput(terminal: Terminal): string | null {
  try {
    const file = readlinkSync(`/proc/self/fd/${terminal.input.fd ?? 0}`);
    return statSync(file).isFile() ? shellOfFile(file) : null;
  } catch {
    return null;
  }
}

function shellOfFile(file: string): string {
  return `$(cat ${shellQuoted(resolve(file))})`;
}

/** One word for a POSIX shell, also inside double quotes with `$(…)`. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const ENTER = /[\r\n]/;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const RUBOUT = /[\b\u007f]/;

/** Asks a person, without showing what is typed. */
async function asked(terminal: Terminal, what: string): Promise<string> {
  const { input } = terminal;
  terminal.err(`Paste the ${what} (it is not shown), then press Enter:`);
  input.setRawMode?.(true);
  let text = '';
  try {
    for await (const chunk of input) {
      for (const key of typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')) {
        if (key === CTRL_C) throw new UsageError('Nothing was given, nothing was done.');
        if (key === CTRL_D || ENTER.test(key)) return text;
        text = RUBOUT.test(key) ? text.slice(0, -1) : text + key;
        if (text.length > BYTES_MAX) throw new UsageError('That is too long for a secret.');
      }
    }
    return text;
  } finally {
    input.setRawMode?.(false);
  }
}
