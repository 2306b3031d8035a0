/** The envelope of a webhook: `entry[]`, each with an id, a time and `changes[]` (docs/meta.md §5.1). */
import { isJsonObject, valueOfJson } from '#domain/json.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What an envelope of WhatsApp calls itself. */
export const ENVELOPE_OBJECT = 'whatsapp_business_account';

/** One change, with what its entry says of it. Nothing is translated. */
export interface RawChange {
  /** The WABA's id, of `PARTNER_*` the business's; null when it is none. */
  readonly entryId: string | null;
  readonly time: string | null;
  /** Null for what is no name of a field. */
  readonly field: string | null;
  readonly value: unknown;
}

/** The value of a body; undefined for what is no JSON in UTF-8. */
export function valueOfBody(body: Uint8Array): unknown {
  try {
    return valueOfJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** Null for what is no envelope at all. */
export function entriesOf(value: unknown): readonly unknown[] | null {
  if (!isJsonObject(value) || typeof value['object'] !== 'string') return null;
  return Array.isArray(value['entry']) ? value['entry'] : null;
}

/** Every change of these entries; what has no form of one is passed over. */
export function changesOfEntries(entries: readonly unknown[]): readonly RawChange[] {
  return entries.filter(isJsonObject).flatMap((entry) => {
    const changes: readonly unknown[] = Array.isArray(entry['changes']) ? entry['changes'] : [];
    const entryId = idOf(entry['id']);
    const time = idOf(entry['time']);
    return changes
      .filter(isJsonObject)
      .map(({ field, value }) => ({ entryId, time, field: wordOf(field), value }));
  });
}

/** An id of Meta, which may arrive as a number. */
export function idOf(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && /^[0-9]{1,32}$/.test(text) ? text : null;
}

/** A word of Meta in a form that is harmless wherever it is shown; null for anything else. */
export function wordOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(value) ? value : null;
}
