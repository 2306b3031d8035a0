/**
 * One upstream answer as values. Reading it never throws, whatever it holds: what has the wrong
 * type counts as absent, what we do not know is kept as received.
 *
 * One exception to "absent": a status word of the wrong type. It was said, and we do not understand it,
 * so it is kept as JSON and votes UNKNOWN; dropped, it could make a broken answer look AVAILABLE.
 */
import type { Entity, EntityError } from './entity.ts';
import { isJsonObject } from './json.ts';

export interface HealthReport {
  /** The top-level `id`. Not always the number's own: two of Meta's examples differ (§1.4). */
  readonly nodeId: string | null;
  /** Meta's aggregate `can_send_message`, as received. */
  readonly reported: string | null;
  readonly entities: readonly Entity[];
}

/** The type of an entity that came without one. */
const UNTYPED = 'UNKNOWN';

/** How much of an odd status word is kept: enough to recognise it, little enough to show. */
const ODD_WORD_LENGTH_MAX = 64;

/**
 * The report in a parsed body; null when the body is no good read: not an object, no object
 * `health_status`, or a top-level `error` (ARCHITECTURE.md invariant 3: anything else is malformed).
 */
export function reportOf(body: unknown): HealthReport | null {
  if (!isJsonObject(body)) return null;
  if (body['error'] !== undefined && body['error'] !== null) return null;
  const status = body['health_status'];
  if (!isJsonObject(status)) return null;
  return {
    nodeId: idOf(body['id']),
    reported: wordOf(status['can_send_message']),
    entities: objectsOf(status['entities']).map(entityOf),
  };
}

function entityOf(item: Readonly<Record<string, unknown>>): Entity {
  return {
    type: textOf(item['entity_type']) ?? UNTYPED,
    id: idOf(item['id']),
    words: {
      messaging: wordOf(item['can_send_message']),
      calling: wordOf(item['can_receive_call_sip']),
    },
    errors: errorsOf(item['errors']),
    info: infoOf(item['additional_info']),
  };
}

function errorsOf(list: unknown): readonly EntityError[] {
  return objectsOf(list)
    .map((item) => ({
      code: idOf(item['error_code']),
      description: textOf(item['error_description']),
      solution: textOf(item['possible_solution']),
    }))
    .filter(
      (error) => error.code !== null || error.description !== null || error.solution !== null,
    );
}

function infoOf(list: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(list) ? list : [list];
  return items.map(textOf).filter((text) => text !== null);
}

function objectsOf(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** Ids and codes are strings or numbers, by sender; an empty one identifies nothing. */
function idOf(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : (textOf(value)?.trim() ?? '') || null;
}

/** Half a surrogate pair cannot be stored as UTF-8, so it becomes U+FFFD here, before anything compares. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.toWellFormed() : null;
}

function wordOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const word = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return word.slice(0, ODD_WORD_LENGTH_MAX).toWellFormed();
}
