/** Planted offences: a guard that has stopped biting fails here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Offence, SourceFile } from '#test/architecture/syntax.ts';
import { bannedCallOffences } from './banned-calls.ts';
import { citationOffences } from './citations.ts';
import { leftoverOffences, undocumentedOffences } from './comment-rules.ts';
import { decisionOffences } from './decisions.ts';
import { linkOffences, titleOffences } from './documents.ts';
import { invariantOffences } from './invariants.ts';
import { lockObjections, rangeObjections } from './lock-file.ts';
import { fileLengthOffences, functionOffences } from './size-rules.ts';
import { testOffences } from './test-rules.ts';
import { wordOffences } from './words.ts';

test('a long file is refused, and one that was long before may only shrink', () => {
  const long = [file('src/app/a.ts', '\n'.repeat(301))];
  bites(fileLengthOffences(long, {}), /301 lines, at most 300/);
  bites(fileLengthOffences(long, { 'src/app/a.ts': 300 }), /may shrink below 300/);
  bites(fileLengthOffences(long, { 'src/app/a.ts': 400 }), /lower its number/);
  spares(fileLengthOffences(long, { 'src/app/a.ts': 301 }));
});

test('a long function is refused, and one with many parameters', () => {
  const body = '\n'.repeat(60);
  bites(functionOffences([file('src/app/a.ts', `function a() {${body}}`)]), /61 lines/);
  bites(functionOffences([file('src/app/a.ts', `const a = () => {${body}};`)]), /61 lines/);
  bites(functionOffences([file('src/app/a.ts', `class A { b() {${body}} }`)]), /61 lines/);
  bites(functionOffences([file('src/app/a.ts', 'const a = (b, c, d, e) => b;')]), /4 parameters/);
  bites(functionOffences([file('src/app/a.ts', 'interface A { b(c, d, e, f): void }')]), /4 param/);
  spares(functionOffences([file('src/app/a.ts', 'function a(b, c, { d, e }) {}')]));
  const listed = `test('b', () => {${'\n'.repeat(50)}});\n`.repeat(2);
  spares(functionOffences([file('test/a.ts', `function a() {${listed}}`)]));
  bites(functionOffences([file('test/a.ts', `test('a', () => {${body}});`)]), /61 lines/);
});

test('a banned call is refused with its replacement', () => {
  const calls: readonly [string, RegExp][] = [
    ['Date.now()', /Clock/],
    ['const read = Date.now;', /Clock/],
    ['new Date()', /Clock/],
    ['setTimeout(run, 1)', /Clock/],
    ['Math.random()', /Randomness/],
    ['crypto.randomUUID()', /Ids/],
    ['await fetch(url)', /undici/],
    ['console.log(1)', /Events/],
  ];
  for (const [source, instead] of calls) {
    bites(bannedCallOffences([file('src/monitor/a.ts', source)]), instead);
  }
  bites(bannedCallOffences([file('test/a.ts', 'await setTimeout(100)')]), /never sleeps/);
  spares(
    bannedCallOffences([file('src/monitor/a.ts', 'new Date(at); clock.now(); // Date.now()')]),
  );
  spares(bannedCallOffences([file('src/app/system-clock.ts', 'Date.now()')]));
});

test('a note without an issue is refused, and an exported function without a word', () => {
  const note = ['TO', 'DO'].join('');
  bites(leftoverOffences([file('src/app/a.ts', `// ${note}: later`)]), /with its issue/);
  spares(leftoverOffences([file('src/app/a.ts', `// ${note}(#12): later`)]));
  bites(undocumentedOffences([file('src/domain/a.ts', 'export function a() {}')]), /doc comment/);
  spares(undocumentedOffences([file('src/domain/a.ts', '/** A. */\nexport function a() {}')]));
});

test('a test that is left out, says nothing or stands twice is refused', () => {
  bites(
    testOffences([file('test/a.ts', `test.only('a key opens a channel')`)]),
    /leaves tests out/,
  );
  bites(testOffences([file('test/a.ts', named('works'))]), /no sentence/);
  bites(testOffences([file('test/a.ts', named('should open a channel'))]), /no sentence/);
  bites(testOffences([file('test/a.ts', named('a key opens').repeat(2))]), /two tests/);
  spares(testOffences([file('test/a.ts', named('a key opens a channel'))]));
});

test('a document without exactly one title is refused', () => {
  bites(titleOffences([file('a.md', 'text\n')]), /one `#` title/);
  bites(titleOffences([file('a.md', '# A\n\n# B\n')]), /one `#` title/);
  spares(titleOffences([file('a.md', '# A\n\n```sh\n# a comment\n```\n')]));
});

test('a link into the void is refused', () => {
  const documents = [file('docs/a.md', '# Alpha\n\n## 2.1 What, then?\n')];
  const from = (link: string): Offence[] =>
    linkOffences([file('b.md', `[x](${link})`), ...documents], (path) => path === 'docs/a.md');
  bites(from('docs/gone.md'), /does not exist/);
  bites(from('docs/a.md#beta'), /no heading/);
  bites(from('#beta'), /no heading/);
  spares(from('docs/a.md#21-what-then'));
  spares(from('https://example.com/'));
});

test('a citation of a section that does not exist is refused', () => {
  const documents = [
    file('docs/meta.md', '# M\n\n## 2. Codes\n\n### 2.2 Texts\n\n1. One\n'),
    file('ARCHITECTURE.md', '# A\n\n1. First.\n'),
  ];
  const cited = (text: string): Offence[] => citationOffences([file('a.ts', text)], documents);
  bites(cited('// docs/meta.md §2.3'), /no section 2\.3/);
  bites(cited('// docs/meta.md §2.2, §9'), /no section 9/);
  bites(cited('/* docs/meta.md\n * §2.3 */'), /no section 2\.3/);
  bites(cited('// docs/meta.md §2.2.4'), /no section 2\.2\.4/);
  spares(cited('// docs/meta.md §2.2.1'));
  bites(cited('// docs/other.md'), /cited and does not exist/);
  bites(cited('// ARCHITECTURE.md invariant 2'), /no invariant 2/);
  spares(cited('// docs/meta.md §2 and §2.2; ARCHITECTURE.md invariant 1'));
});

test('a decision that is long, shapeless or not listed is refused', () => {
  const good = '# 1. A\n\nDate: 2026-01-31\n\n## Context\n\n## Decision\n\n## Consequences\n';
  bites(decided(good, ''), /does not list/);
  bites(decided(good + '\n'.repeat(40)), /at most 40/);
  bites(decided(good.replace('## Context', '')), /without Context/);
  bites(decided(good.replace('Date', 'Day')), /Date/);
  spares(decided(good));
});

test('an invariant whose test does not exist is refused', () => {
  const tests = [file('test/a.test.ts', `test('a failed read changes nothing', () => {});`)];
  const claimed = (items: string): Offence[] =>
    invariantOffences(`# A\n\n## Invariants\n\n${items}\n\n## Else\n\n1. No invariant.\n`, tests);
  bites(claimed('1. Failures change nothing.'), /without its test/);
  bites(claimed('1. So: `test/b.test.ts`'), /does not exist/);
  bites(claimed('1. So:\n   `test/a.test.ts` "it\n   works"'), /no test called 'it works'/);
  bites(claimed('None.'), /no numbered items/);
  spares(
    claimed('1. So: `test/a.test.ts` "a failed read\n   changes nothing"\n2. Later: *planned*.'),
  );
});

test('a word that ties the project to one machine is refused', () => {
  bites(wordOffences(split('see ', '/ro', 'ot/notes')), /one machine/);
  bites(wordOffences(split('https://reg', 'istry.example.com')), /registry/);
  bites(wordOffences(split('read ..', '/shared/facts.md')), /beside the project/);
  bites(wordOffences(split('DES', 'IGN', ' §3')), /does not have/);
  bites(wordOffences(split('<<<<', '<<< HEAD')), /merge/);
  bites(wordOffences(split('EAA', 'x'.repeat(120))), /token/);
  spares(wordOffences(split('https://example.com/root/acme, ./work/a')));
});

test('a lock file that cannot be installed everywhere is refused', () => {
  const own = {
    '': {},
    'node_modules/a': { integrity: 'x', optionalDependencies: { b: '1.0.0' } },
  };
  assert.match(objections(own), /wants b/);
  assert.match(objections({ '': {} }), /names no packages/);
  const whole = { ...own, 'node_modules/b': { integrity: 'y' } };
  assert.equal(objections(whole), '');
  assert.equal(objections({ ...own, 'node_modules/a/node_modules/b': { integrity: 'y' } }), '');
  assert.match(
    objections({ ...whole, 'node_modules/b': { integrity: 'y', resolved: 'h' } }),
    /host/,
  );
  assert.match(objections({ ...whole, 'node_modules/b': {} }), /integrity/);
  assert.match(rangeObjections({ dependencies: { a: '^1.0.0' } }).join(), /exact/);
});

function file(path: string, text: string): SourceFile {
  return { path, text };
}

function bites(offences: readonly Offence[], wanted: RegExp): void {
  assert.equal(offences.length, 1, offences.map(({ message }) => message).join('; '));
  assert.match(offences.map(({ message }) => message).join(), wanted);
}

function spares(offences: readonly Offence[]): void {
  assert.deepEqual(offences, []);
}

function named(name: string): string {
  return `test('${name}', () => {});\n`;
}

function split(...parts: string[]): SourceFile[] {
  return [file('a.md', parts.join(''))];
}

function decided(text: string, index = '[1](0001-a.md)'): Offence[] {
  return decisionOffences([
    file('docs/decisions/README.md', index),
    file('docs/decisions/0001-a.md', text),
  ]);
}

function objections(packages: object): string {
  return lockObjections({ packages }).join();
}
