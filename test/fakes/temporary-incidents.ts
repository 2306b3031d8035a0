/** Incidents in memory, until the store keeps them. */
// oxlint-disable
import type { Store } from '#ports/store.ts';
import { causeKey } from '#domain/incidents/cause.ts';

export function withIncidents<S extends Store>(store: S): S {
  const rows = new Map<string, any>();
  let number = 0;
  const find = async (ref: string) => rows.get(ref) ?? null;
  const openOf = async (cause: any, capability: any) =>
    [...rows.values()].find(
      (one) =>
        one.resolvedAt === null &&
        causeKey(one.cause, one.capability) === causeKey(cause, capability),
    ) ?? null;
  const incidents: any = {
    find,
    findAll: async (ids: string[]) => ids.flatMap((id) => rows.get(id) ?? []),
    openOf,
    async open(draft: any) {
      if (await openOf(draft.cause, draft.capability)) return null;
      const row = { ...draft, number: (number += 1) };
      rows.set(row.id, row);
      return row;
    },
    async replace(one: any) {
      rows.set(one.id, one);
    },
    addEvents: async () => {},
    join: async () => {},
    opensOf: async (cause: any, capability: any, since: number) =>
      [...rows.values()].filter(
        (one) =>
          causeKey(one.cause, one.capability) === causeKey(cause, capability) &&
          one.openedAt >= since,
      ).length,
    membersOf: async () => ({ items: [], next: null }),
    countsOf: async () => ({ affected: 0, ever: 0 }),
    walkOpen: async () => ({
      items: [...rows.values()].filter((one) => one.resolvedAt === null),
      next: null,
    }),
  };
  const wrap = (view: any) => ({ ...view, incidents: view.incidents ?? incidents });
  return {
    ...store,
    read: (work: any) => store.read((view) => work(wrap(view))),
    scan: (work: any) => store.read((view) => work(wrap(view))),
    change: (work: any) => store.change((tx) => work(wrap(tx))),
  } as S;
}
