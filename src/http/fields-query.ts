/**
 * The query of `GET /health_status`: `fields` names what to ask for beside the health status
 * (docs/dialog360.md §1). Any other parameter is ignored, as the contract knows none.
 */

/** `fields` null: the plain answer. Otherwise valid names, sorted, each once. */
export type FieldsWish =
  | { readonly ok: true; readonly fields: readonly string[] | null }
  | { readonly ok: false; readonly error: string };

const FIELDS_MAX = 20;
const NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** What the plain answer has anyway. */
const PLAIN = new Set(['id', 'health_status']);

/** `query` is what follows the question mark; empty when there is none. */
export function fieldsIn(query: string): FieldsWish {
  if (query === '') return { ok: true, fields: null };
  const values = new URLSearchParams(query).getAll('fields');
  if (values.length === 0) return { ok: true, fields: null };
  const names = [...new Set(values.flatMap((value) => value.split(',')).map((n) => n.trim()))];
  if (names.every((name) => name === '')) {
    return refused('The parameter fields is empty: name at least one field, or leave it out.');
  }
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong !== undefined) return refused(wrongName(wrong));
  if (names.length > FIELDS_MAX) {
    return refused(
      `The parameter fields names ${names.length} fields: ask for at most ${FIELDS_MAX} at once.`,
    );
  }
  if (names.every((name) => PLAIN.has(name))) return { ok: true, fields: null };
  return { ok: true, fields: names.toSorted() };
}

function wrongName(name: string): string {
  const shown = name.slice(0, 64).replaceAll(/[^\x20-\x7e]|[<>"&]/g, '?');
  return (
    `The parameter fields has '${shown}', which is no field name: write small letters, digits and _, beginning ` +
    'with a letter, and commas between names.'
  );
}

function refused(error: string): FieldsWish {
  return { ok: false, error };
}
