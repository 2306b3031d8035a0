/** What a delivery is about that is about no incident, or about several: its `about`, as JSON. */
import { isId } from '#domain/id.ts';
import type { IncidentId, SilenceId } from '#domain/id.ts';
import { isJsonObject } from '#domain/json.ts';

export interface DeliveryAbout {
  /** Those that a baseline or summary tells of, or that were open when a silence ended; at most 500. */
  readonly incidents: readonly IncidentId[];
  /** The silence that ended. */
  readonly silence: SilenceId | null;
  /** When the week of a digest ends, ms UTC; null where that is not said. */
  readonly until: number | null;
}

const INCIDENTS_MAX = 500;

/**
 * As it was stored: a list of incidents alone, or an object with any of the fields. What is not understood counts
 * as left out.
 */
export function aboutOf(text: string | null): DeliveryAbout {
  const value = parsed(text ?? 'null');
  const { incidents, silence, until } = Array.isArray(value)
    ? { incidents: value, silence: null, until: null }
    : { incidents: null, silence: null, until: null, ...(isJsonObject(value) ? value : {}) };
  const ids: readonly unknown[] = Array.isArray(incidents) ? incidents.slice(0, INCIDENTS_MAX) : [];
  return {
    incidents: ids.filter((id) => typeof id === 'string').filter((id) => isId('inc', id)),
    silence: typeof silence === 'string' && isId('sil', silence) ? silence : null,
    until: typeof until === 'number' ? until : null,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
