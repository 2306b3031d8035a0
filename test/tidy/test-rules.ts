/** Tests are sentences, all of them run, and none stands twice. */
import { dottedName, isNode, offenceAt, syntaxOf, walk } from '#test/architecture/syntax.ts';
import type { Node, Offence, SourceFile } from '#test/architecture/syntax.ts';

interface TestCall {
  readonly node: Node;
  readonly callee: string;
  /** Null when it is computed. */
  readonly name: string | null;
}

export function testOffences(files: readonly SourceFile[]): Offence[] {
  return files.flatMap((file) => {
    const seen = new Set<string>();
    return testCallsOf(file).flatMap((call) => {
      const message = objectionTo(call, seen);
      if (call.name !== null) seen.add(call.name);
      return message === null ? [] : [offenceAt(file, call.node.start, message)];
    });
  });
}

/** The names of all tests of a file that are written out. */
export function testNamesOf(file: SourceFile): string[] {
  return testCallsOf(file)
    .map(({ name }) => name)
    .filter((name) => name !== null);
}

function testCallsOf(file: SourceFile): TestCall[] {
  const calls: TestCall[] = [];
  walk(syntaxOf(file).program, (node) => {
    if (node.type !== 'CallExpression') return;
    const callee = dottedName(node['callee']);
    const isTest = callee !== null && /^(test|it|t\.test)(\.(only|skip|todo))?$/.test(callee);
    if (isTest) calls.push({ node, callee, name: nameOf(node) });
  });
  return calls;
}

function nameOf(call: Node): string | null {
  const [first] = Array.isArray(call['arguments']) ? call['arguments'] : [];
  if (!isNode(first) || first.type !== 'Literal') return null;
  return typeof first['value'] === 'string' ? first['value'] : null;
}

function objectionTo({ callee, name }: TestCall, seen: ReadonlySet<string>): string | null {
  if (/\.(only|skip|todo)$/.test(callee)) {
    return `${callee} leaves tests out: pass { skip: 'the reason' } or delete it`;
  }
  if (name === null) return null;
  if (seen.has(name)) return `two tests are called '${name}'`;
  if (/^should\b/i.test(name) || name.trim().split(/\s+/).length < 3) {
    return `'${name}' is no sentence that a user could say`;
  }
  return null;
}
