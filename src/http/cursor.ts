/** Opaque cursors of listings: where the page before ended, in a form that nobody should build on. */
import type { PageRequest } from '#ports/page.ts';
import { invalidRequest } from '#monitor/name-check.ts';

const FORM = /^after:(.+)$/s;

export function cursorOf(next: string | null): string | null {
  return next === null ? null : Buffer.from(`after:${next}`).toString('base64url');
}

/** The page that a request asks for. Throws Problem `invalid_request` for a cursor that is not ours. */
export function pageRequestOf(query: { limit: number; cursor?: string | undefined }): PageRequest {
  if (query.cursor === undefined) return { after: null, limit: query.limit };
  const after = FORM.exec(Buffer.from(query.cursor, 'base64url').toString())?.[1];
  if (after !== undefined) return { after, limit: query.limit };
  throw invalidRequest([
    { at: 'query.cursor', message: 'must be the next_cursor of the page before' },
  ]);
}
