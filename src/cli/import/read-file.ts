/** Reads the file of an import, from disk or standard input. */
import { readFileSync, statSync } from 'node:fs';
import type { Terminal } from '#cli/terminal.ts';
import { UsageError } from '#cli/usage-error.ts';
import { csvFile } from './csv-file.ts';
import { jsonFile } from './json-file.ts';
import type { RawFile } from './raw-row.ts';

const BYTES_MAX = 64 * 1024 * 1024;

/** JSON by its name or its first character, else CSV; `-` is standard input. Throws UsageError. */
export async function readImport(file: string, terminal: Terminal): Promise<RawFile> {
  const text = file === '-' ? await inputText(terminal) : fileText(file);
  const isJson = /\.json$/i.test(file) || /^\ufeff?\s*[[{]/.test(text);
  return isJson ? jsonFile(text.replace(/^\ufeff/, '')) : csvFile(text);
}

function fileText(file: string): string {
  try {
    if (statSync(file).size > BYTES_MAX) throw tooLong();
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`${file} cannot be read (${code}).`, { cause: error });
  }
}

async function inputText({ input }: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.byteLength;
    if (bytes > BYTES_MAX) throw tooLong();
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLong(): UsageError {
  return new UsageError('The file is longer than 64 MiB; divide it.');
}
