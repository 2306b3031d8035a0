/** Every invariant that ARCHITECTURE.md claims names a test that exists. */
import type { Offence, SourceFile } from '#test/architecture/syntax.ts';
import { testNamesOf } from './test-rules.ts';

const DOCUMENT = 'ARCHITECTURE.md';
const PROOF = /`(?<path>test\/[\w./-]+\.ts)`(?: ["“](?<name>[^"”]+)["”])?/g;

/** What is promised for later says so, and owes no test yet. */
const PLANNED = /[*_]planned[*_]/;

export function invariantOffences(document: string, tests: readonly SourceFile[]): Offence[] {
  const items = itemsOf(document);
  if (items.length === 0) return [offence(1, 'no numbered items under "## Invariants"')];
  return items.flatMap(({ line, text }) =>
    objectionsTo(text, tests).map((message) => offence(line, message)),
  );
}

function offence(line: number, message: string): Offence {
  return { path: DOCUMENT, line, message };
}

/** The numbered items under "## Invariants", each joined to one line. */
function itemsOf(document: string): { line: number; text: string }[] {
  const items: { line: number; text: string }[] = [];
  let inside = false;
  for (const [index, line] of document.split('\n').entries()) {
    if (line.startsWith('## ')) inside = line === '## Invariants';
    const last = items.at(-1);
    if (inside && /^\d+\. /.test(line)) items.push({ line: index + 1, text: line });
    else if (inside && last !== undefined && line.startsWith('  ')) last.text += ` ${line.trim()}`;
  }
  return items;
}

function objectionsTo(text: string, tests: readonly SourceFile[]): string[] {
  const proofs = [...text.matchAll(PROOF)].map(({ groups }) => groups);
  if (proofs.length === 0) return PLANNED.test(text) ? [] : ['an invariant without its test'];
  return proofs.flatMap((groups) => {
    const { path = '', name } = groups ?? {};
    const file = tests.find((candidate) => candidate.path === path);
    if (file === undefined) return [`${path} does not exist`];
    if (name === undefined || testNamesOf(file).includes(name)) return [];
    return [`${path} has no test called '${name}'`];
  });
}
