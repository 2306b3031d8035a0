/** TypeScript files as syntax trees, so that the guards see what the language sees. */
import { parseSync } from 'oxc-parser';

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Syntax {
  readonly program: Node;
  readonly comments: readonly { readonly value: string; readonly start: number }[];
}

/** One thing a guard objects to; printed as `path:line: message`. */
export interface Offence {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const parsed = new WeakMap<SourceFile, Syntax>();

/** The syntax tree of a file. Throws when it does not parse: a guard must never pass on what it cannot read. */
export function syntaxOf(file: SourceFile): Syntax {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const result = parseSync(file.path, file.text);
  const [error] = result.errors;
  if (error !== undefined) throw new Error(`${file.path} does not parse: ${error.message}`);
  const program: unknown = result.program;
  if (!isNode(program)) throw new Error(`${file.path} has no syntax tree`);
  const syntax = { program, comments: result.comments };
  parsed.set(file, syntax);
  return syntax;
}

/** Calls `visit` for every node with its ancestors, the nearest last. */
export function walk(root: Node, visit: (node: Node, ancestors: readonly Node[]) => void): void {
  const ancestors: Node[] = [];
  const step = (node: Node): void => {
    visit(node, ancestors);
    ancestors.push(node);
    for (const child of Object.values(node)) {
      if (Array.isArray(child)) for (const item of child) if (isNode(item)) step(item);
      if (isNode(child)) step(child);
    }
    ancestors.pop();
  };
  step(root);
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

export function offenceAt(file: SourceFile, offset: number, message: string): Offence {
  return { path: file.path, line: lineOf(file.text, offset), message };
}

/** `a.b.c` of a chain of plain names; null for anything else. */
export function dottedName(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Identifier') return String(node['name']);
  if (node.type !== 'MemberExpression') return null;
  const object = dottedName(node['object']);
  const property = propertyName(node);
  return object === null || property === null ? null : `${object}.${property}`;
}

function propertyName(member: Node): string | null {
  const property = member['property'];
  if (!isNode(property)) return null;
  if (member['computed'] !== true) return String(property['name']);
  return property.type === 'Literal' ? String(property['value']) : null;
}
