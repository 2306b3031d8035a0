/** Incidents in memory, for what only reads them: the rest of the store beside them is a real one. */
import type { Incident, IncidentEvent, Member } from '#domain/incidents/incident.ts';
import type { IncidentsView } from '#ports/incidents.ts';
import type { Page, PageRequest } from '#ports/page.ts';

export interface KnownIncidents {
  readonly incidents: readonly Incident[];
  readonly members: readonly Member[];
  readonly events: readonly IncidentEvent[];
}

/** A view of these; what signs would say there is nothing. */
export function createFakeIncidents({ incidents, members, events }: KnownIncidents): IncidentsView {
  const open = incidents.filter(({ resolvedAt }) => resolvedAt === null);
  const membersOf = (id: string) => members.filter(({ incidentId }) => incidentId === id);
  return {
    find: async (ref) =>
      incidents.find(({ id, number }) => ref === id || ref === `${number}`) ?? null,
    findAll: async (ids) => incidents.filter(({ id }) => ids.includes(id)),
    openOf: async () => null,
    list: async (page) => pageOf(incidents.toReversed(), page),
    walkOpen: async (page) => pageOf(open, page),
    inhibitedBy: async (id, page) =>
      pageOf(
        incidents.filter(({ inhibitedBy }) => inhibitedBy === id),
        page,
      ),
    signsOf: async () => [],
    suspicionOf: async () => null,
    signsIn: async () => ({ items: [], next: null }),
    membersOf: async (id, page) => pageOf(membersOf(id), page),
    countsOf: async (id) => {
      const all = membersOf(id);
      return { affected: all.filter(({ leftAt }) => leftAt === null).length, ever: all.length };
    },
    eventsOf: async (id, page) =>
      pageOf(
        events.filter(({ incidentId }) => incidentId === id),
        page,
      ),
    earlierOf: async () => null,
    opensOf: async () => 4,
    newCausesOf: async () => 0,
    lastRecoveryOf: async () => null,
    newestReadOf: async () => null,
    openCounts: async () => {
      const counts = { critical: 0, error: 0, warning: 0, info: 0 };
      for (const { severity } of open) counts[severity] += 1;
      return counts;
    },
  };
}

function pageOf<T>(all: readonly T[], { after, limit }: PageRequest): Page<T> {
  const from = Number(after ?? 0);
  const next = from + limit;
  return { items: all.slice(from, next), next: next < all.length ? String(next) : null };
}
