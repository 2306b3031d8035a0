/** How large things may grow: a file, a function, a list of parameters. */
import { dottedName, isNode, offenceAt, syntaxOf, walk } from '#test/architecture/syntax.ts';
import type { Node, Offence, SourceFile } from '#test/architecture/syntax.ts';

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 60;
const PARAMETERS_MAX = 3;

/**
 * Files that were longer when the limit came, with their length. They may shrink and not grow; whoever
 * shrinks one lowers the number here.
 */
export type Ratchet = Readonly<Record<string, number>>;

export function fileLengthOffences(files: readonly SourceFile[], ratchet: Ratchet): Offence[] {
  return files.flatMap((file) => {
    const lines = file.text.split('\n').length - 1;
    const message = lengthObjection(lines, ratchet[file.path]);
    return message === null ? [] : [{ path: file.path, line: lines, message }];
  });
}

function lengthObjection(lines: number, allowed: number | undefined): string | null {
  if (allowed === undefined) {
    if (lines <= FILE_LINES_MAX) return null;
    return `${lines} lines, at most ${FILE_LINES_MAX}: split it where it holds two things`;
  }
  if (lines > allowed) return `${lines} lines: it may shrink below ${allowed}, not grow`;
  return lines < allowed ? `${lines} lines now: lower its number in the ratchet` : null;
}

export function functionOffences(files: readonly SourceFile[]): Offence[] {
  return files.flatMap((file) => {
    const offences: Offence[] = [];
    walk(syntaxOf(file).program, (node) => {
      for (const message of functionObjections(node, file.text)) {
        offences.push(offenceAt(file, node.start, message));
      }
    });
    return offences;
  });
}

function functionObjections(node: Node, text: string): string[] {
  const { params, body } = node as { params?: unknown } & Node;
  if (!Array.isArray(params)) return [];
  const objections: string[] = [];
  if (params.length > PARAMETERS_MAX) {
    objections.push(`${params.length} parameters, at most ${PARAMETERS_MAX}: take an object`);
  }
  if (!isNode(body) || body.type === 'ClassBody') return objections;
  const lines = linesOf(node, text) - linesOfTestsIn(node, text);
  if (lines > FUNCTION_LINES_MAX) {
    objections.push(`a function of ${lines} lines, at most ${FUNCTION_LINES_MAX}: name its parts`);
  }
  return objections;
}

function linesOf({ start, end }: Node, text: string): number {
  return text.slice(start, end).split('\n').length;
}

/** A function that only lists tests, a suite, is as long as what stands between them. */
function linesOfTestsIn(suite: Node, text: string): number {
  let lines = 0;
  walk(suite, (node, ancestors) => {
    if (isTest(node) && !ancestors.some(isTest)) lines += linesOf(node, text);
  });
  return lines;
}

function isTest(node: Node): boolean {
  return (
    node.type === 'CallExpression' &&
    /^(test|it|describe|suite)$/.test(dottedName(node['callee']) ?? '')
  );
}
