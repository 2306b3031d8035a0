/** The walls of ARCHITECTURE.md, and the proof that each of them stops something. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cycleOffences } from './cycles.ts';
import { exportOffences } from './export-rules.ts';
import { climbingOffences, importOffences } from './import-rules.ts';
import { LAYERS } from './layers.ts';
import { processOffences } from './process-rules.ts';
import { filesBelow } from './source-files.ts';
import type { Offence, SourceFile } from './syntax.ts';

type Rule = (files: readonly SourceFile[]) => Offence[];

const RULES: readonly Rule[] = [importOffences, cycleOffences, processOffences, exportOffences];

test('the source keeps its walls', () => {
  const files = filesBelow(['src'], /\.ts$/);
  const offences = RULES.flatMap((rule) => rule(files));
  assert.deepEqual(
    offences.map(({ path, line, message }) => `${path}:${line}: ${message}`),
    [],
  );
});

test('nothing outside the source climbs out of its folder', () => {
  const offences = climbingOffences(filesBelow(['test', 'bench', 'scripts'], /\.ts$/));
  assert.deepEqual(
    offences.map(({ path, line, message }) => `${path}:${line}: ${message}`),
    [],
  );
});

test('the walls are held against files that exist', () => {
  const files = filesBelow(['src'], /\.ts$/);
  const empty = Object.keys(LAYERS).filter(
    (folder) => !files.some(({ path }) => path.startsWith(`src/${folder.replace('*', '')}`)),
  );
  assert.deepEqual(empty, [], 'folders of the table without a file');
});

test('an import against the direction of the folders is refused, in whatever form it comes', () => {
  const forms = [
    `import { now } from '#monitor/now.ts';`,
    `import type { Now } from '#monitor/now.ts';`,
    `import {\n  now,\n} from '#monitor/now.ts';`,
    `import '#monitor/now.ts';`,
    `const { now } = await import('#monitor/now.ts');`,
    `let now: import('#monitor/now.ts').Now;`,
    `export { now } from '#monitor/now.ts';`,
    `export type { Now } from '#monitor/now.ts';`,
    `export * from '#monitor/now.ts';`,
  ];
  for (const form of forms) {
    refuses(importOffences, { 'domain/a.ts': form, 'monitor/now.ts': '' }, /domain may not import/);
  }
});

test('an adapter does not see its sibling, only what adapters share', () => {
  const files = { 'stores/postgres/a.ts': '', 'stores/sql/b.ts': '' };
  const sibling = { ...files, 'stores/sqlite/c.ts': `import '#stores/postgres/a.ts';` };
  refuses(importOffences, sibling, /stores\/sqlite may not import stores\/postgres/);
  accepts(importOffences, { ...files, 'stores/sqlite/c.ts': `import '#stores/sql/b.ts';` });
});

test('a package is refused where the table does not name it', () => {
  refuses(importOffences, { 'domain/a.ts': `import { hash } from 'node:crypto';` }, /may not use/);
  refuses(importOffences, { 'monitor/a.ts': `import type { Pool } from 'undici';` }, /may not use/);
  refuses(importOffences, { 'api/a.ts': `import 'zod-to-other/x';` }, /may not use/);
  accepts(importOffences, { 'api/a.ts': `import { z } from 'zod/v4';` });
});

test('an import leads through the alias across folders and through ./ inside one', () => {
  const files = { 'domain/b.ts': '', 'cli/output.ts': '' };
  refuses(importOffences, { ...files, 'ports/a.ts': `import '../domain/b.ts';` }, /instead of/);
  refuses(importOffences, { ...files, 'domain/a.ts': `import '#domain/b.ts';` }, /same folder/);
  refuses(importOffences, { ...files, 'domain/a.ts': `import './b';` }, /extension/);
  accepts(importOffences, { ...files, 'cli/commands/a.ts': `import '#cli/output.ts';` });
});

test('a climbing import is refused outside the source too', () => {
  refuses(climbingOffences, { 'x/a.ts': `import '../y/b.ts';` }, /instead of/);
  accepts(climbingOffences, { 'x/a.ts': `import '#bench/median.ts';` });
});

test('an import that nobody can follow is refused', () => {
  refuses(importOffences, { 'app/a.ts': 'await import(`#${name}.ts`);' }, /computed/);
  refuses(importOffences, { 'app/a.ts': `import '#domain/gone.ts';` }, /does not exist/);
  refuses(importOffences, { 'app/a.ts': `import '#test/fakes/clock.ts';` }, /src may not import/);
});

test('a folder that the table does not name is refused', () => {
  refuses(importOffences, { 'shared/a.ts': '' }, /no folder of the table/);
  refuses(importOffences, { 'stores/a.ts': '' }, /no folder of the table/);
  refuses(importOffences, { 'main.ts': '' }, /no folder of the table/);
});

test('only the named commands may build a server', () => {
  const app = { 'app/start.ts': '' };
  const source = `import '#app/start.ts';`;
  accepts(importOffences, { ...app, 'cli/commands/serve.ts': source });
  refuses(importOffences, { ...app, 'cli/commands/keys.ts': source }, /cli may not import app/);
});

test('files that import each other in a circle are refused, types included', () => {
  const circle = {
    'domain/a.ts': `import type { B } from './b.ts';`,
    'domain/b.ts': `import './c.ts';`,
    'domain/c.ts': `export type A = import('./a.ts').A;`,
  };
  refuses(cycleOffences, circle, /domain\/a\.ts → .*b\.ts → .*c\.ts → .*a\.ts/);
  accepts(cycleOffences, { ...circle, 'domain/c.ts': '' });
});

test('the environment is read in the two main files only', () => {
  const reads = [
    'const home = process.env.HOME;',
    `const home = process['env'].HOME;`,
    'const home = globalThis.process.env.HOME;',
    'const { env } = process;',
    `import { env } from 'node:process';`,
  ];
  for (const source of reads)
    refuses(processOffences, { 'app/a.ts': source }, /environment|global/);
  accepts(processOffences, { 'cli/main.ts': 'const home = process.env.HOME;' });
});

test('the process ends by running empty', () => {
  refuses(processOffences, { 'cli/main.ts': 'process.exit(1);' }, /process\.exitCode/);
  refuses(processOffences, { 'app/a.ts': 'const end = process.abort;' }, /process\.exitCode/);
  accepts(processOffences, { 'cli/main.ts': 'process.exitCode = 1; // not process.exit()' });
});

test('a file offers things by name, from itself, and is named after them', () => {
  refuses(exportOffences, { 'domain/a.ts': 'export default 1;' }, /by name/);
  refuses(exportOffences, { 'domain/a.ts': `export { b } from './b.ts';` }, /no barrels/);
  refuses(exportOffences, { 'domain/a.ts': `export * from './b.ts';` }, /no barrels/);
  refuses(exportOffences, { 'domain/utils.ts': '' }, /says nothing/);
  refuses(exportOffences, { 'domain/apiKey.ts': '' }, /kebab-case/);
  accepts(exportOffences, { 'domain/api-key.ts': 'const b = 1; export { b };' });
});

test('a file that does not parse is never passed over', () => {
  assert.throws(() => importOffences(planted({ 'domain/a.ts': 'import {' })), /does not parse/);
});

function refuses(rule: Rule, sources: Record<string, string>, wanted: RegExp): void {
  const messages = rule(planted(sources)).map(({ message }) => message);
  assert.equal(messages.length, 1, `one offence in ${JSON.stringify(sources)}: ${messages.join()}`);
  assert.match(messages.join(), wanted);
}

function accepts(rule: Rule, sources: Record<string, string>): void {
  assert.deepEqual(rule(planted(sources)), []);
}

function planted(sources: Record<string, string>): SourceFile[] {
  return Object.entries(sources).map(([path, text]) => ({ path: `src/${path}`, text }));
}
