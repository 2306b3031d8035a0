/**
 * Writes the documents that derive from code: `npm run docs`. With `--check` it writes nothing and fails
 * when one of them is not what the code says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '#api/openapi.ts';
import { configurationPage, envExample } from '#config/document.ts';
import { apiPage } from './docs/api-page.ts';
import { cliPage } from './docs/cli-page.ts';
import { errorCodesPage } from './docs/error-codes-page.ts';

const ROOT = join(import.meta.dirname, '..');

const openApi = openApiDocument(version());

const DOCUMENTS: Readonly<Record<string, string>> = {
  'docs/configuration.md': configurationPage(),
  '.env.example': envExample(),
  'docs/error-codes.md': errorCodesPage(),
  'docs/openapi.json': `${JSON.stringify(openApi, null, 2)}\n`,
  'docs/api.md': apiPage(openApi),
  'docs/cli.md': await cliPage(),
};

const stale = Object.entries(DOCUMENTS).filter(([path, text]) => current(path) !== text);

if (!process.argv.includes('--check')) {
  for (const [path, text] of stale) writeFileSync(join(ROOT, path), text);
  write(`${stale.length} of ${Object.keys(DOCUMENTS).length} documents written\n`);
} else if (stale.length > 0) {
  write(`${stale.map(([path]) => path).join(', ')}: not what the code says; run "npm run docs"\n`);
  process.exitCode = 1;
}

function current(path: string): string | null {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return null;
  }
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version);
  }
  throw new Error('package.json has no version');
}

function write(text: string): void {
  process.stdout.write(text);
}
