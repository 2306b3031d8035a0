/** Incidents as they are looked for: page by page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CAUSE_KINDS } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { IncidentFilter, IncidentsView } from '#ports/incidents.ts';
import type { Store } from '#ports/store.ts';
import { addAcme, NOON } from '#test/contracts/store/acme.ts';
import { aMember, opened, resolvedAt, waba } from '#test/contracts/store/an-incident.ts';
import { allPages, type OpenStore, refuses } from '#test/contracts/store/harness.ts';

export function incidentListContract(open: OpenStore): void {
  test('any filter and any page size find the same incidents, newest first', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'support', 'sales');
    const all = await someIncidents(store);
    const members = new Map<Incident, string>();
    for (const [at, incident] of all.entries()) {
      const channel = channels[at % 3];
      if (channel === undefined) continue;
      members.set(incident, channel.id);
      await store.change((tx) => tx.incidents.join(aMember(incident.id, channel.id)));
    }
    const isListed = (one: Incident, { state, causeKind, channelId }: IncidentFilter) =>
      (state === undefined || (state === 'open') === (one.resolvedAt === null)) &&
      (causeKind === undefined || causeKind === one.cause.kind) &&
      (channelId === undefined || channelId === members.get(one));
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            state: fc.constantFrom('open', 'resolved'),
            causeKind: fc.constantFrom(...CAUSE_KINDS.slice(0, 3)),
            channelId: fc.constantFrom(...channels.map(({ id }) => id)),
          },
          { requiredKeys: [] },
        ),
        fc.integer({ min: 1, max: 30 }),
        async (filter, limit) => {
          const listed = await store.read((view) =>
            allPages(limit, (page) => view.incidents.list(page, filter)),
          );
          assert.deepEqual(listed, all.filter((one) => isListed(one, filter)).toReversed());
        },
      ),
      { numRuns: 40 },
    );
  });

  test('what is open is walked from the oldest on, and what waits for siblings alone', async () => {
    await using store = await open();
    const all = await someIncidents(store);
    const walked = (isGathering: boolean) =>
      store.read((view) =>
        allPages(2, (page) => view.incidents.walkOpen(page, isGathering ? { isGathering } : {})),
      );
    const unresolved = all.filter(({ resolvedAt: at }) => at === null);
    assert.deepEqual(await walked(false), unresolved);
    const gathering = unresolved.filter(({ gatherUntil }) => gatherUntil !== null);
    assert.ok(gathering.length > 0 && gathering.length < unresolved.length);
    assert.deepEqual(await walked(true), gathering);
  });

  test('what one incident tells of is found from the oldest on, resolved or not', async () => {
    await using store = await open();
    const fleet = await opened(store, { cause: { kind: 'fleet', type: null, ref: 'graph' } });
    const held: Incident[] = [];
    for (const ref of ['1', '2', '3', '4', '5']) {
      held.push(await opened(store, { cause: waba(ref), inhibitedBy: fleet.id }));
    }
    const [first] = held;
    assert.ok(first);
    held[0] = resolvedAt(first, NOON);
    await store.change((tx) => tx.incidents.replace(resolvedAt(first, NOON)));
    const found = await store.read((view) =>
      allPages(2, (page) => view.incidents.inhibitedBy(fleet.id, page)),
    );
    assert.deepEqual(found, held);
  });

  test('a cursor that no page of incidents gave is refused', async () => {
    await using store = await open();
    const { id } = await opened(store);
    for (const after of ['', 'x', '-1', 'inc_1', "inc_1' or 1=1", '1.5 ch_1', '12 ch_1']) {
      const page = { after, limit: 1 };
      const lists: readonly ((view: IncidentsView) => Promise<unknown>)[] = [
        (view) => view.list(page, {}),
        (view) => view.walkOpen(page, {}),
        (view) => view.membersOf(id, page),
        (view) => view.eventsOf(id, page),
      ];
      for (const list of lists) {
        await refuses(
          store.read((view) => list(view.incidents)),
          'invalid_request',
          /cursor/,
        );
      }
    }
  });
}

/** Twenty-four of three kinds, each fifth resolved and each fourth waiting for siblings. */
async function someIncidents(store: Store): Promise<readonly Incident[]> {
  const all: Incident[] = [];
  for (let at = 0; at < 24; at += 1) {
    const kind = CAUSE_KINDS[at % 3] ?? 'entity';
    const gatherUntil = at % 4 === 0 ? NOON : null;
    const cause = { kind, type: null, ref: String(at) };
    const incident = await opened(store, { cause, gatherUntil });
    all.push((at + 1) % 5 === 0 ? resolvedAt(incident, NOON) : incident);
  }
  await store.change(async (tx) => {
    for (const incident of all) await tx.incidents.replace(incident);
  });
  return all;
}
