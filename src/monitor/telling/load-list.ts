/** Loads the incidents that a message about several names, the worst first. */
import type { Incident } from '#domain/incidents/incident.ts';
import { SEVERITIES } from '#domain/incidents/incident.ts';
import type { IncidentView, Occasion, Place } from '#domain/telling/texts/incident-view.ts';
import type { ListView } from '#domain/telling/texts/list-message.ts';
import { LISTED_MAX } from '#domain/telling/texts/list-message.ts';
import type { StoreView } from '#ports/store.ts';
import { loadIncidentView } from './load-view.ts';
import type { Labels } from './members-told.ts';

/** Incidents whose numbers are added up; of more no sum is told. */
const SUMMED_MAX = 100;
const COMMAND = 'waba-health incidents list';

export interface Listing {
  /** At most 500. */
  readonly incidents: readonly Incident[];
  readonly labels: Labels | null;
  readonly occasion: Occasion;
  readonly links: (incident: Incident) => Place;
}

export async function loadList(view: StoreView, listing: Listing): Promise<ListView> {
  const { incidents, labels } = listing;
  const shown = worstFirst(incidents).slice(0, LISTED_MAX);
  const isSummed = labels === null && incidents.length <= SUMMED_MAX;
  return {
    incidents: await loadEach(view, { ...listing, incidents: shown }),
    total: incidents.length,
    numbers: isSummed ? await sumOf(view, incidents) : null,
    command: COMMAND,
  };
}

/** Each of a few incidents with all that its text needs. */
export async function loadEach(
  view: StoreView,
  { incidents, labels, occasion, links }: Listing,
): Promise<readonly IncidentView[]> {
  const loaded: IncidentView[] = [];
  for (const incident of incidents) {
    const about = { incident, labels, now: occasion.now, remindAt: null, place: links(incident) };
    loaded.push(await loadIncidentView(view, about));
  }
  return loaded;
}

/** By severity, then the oldest first. */
function worstFirst(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.toSorted((one, other) => {
    return placeOf(one) - placeOf(other) || one.number - other.number;
  });
}

function placeOf({ severity }: Incident): number {
  return SEVERITIES.indexOf(severity);
}

async function sumOf(view: StoreView, incidents: readonly Incident[]): Promise<number> {
  let sum = 0;
  for (const { id } of incidents) sum += (await view.incidents.countsOf(id)).affected;
  return sum;
}
