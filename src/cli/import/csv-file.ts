/** CSV: one channel a line, the first line names the columns; a label has a column `label.<name>`. */
import { parse } from 'csv-parse/sync';
import { nearestWord } from '#config/nearest.ts';
import { UsageError } from '#cli/usage-error.ts';
import type { RawFile, RawRow } from './raw-row.ts';
import { CHANNEL_FIELDS, ROWS_MAX } from './raw-row.ts';

const LABEL = 'label.';
const RECORD_CHARACTERS_MAX = 65_536;

/** Throws UsageError when the text is no CSV, or its columns are not known. */
export function csvFile(text: string): RawFile {
  const [head, ...records] = recordsOf(text);
  if (head === undefined) throw new UsageError('The file is empty: its first line names columns.');
  const columns = head.record.map((name) => name.trim());
  requireColumns(columns);
  return { credentials: [], channels: records.map((one) => rowOf(columns, one)) };
}

/** A record, and the line of the file on which it ends. */
interface Numbered {
  readonly line: string;
  readonly record: readonly string[];
}

function recordsOf(text: string): readonly Numbered[] {
  try {
    const options = {
      bom: true,
      // What spreadsheets write where the comma is the sign for decimals.
      delimiter: delimiterOf(text),
      on_record: (record: readonly string[], { lines }: { readonly lines: number }) => [
        String(lines),
        ...record,
      ],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: RECORD_CHARACTERS_MAX,
      to: ROWS_MAX + 1,
    };
    const records = parse(text, options).map(([line = '', ...record]) => ({ line, record }));
    if (records.length <= ROWS_MAX) return records;
    throw new UsageError(`The file has more than ${ROWS_MAX} lines; divide it.`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // The parser's own sentence may quote a cell, and a cell may be a secret.
    const line =
      error instanceof Error && 'lines' in error ? ` near line ${String(error.lines)}` : '';
    const message = `The file is no CSV${line}: a quotation mark is not closed, or stands where none may.`;
    throw new UsageError(message, { cause: error });
  }
}

function delimiterOf(text: string): string {
  const head = text.split(/\r?\n/, 1)[0] ?? '';
  if (head.includes(',')) return ',';
  return head.includes(';') ? ';' : ',';
}

function requireColumns(columns: readonly string[]): void {
  const known: readonly string[] = CHANNEL_FIELDS;
  const wrong = columns
    .filter((column) => !known.includes(column) && !isLabel(column))
    .map((column) => {
      const nearest = nearestWord(column, known);
      const hint = nearest === null ? '' : `; did you mean "${nearest}"?`;
      return `"${column.slice(0, 60)}" is not a column${hint}`;
    });
  const twice = columns.filter((column, at) => columns.indexOf(column) !== at);
  wrong.push(...twice.map((column) => `"${column}" stands twice`));
  if (!columns.includes('name')) wrong.push('the column "name" is missing');
  if (wrong.length === 0) return;
  throw new UsageError(
    `The first line must name columns: ${wrong.join('; ')}. Known are ${known.join(', ')} and ` +
      `${LABEL}<name>.`,
  );
}

function isLabel(column: string): boolean {
  return column.startsWith(LABEL) && column.length > LABEL.length;
}

function rowOf(columns: readonly string[], { record, line }: Numbered): RawRow {
  const cells = columns.map((column, at) => [column, (record[at] ?? '').trim()] as const);
  const labels = cells.filter(([column]) => isLabel(column));
  const names = labels.map(([column, value]) => [column.slice(LABEL.length), value] as const);
  const isUneven = record.length !== columns.length;
  const uneven = `It has ${record.length} cells, the first line has ${columns.length}.`;
  return {
    at: `line ${line}`,
    fields: Object.fromEntries(cells.filter(([column]) => !isLabel(column))),
    labels: names.length === 0 ? undefined : Object.fromEntries(names),
    wrong: isUneven ? [uneven] : [],
  };
}
