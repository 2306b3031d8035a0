/** How a file offers things: by name, from itself, and under a name that says what it holds. */
import { offenceAt, syntaxOf, walk } from './syntax.ts';
import type { Node, Offence, SourceFile } from './syntax.ts';

const EMPTY_NAMES = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'manager',
  'service',
  'types',
  'index',
  'misc',
]);

export function exportOffences(files: readonly SourceFile[]): Offence[] {
  return files.flatMap((file) => [...nameOffences(file), ...barrelOffences(file)]);
}

function nameOffences(file: SourceFile): Offence[] {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/\.ts$/, '');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    return [offenceAt(file, 0, `name files in kebab-case, not '${name}'`)];
  }
  if (!EMPTY_NAMES.has(name)) return [];
  return [offenceAt(file, 0, `'${name}' says nothing: name the file after what it holds`)];
}

function barrelOffences(file: SourceFile): Offence[] {
  const offences: Offence[] = [];
  walk(syntaxOf(file).program, (node) => {
    const message = objectionTo(node);
    if (message !== null) offences.push(offenceAt(file, node.start, message));
  });
  return offences;
}

function objectionTo(node: Node): string | null {
  if (node.type === 'ExportDefaultDeclaration') return 'export by name, not as default';
  const passesOn = node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration';
  if (!passesOn || node['source'] === null) return null;
  return 'no barrels: import from the file that declares it';
}
