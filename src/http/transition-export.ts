/** Transitions as text, line by line: for programs as NDJSON, for spreadsheets as CSV. */
import type { ExportFormat } from '#api/export-operation.ts';
import { inertJson, inertText } from '#domain/inert-text.ts';
import type { TransitionView } from './routes/transition-view.ts';

export interface LineWriter {
  /** What stands before the first line; empty for nothing. */
  readonly head: string;
  readonly line: (transition: TransitionView) => string;
}

type Cell = string | number | null;

const COLUMNS: Readonly<Record<string, (transition: TransitionView) => Cell>> = {
  at: ({ at }) => at,
  channel: ({ channel }) => channel.name,
  channel_id: ({ channel }) => channel.id,
  kind: ({ kind }) => kind,
  capability: ({ capability }) => capability,
  subject_type: ({ subject }) => subject?.type ?? null,
  subject_id: ({ subject }) => subject?.id ?? null,
  code: ({ code }) => code,
  was: ({ was }) => was,
  is: ({ is }) => is,
  detail: ({ detail }) => detail,
  attempt: ({ evidence }) => evidence?.attempt ?? null,
  started_at: ({ evidence }) => evidence?.started_at ?? null,
  trace_id: ({ evidence }) => evidence?.trace_id ?? null,
  version: ({ evidence }) => evidence?.version ?? null,
  body_before: ({ evidence }) => evidence?.body_before ?? null,
  body_after: ({ evidence }) => evidence?.body_after ?? null,
  series: ({ series }) => series,
  id: ({ id }) => id,
  display_number: ({ channel }) => channel.display_number,
  verified_name: ({ channel }) => channel.verified_name,
};

/** What a spreadsheet would take for a formula begins with one of these, in either width. */
const FORMULA = /^[=+\-@＝＋－＠]/;

export const LINE_WRITERS: Readonly<Record<ExportFormat, LineWriter>> = {
  ndjson: {
    head: '',
    line: (transition) => `${inertJson(JSON.stringify(transition))}\n`,
  },
  csv: {
    head: csvLine(Object.keys(COLUMNS)),
    line: (transition) => csvLine(Object.values(COLUMNS).map((cellOf) => cellOf(transition))),
  },
};

/** RFC 4180. */
function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = inertText(cell);
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
