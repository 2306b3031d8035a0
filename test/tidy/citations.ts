/** Citations such as `docs/meta.md §2.2` or `ARCHITECTURE.md invariant 3` lead somewhere. */
import { lineOf } from '#test/architecture/syntax.ts';
import type { Offence, SourceFile } from '#test/architecture/syntax.ts';
import { headingsOf } from './documents.ts';

/** White space, also where a comment breaks inside the citation. */
const GAP = String.raw`\s+(?:(?:\*|//)\s*)?`;
const PLACE = String.raw`,?(?:${GAP}and)?${GAP}(?:§\d+(?:\.\d+)*|invariants? \d+)`;
const CITATION = new RegExp(
  String.raw`(?<document>(?:docs/[\w/-]+|\b[A-Z]{4,})\.md)(?<where>(?:${PLACE})*)`,
  'g',
);

export function citationOffences(
  files: readonly SourceFile[],
  documents: readonly SourceFile[],
): Offence[] {
  const texts = new Map(documents.map(({ path, text }) => [path, text]));
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(CITATION)].flatMap(({ groups, index }) => {
      const line = lineOf(text, index);
      const messages = objectionsTo(groups?.['document'] ?? '', groups?.['where'] ?? '', texts);
      return messages.map((message) => ({ path, line, message }));
    }),
  );
}

function objectionsTo(
  document: string,
  where: string,
  texts: ReadonlyMap<string, string>,
): string[] {
  const text = texts.get(document);
  if (text === undefined) return [`${document} is cited and does not exist`];
  const sections = [...where.matchAll(/§([\d.]+)/g)].map(({ 1: number = '' }) => number);
  const invariants = [...where.matchAll(/invariants? (\d+)/g)].map(({ 1: number = '' }) => number);
  return [
    ...sections
      .filter((number) => !hasSection(text, number))
      .map((number) => `${document} has no section ${number}`),
    ...invariants
      .filter((number) => !new RegExp(`^${number}\\. `, 'm').test(text))
      .map((number) => `${document} has no invariant ${number}`),
  ];
}

/** A heading of that number, or (`§8.4`) item or row 4 in the section of heading 8. */
function hasSection(text: string, number: string): boolean {
  if (sectionOf(text, number) !== null) return true;
  const dot = number.lastIndexOf('.');
  const section = dot < 0 ? null : sectionOf(text, number.slice(0, dot));
  const item = number.slice(dot + 1);
  return section !== null && new RegExp(`^(?:${item}\\. |\\| *${item} *\\|)`, 'm').test(section);
}

/** What stands under the heading of that number, up to the next heading. */
function sectionOf(text: string, number: string): string | null {
  const heading = headingsOf(text).find((title) => new RegExp(`^${number}\\.?(\\s|$)`).test(title));
  if (heading === undefined) return null;
  const [, after = ''] = text.split(new RegExp(`^#{1,6} +${escaped(heading)}\\s*$`, 'm'));
  return after.split(/^#{1,6} /m)[0] ?? '';
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
