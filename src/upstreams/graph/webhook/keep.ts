/**
 * What of a webhook may be stored. Personal messages pass by in some (ARCHITECTURE.md invariant 16), so a body
 * is kept byte for byte only where nothing in it could be one: known fields alone, and in them no key under
 * which anything personal stands. Of any other body the rest is kept.
 */
import { isJsonObject } from '#domain/json.ts';
import { changesOfEntries, ENVELOPE_OBJECT, idOf, wordOf } from './envelope.ts';
import type { JsonObject, RawChange } from './envelope.ts';
import { isKnownField } from './fields.ts';
import { errorsAlone, MESSAGES } from './send-errors.ts';

/** Fields that carry messages, calls and contacts of persons: nothing at all is kept of them. */
const PERSONAL_FIELDS: ReadonlySet<string> = new Set([
  'message_echoes',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'calls',
  'call_permission_reply',
  'user_preferences',
  'user_id_update',
  'messaging_handovers',
  'standby',
  'automatic_events',
  'tracking_events',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
]);

/** Keys under which something personal stands wherever they are. */
const PERSONAL_KEYS: ReadonlySet<string> = new Set([
  'messages',
  'message_echoes',
  'messaging',
  'contacts',
  'statuses',
  'history',
  'calls',
  'state_sync',
  'user_preferences',
  'requester',
  'wa_id',
  'user_id',
  'recipient_id',
  'from',
  'to',
  'text',
  'body',
  'caption',
  'profile',
]);

/** The body as it came, what is left of it, or null when nothing is. `value` is what the body says. */
export function keptOf(body: Uint8Array, value: unknown, entries: readonly unknown[]) {
  if (isPlain(value)) return body;
  const changes = changesOfEntries(entries).flatMap((change) => {
    const left = leftOf(change);
    return left === null ? [] : [left];
  });
  if (changes.length === 0) return null;
  const entry = changes.map(({ entryId, time, field, value: kept }) => {
    return { id: entryId, time, changes: [{ field, value: kept }] };
  });
  return new TextEncoder().encode(JSON.stringify({ object: ENVELOPE_OBJECT, entry }));
}

function leftOf(change: RawChange): RawChange | null {
  const { field, value } = change;
  if (field === MESSAGES) {
    const errors = errorsAlone(value);
    return errors === null ? null : { ...change, value: errors };
  }
  if (field !== null && PERSONAL_FIELDS.has(field)) return null;
  if (!isKnownField(field)) return { ...change, value: {} };
  return { ...change, value: withoutPersons(value) };
}

/** An envelope with nothing beside the usual, of known fields with nothing personal in them. */
function isPlain(value: unknown): boolean {
  return (
    hasOnly(value, ['object', 'entry']) &&
    value['object'] === ENVELOPE_OBJECT &&
    every(value['entry'], (entry) => {
      return (
        hasOnly(entry, ['id', 'time', 'changes']) &&
        isNoText(entry['id']) &&
        isNoText(entry['time']) &&
        every(entry['changes'], isPlainChange)
      );
    })
  );
}

function isPlainChange(change: unknown): boolean {
  if (!hasOnly(change, ['field', 'value'])) return false;
  const field = wordOf(change['field']);
  return isKnownField(field) && !hasPersons(change['value']);
}

function isNoText(value: unknown): boolean {
  return value === undefined || idOf(value) !== null;
}

function hasOnly(value: unknown, keys: readonly string[]): value is JsonObject {
  return isJsonObject(value) && Object.keys(value).every((key) => keys.includes(key));
}

function every(list: unknown, holds: (one: unknown) => boolean): boolean {
  return Array.isArray(list) && list.every(holds);
}

function hasPersons(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasPersons);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => PERSONAL_KEYS.has(key) || hasPersons(inner));
}

function withoutPersons(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPersons);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !PERSONAL_KEYS.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutPersons(inner)]));
}
