/** What a delivery is about that is about no incident, or about several: its `about`, as JSON. */
import { isId } from '#domain/id.ts';
import type { IncidentId, SilenceId } from '#domain/id.ts';
import { isJsonObject } from '#domain/json.ts';

export interface DeliveryAbout {
  /** Those that a baseline or summary tells of, or that were open when a silence ended; at most 500. */
  readonly incidents: readonly IncidentId[];
  /** The silence that ended. */
  readonly silence: SilenceId | null;
  /** When the week of a digest ends, ms UTC; null for the moment at which it is sent. */
  readonly until: number | null;
}

const NOTHING: DeliveryAbout = { incidents: [], silence: null, until: null };
const INCIDENTS_MAX = 500;

/** As it is stored. */
export function aboutText(about: Partial<DeliveryAbout>): string {
  return JSON.stringify(about);
}

/** As it was stored; what is not understood counts as left out. */
export function aboutOf(text: string | null): DeliveryAbout {
  const value = parsed(text ?? 'null');
  if (!isJsonObject(value)) return NOTHING;
  const { incidents, silence, until } = value;
  const ids = Array.isArray(incidents) ? incidents.slice(0, INCIDENTS_MAX) : [];
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
