/** Markdown as the guards see it: without code, with its headings and links. */
import { posix } from 'node:path';
import { lineOf } from '#test/architecture/syntax.ts';
import type { Offence, SourceFile } from '#test/architecture/syntax.ts';

/** One `#` title, before everything but a comment. */
export function titleOffences(documents: readonly SourceFile[]): Offence[] {
  return documents.flatMap(({ path, text }) => {
    const titles = [...proseOf(text).matchAll(/^# .+$/gm)];
    if (titles.length === 1 && /^(<!--[^]*?-->\s*)?# /.test(text)) return [];
    const line = lineOf(text, titles[1]?.index ?? 0);
    return [{ path, line, message: 'one `#` title, at the head' }];
  });
}

/** Relative links lead to a file that exists, and to a heading in it. */
export function linkOffences(documents: readonly SourceFile[], exists: Exists): Offence[] {
  return documents.flatMap((document) =>
    [...proseOf(document.text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(({ 1: link = '', index }) => {
      const message = linkObjection(link, document, { documents, exists });
      const line = lineOf(document.text, index);
      return message === null ? [] : [{ path: document.path, line, message }];
    }),
  );
}

export type Exists = (path: string) => boolean;

interface Around {
  readonly documents: readonly SourceFile[];
  readonly exists: Exists;
}

function linkObjection(link: string, from: SourceFile, around: Around): string | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? from.path : posix.join(posix.dirname(from.path), file);
  if (file !== '' && !around.exists(path)) return `the link leads to ${path}, which does not exist`;
  if (anchor === undefined || !path.endsWith('.md')) return null;
  const target = around.documents.find((document) => document.path === path);
  if (target !== undefined && anchorsOf(target.text).has(anchor)) return null;
  return `${path} has no heading for #${anchor}`;
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): Set<string> {
  return new Set(
    headingsOf(text).map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );
}

export function headingsOf(text: string): string[] {
  return [...proseOf(text).matchAll(/^#{1,6} +(.+?)\s*$/gm)].map(({ 1: heading = '' }) => heading);
}

/** The text with fenced code blanked out, so that a `#` in a shell line is no heading. */
function proseOf(text: string): string {
  return text.replaceAll(/^(```|~~~)[^]*?^\1\s*$/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
}
