/**
 * The secrets of a receiver: one on standard input as it is, several as a JSON object there, or each from a file or
 * variable of its own. Never as an argument.
 */
import { fstatSync } from 'node:fs';
import type { Command } from 'commander';
import type { Answer } from '#api/call.ts';
import { nearestWord } from '#config/nearest.ts';
import { isSigningField } from '#domain/telling/signing.ts';
import type { Flags } from './connect.ts';
import { collected } from './flags.ts';
import { secretText } from './secret-input.ts';
import type { SecretSource } from './secret-input.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export type ReceiverKind = Answer<'listReceiverKinds'>['body']['items'][number];

export function addReceiverSecretFlags(command: Command): void {
  command
    .option(
      '--secret-file <file>',
      'Read the secret from a file instead of standard input; <name>=<file> for one of several.',
      collected,
    )
    .option(
      '--secret-env <name>',
      'Read the secret from this variable instead; <secret>=<name> for one of several.',
      collected,
    );
}

interface Given {
  /** Null: the one that the kind needs. */
  readonly name: string | null;
  readonly source: SecretSource;
}

/**
 * All secrets that are given, by name. Standard input is read where no flag names another source, if the kind needs
 * a secret or somebody redirected it. Throws UsageError with what would be right; it never repeats a secret.
 */
export async function readReceiverSecrets(
  terminal: Terminal,
  flags: Flags,
  kind: ReceiverKind,
): Promise<Readonly<Record<string, string>>> {
  const names = kind.fields.filter((field) => field.is_secret).map((field) => field.name);
  const given = givenIn(flags, names);
  const main = mainSecretOf(kind);
  const isNeeded = kind.fields.some((field) => field.name === main && field.is_required);
  if (given.length === 0 && !isNeeded && !isRedirected(terminal)) return {};
  const sources = given.length > 0 ? given : [{ name: null, source: STANDARD_INPUT }];
  const secrets: Record<string, string> = {};
  for (const { name, source } of sources) {
    const what = `${name ?? main ?? 'secrets'} of ${kind.kind}`;
    const text = (await secretText(terminal, source, what)).trim();
    if (text === '' && given.length === 0 && !isNeeded) return {};
    if (text === '') throw new UsageError(`The ${what} is empty: ${HOW}`);
    if (name === null && text.startsWith('{')) Object.assign(secrets, secretsIn(text, names));
    else if (name === null && main === null) throw several(kind, names);
    else secrets[name ?? main ?? ''] = text;
  }
  return secrets;
}

/** Whether somebody gave a file or a pipe as standard input: a secret that is not needed is not waited for. */
function isRedirected({ input }: Terminal): boolean {
  try {
    const stats = fstatSync(input.fd ?? 0);
    return stats.isFile() || stats.isFIFO();
  } catch {
    return false;
  }
}

const STANDARD_INPUT: SecretSource = { secretFile: undefined, secretEnv: undefined };

const HOW = 'give it on standard input ("… < secret"), with --secret-file or with --secret-env.';

/** The one that a plain text is: the only one that is needed, or the only one at all, signing aside. */
function mainSecretOf({ fields }: ReceiverKind): string | null {
  const own = fields.filter((field) => field.is_secret && !isSigningField(field.name));
  const needed = own.filter((field) => field.is_required);
  const [only] = needed.length === 1 ? needed : own.length === 1 ? own : [];
  return only?.name ?? null;
}

function several({ kind }: ReceiverKind, names: readonly string[]): UsageError {
  return new UsageError(
    names.length === 0
      ? `A receiver of kind ${kind} takes no secret.`
      : `A receiver of kind ${kind} has several secrets: give them on standard input as JSON, ` +
          `{"${names[0]}": "…"}, or each with --secret-file <name>=<file>: ${names.join(', ')}.`,
  );
}

function givenIn(flags: Flags, names: readonly string[]): readonly Given[] {
  const files = textsOf(flags['secretFile']).map((text) => {
    const { name, rest } = named(text, names);
    return { name, source: { ...STANDARD_INPUT, secretFile: rest } };
  });
  const variables = textsOf(flags['secretEnv']).map((text) => {
    const { name, rest } = named(text, names);
    return { name, source: { ...STANDARD_INPUT, secretEnv: rest } };
  });
  return [...files, ...variables];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** A file may have an equals sign in its name: only before a known name, or one like it, it divides. */
function named(text: string, names: readonly string[]) {
  const at = text.indexOf('=');
  const before = at < 0 ? '' : text.slice(0, at);
  if (names.includes(before)) return { name: before, rest: text.slice(at + 1) };
  const meant = /^[a-z_-]+$/.test(before) ? nearestWord(before, names) : null;
  if (meant === null) return { name: null, rest: text };
  throw new UsageError(`"${before}" is no secret of this kind. Did you mean ${meant}?`);
}

function secretsIn(json: string, names: readonly string[]): Readonly<Record<string, string>> {
  const must = `The secrets must be a JSON object of texts, its names among ${names.join(', ')}.`;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's own sentence would repeat a part of the text.
    throw new UsageError(must);
  }
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const secrets: Record<string, string> = {};
  for (const [name, secret] of entries) {
    if (!names.includes(name) || typeof secret !== 'string') throw new UsageError(must);
    secrets[name] = secret;
  }
  return secrets;
}
