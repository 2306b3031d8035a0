/**
 * The export of transitions: a stream, which the table of operations cannot express. Everything else of
 * the management API holds for it.
 */
import type { z } from 'zod';
import { exportQuery } from './history.ts';
import type { Operation } from './operation.ts';

/** What the export has in common with the operations of the table. */
export const EXPORT_OPERATION = {
  method: 'GET',
  path: '/export',
  tag: 'history',
  summary: 'Stream all transitions of a range, oldest first',
  query: exportQuery,
  problems: ['not_found'],
} as const satisfies Partial<Operation>;

/** What a caller gives: nothing is needed. */
export type ExportQuery = Readonly<Partial<z.output<typeof exportQuery>>>;

export type ExportFormat = 'ndjson' | 'csv';

/** The media type of each format. */
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
};
