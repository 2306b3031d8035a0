/** Where the process may be touched: its environment in two files, its end nowhere. */
import { importsOf } from './imports.ts';
import { ENVIRONMENT_READERS } from './layers.ts';
import { dottedName, isNode, offenceAt, syntaxOf, walk } from './syntax.ts';
import type { Node, Offence, SourceFile } from './syntax.ts';

const ENDINGS = new Set(['process.exit', 'process.reallyExit', 'process.abort']);

export function processOffences(files: readonly SourceFile[]): Offence[] {
  return files.flatMap((file) => {
    const offences = importsOf(file)
      .filter(({ specifier }) => specifier === 'node:process' || specifier === 'process')
      .map(({ offset }) => offenceAt(file, offset, "use the global `process`, not 'node:process'"));
    walk(syntaxOf(file).program, (node) => {
      const message = objectionTo(node, file.path);
      if (message !== null) offences.push(offenceAt(file, node.start, message));
    });
    return offences;
  });
}

function objectionTo(node: Node, path: string): string | null {
  const name = node.type === 'MemberExpression' ? plainName(node) : null;
  if (name !== null && ENDINGS.has(name)) {
    return `${name} is banned: set process.exitCode and let the event loop run empty`;
  }
  const reads = name === 'process.env' || takesProcessApart(node);
  if (!reads || ENVIRONMENT_READERS.includes(path)) return null;
  return `the environment is read in ${ENVIRONMENT_READERS.join(' and ')} only: take an option`;
}

function plainName(node: Node): string | null {
  return dottedName(node)?.replace(/^(globalThis|global)\./, '') ?? null;
}

/** `const { env } = process`, and any other way of passing the whole process on. */
function takesProcessApart(node: Node): boolean {
  if (node.type !== 'VariableDeclarator' || !isNode(node['init'])) return false;
  return plainName(node['init']) === 'process';
}
