/** Decisions are short, in one form, and listed. */
import type { Offence, SourceFile } from '#test/architecture/syntax.ts';

const INDEX = 'docs/decisions/README.md';
const LINES_MAX = 40;
const SECTIONS = ['Context', 'Decision', 'Consequences'];

export function decisionOffences(documents: readonly SourceFile[]): Offence[] {
  const index = documents.find(({ path }) => path === INDEX)?.text ?? '';
  return documents
    .filter(({ path }) => path.startsWith('docs/decisions/') && path !== INDEX)
    .flatMap((document) =>
      objectionsTo(document, index).map((message) => ({ path: document.path, line: 1, message })),
    );
}

function objectionsTo({ path, text }: SourceFile, index: string): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const missing = SECTIONS.filter((section) => !text.includes(`\n## ${section}\n`));
  return [
    /^\d{4}-[a-z0-9-]+\.md$/.test(name) ? null : `name it 0001-what-was-decided.md, not ${name}`,
    index.includes(`](${name})`) ? null : `${INDEX} does not list it`,
    text.split('\n').length - 1 > LINES_MAX ? `at most ${LINES_MAX} lines` : null,
    missing.length === 0 ? null : `without ${missing.join(', ')}`,
    /^Date: \d{4}-\d{2}-\d{2}$/m.test(text) ? null : 'without a line `Date: 2026-01-31`',
  ].filter((message) => message !== null);
}
