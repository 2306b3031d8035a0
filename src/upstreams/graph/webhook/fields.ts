/** Every field that is understood, and what each says. */
import { isJsonObject } from '#domain/json.ts';
import type { Hint } from '#domain/signals/signal.ts';
import { ACCOUNT_FIELDS } from './account-fields.ts';
import type { RawChange } from './envelope.ts';
import type { FieldReader } from './hint-of.ts';
import { hintOf, unknownHint } from './hint-of.ts';
import { NUMBER_FIELDS } from './number-fields.ts';
import { TEMPLATE_FIELDS } from './template-fields.ts';

const READERS: ReadonlyMap<string, FieldReader> = new Map([
  ...ACCOUNT_FIELDS,
  ...NUMBER_FIELDS,
  ...TEMPLATE_FIELDS,
]);

export function isKnownField(field: string | null): field is string {
  return field !== null && READERS.has(field);
}

/** Whether there is somebody here who can read it, whatever it says. */
export function isReadable({ field, value }: RawChange): boolean {
  return isKnownField(field) && isJsonObject(value);
}

/** What one change of any field but `messages` says. */
export function hintIn(change: RawChange): Hint {
  const { field, entryId, value } = change;
  const read = field === null ? undefined : READERS.get(field);
  if (field === null || read === undefined || !isJsonObject(value)) return unknownHint(change);
  const known = { field, entryId, value };
  return hintOf(known, read(known));
}
