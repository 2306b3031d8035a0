/** What must not stand in the project: it speaks of itself alone, and runs on any machine. */
import { lineOf } from '#test/architecture/syntax.ts';
import type { Offence, SourceFile } from '#test/architecture/syntax.ts';

interface Word {
  readonly pattern: RegExp;
  readonly message: string;
}

const WORDS: readonly Word[] = [
  {
    pattern: /(?<![\w.])\/(?:work|root|Users)\/\w/g,
    message: 'a path of one machine: make it relative or an option',
  },
  {
    pattern: /https?:\/\/registry\.|registry\.(?:npmjs|yarnpkg)\./g,
    message: 'the address of a package registry: it belongs in the settings of a machine',
  },
  {
    pattern: /(?:\.\.\/)+(?:shared|plan)\b/g,
    message: 'a folder beside the project, which a clone does not have: copy what is needed',
  },
  {
    pattern: /\b(?:DESIGN|TOOLCHAIN|STYLE-ANCHORS|PLAN)(?:\.md|,? (?:§|invariants?\b))/g,
    message: 'a document that the project does not have: cite ARCHITECTURE.md or docs/',
  },
  {
    pattern: /^(?:<{7}|>{7}|={7})(?: |$)/gm,
    message: 'the mark of a merge that was not finished',
  },
  {
    pattern: /\bEAA[A-Za-z0-9]{100,}\b/g,
    message: 'what looks like a real access token: tests use short invented ones',
  },
];

export function wordOffences(files: readonly SourceFile[]): Offence[] {
  return files.flatMap(({ path, text }) =>
    WORDS.flatMap(({ pattern, message }) =>
      [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
        path,
        line: lineOf(text, index),
        message: `'${found}': ${message}`,
      })),
    ),
  );
}
