/** The little Markdown that generated pages need. */

/** The first line of every generated page. */
export function generatedFrom(source: string): string {
  return `<!-- Generated from ${source} by "npm run docs". Change it there. -->\n`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |\n`;
}

/** Text fit for a cell: no line breaks, no bars. */
function cell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', String.raw`\|`);
}

export function code(text: string): string {
  return `\`${text}\``;
}
