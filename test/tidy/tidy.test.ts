/** The rules of STYLE.md that a program can check; `bites.test.ts` proves that each of them bites. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesBelow, ROOT } from '#test/architecture/source-files.ts';
import type { Offence } from '#test/architecture/syntax.ts';
import { bannedCallOffences } from './banned-calls.ts';
import { citationOffences } from './citations.ts';
import { leftoverOffences, undocumentedOffences } from './comment-rules.ts';
import { decisionOffences } from './decisions.ts';
import { linkOffences, titleOffences } from './documents.ts';
import { invariantOffences } from './invariants.ts';
import { lockObjections, rangeObjections } from './lock-file.ts';
import { RATCHET } from './ratchet.ts';
import { fileLengthOffences, functionOffences } from './size-rules.ts';
import { testOffences } from './test-rules.ts';
import { wordOffences } from './words.ts';

const code = filesBelow(['src', 'test', 'bench', 'scripts'], /\.ts$/);
const tests = code.filter(({ path }) => path.startsWith('test/'));
const documents = filesBelow(['.'], /\.md$/);
const texts = filesBelow(
  ['.'],
  /(\.(ts|md|json|sh|sql|html|css|yml|yaml|conf)|\/run|\.example|LICENSE)$/,
);

test('the guards see the files they guard', () => {
  assert.ok(code.some(({ path }) => path === 'src/domain/status.ts'));
  assert.ok(tests.some(({ path }) => path === 'test/tidy/tidy.test.ts'));
  assert.ok(documents.some(({ path }) => path === 'ARCHITECTURE.md'));
  assert.ok(texts.some(({ path }) => path === '.ci/run'));
});

test('files, functions and lists of parameters stay small', () => {
  nothing(fileLengthOffences(code, RATCHET));
  nothing(functionOffences(code));
});

test('no file calls what is banned in its folder', () => {
  nothing(bannedCallOffences(code));
});

test('exported functions of the core are documented, and no note is left over', () => {
  nothing(undocumentedOffences(code));
  nothing(leftoverOffences(code));
});

test('tests are sentences, and all of them run', () => {
  nothing(testOffences(tests));
});

test('every document has one title, and its links lead somewhere', () => {
  nothing(titleOffences(documents));
  nothing(linkOffences(documents, (path) => existsSync(join(ROOT, path))));
});

test('every citation leads to a section that exists', () => {
  const planted = 'test/tidy/bites.test.ts';
  const citing = [...code, ...documents].filter(({ path }) => path !== planted);
  nothing(citationOffences(citing, documents));
});

test('every decision is short and listed', () => {
  nothing(decisionOffences(documents));
});

test('every invariant names the test that holds it', () => {
  nothing(invariantOffences(textOf('ARCHITECTURE.md'), tests));
});

test('the map and the style guide can be read in one sitting', () => {
  assert.ok(textOf('ARCHITECTURE.md').split('\n').length <= 201);
  assert.ok(textOf('STYLE.md').split('\n').length <= 151);
});

test('the project names no machine, no registry and no document that it does not have', () => {
  nothing(wordOffences(texts));
});

test('the lock file is complete for every platform, and versions are exact', () => {
  assert.deepEqual(lockObjections(JSON.parse(textOf('package-lock.json'))), []);
  assert.deepEqual(rangeObjections(JSON.parse(textOf('package.json'))), []);
});

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function nothing(offences: readonly Offence[]): void {
  assert.deepEqual(
    offences.map(({ path, line, message }) => `${path}:${line}: ${message}`),
    [],
  );
}
