/** What a file imports, in every way the language has: types, side effects, re-exports, dynamic ones. */
import { isNode, syntaxOf, walk } from './syntax.ts';
import type { Node, SourceFile } from './syntax.ts';

export interface Import {
  /** What stands in the quotes; null when it is computed, so that nobody can check it. */
  readonly specifier: string | null;
  readonly offset: number;
}

const WITH_SOURCE = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

export function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = [];
  walk(syntaxOf(file).program, (node) => {
    const source = sourceOf(node);
    if (isNode(source)) imports.push({ specifier: literalOf(source), offset: node.start });
  });
  return imports;
}

function sourceOf(node: Node): unknown {
  if (WITH_SOURCE.has(node.type)) return node['source'];
  if (node.type === 'TSExternalModuleReference') return node['expression'];
  return null;
}

function literalOf(source: Node): string | null {
  if (source.type === 'Literal') return String(source['value']);
  return null;
}

/** The path an import of our own leads to; null for a package. `#…` starts at `src`, `./` here. */
export function targetOf(from: string, specifier: string): string | null {
  if (/^#(test|bench|scripts)\//.test(specifier)) return specifier.slice(1);
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`;
  if (!specifier.startsWith('.')) return null;
  const path = new URL(specifier, `file:///${from}`).pathname;
  return path.slice(1);
}
