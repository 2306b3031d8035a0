/** Columns and paragraphs. Widths are counted in characters before any colour is added. */

/** Paints a cell that is already padded; the text itself must not change. */
type Paint = (cell: string, column: number) => string;

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly paint?: Paint;
}

/** A table without lines: columns two spaces apart, the last one not padded. */
export function tableText({ head, rows, paint = (cell) => cell }: Table): string {
  const all = head.length === 0 ? rows : [head, ...rows];
  const widths = columnWidths(all);
  return all
    .map((row, index) => {
      const isHead = index === 0 && head.length > 0;
      const cells = row.map((cell, column) => {
        const padded = column === row.length - 1 ? cell : padEnd(cell, widths[column] ?? 0);
        return isHead ? padded : paint(padded, column);
      });
      return cells.join('  ').trimEnd();
    })
    .join('\n');
}

function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell));
    });
  }
  return widths;
}

function padEnd(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - lengthOf(cell)));
}

const GRAPHEMES = new Intl.Segmenter();

/** In characters as a person counts them, which is near enough for names and sentences. */
function lengthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : [...GRAPHEMES.segment(text)].length;
}

/** Words broken into lines of at most `width`; lines after the first start with `indent` spaces. */
export function wrapped(text: string, width: number, indent = 0): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = Math.max(20, width - indent);
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** A label and its text, the text wrapped beside the label. */
export function labelled(label: string, text: string, about: { width: number; column: number }) {
  return `${padEnd(label, about.column)}${wrapped(text, about.width, about.column)}`;
}
