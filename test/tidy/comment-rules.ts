/** What comments owe the reader. */
import { isNode, offenceAt, syntaxOf } from '#test/architecture/syntax.ts';
import type { Node, Offence, SourceFile } from '#test/architecture/syntax.ts';

/** A note to come back to something names the issue that will. */
export function leftoverOffences(files: readonly SourceFile[]): Offence[] {
  return files.flatMap((file) =>
    syntaxOf(file)
      .comments.filter(({ value }) => /\b(TODO|FIXME|XXX|HACK)\b(?! ?\(#\d+\))/.test(value))
      .map(({ start }) =>
        offenceAt(file, start, 'write it as TODO(#12) with its issue, or do it now'),
      ),
  );
}

/** Every function that `domain`, `ports` or `config` exports says what it promises. */
export function undocumentedOffences(files: readonly SourceFile[]): Offence[] {
  return files
    .filter(({ path }) => /^src\/(domain|ports|config)\//.test(path))
    .flatMap((file) =>
      exportedFunctions(file)
        .filter((node) => !/\*\/\s*$/.test(file.text.slice(0, node.start)))
        .map((node) => offenceAt(file, node.start, 'an exported function needs a doc comment')),
    );
}

function exportedFunctions(file: SourceFile): Node[] {
  const body = syntaxOf(file).program['body'];
  if (!Array.isArray(body)) return [];
  return body.filter(isNode).filter(({ type, declaration }) => {
    const exported = type === 'ExportNamedDeclaration' && isNode(declaration);
    return exported && declaration.type === 'FunctionDeclaration';
  });
}
