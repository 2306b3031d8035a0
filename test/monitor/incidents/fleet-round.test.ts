import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from '#domain/incidents/incident.ts';
import { isGathering } from '#monitor/incidents/gather.ts';
import { fleetRound } from '#monitor/incidents/fleet-round.ts';
import { resolveByHand } from '#monitor/incidents/verbs.ts';
import { aReceiver, ON_CALL_SECRETS } from '#test/contracts/store/acme-telling.ts';
import { opened, resolvedAt, waba } from '#test/contracts/store/an-incident.ts';
import type { MonitorWorld } from '#test/monitor/monitor-world.ts';
import { openMonitorWorld } from '#test/monitor/monitor-world.ts';
import { MINUTE } from './incident-world.ts';

const round = ({ deps }: MonitorWorld) => fleetRound(deps, new AbortController().signal);

/** A fleet incident that tells of so many; the oldest of them are over already. */
async function storm(
  world: MonitorWorld,
  about: { readonly causes: number; readonly over: number },
) {
  const { store, clock } = world;
  const at = { beganAt: clock.now(), openedAt: clock.now() };
  await store.change((tx) => tx.receivers.add(aReceiver({ urgency: 'notify' }), ON_CALL_SECRETS));
  const fleet = await opened(store, { ...at, cause: { kind: 'fleet', type: null, ref: 'graph' } });
  const inhibited: Incident[] = [];
  for (let no = 0; no < about.causes; no += 1) {
    const cause = waba(String(300_000_000_000_000 + no));
    const one = await opened(store, { ...at, cause, inhibitedBy: fleet.id });
    inhibited.push(one);
    if (no >= about.over) continue;
    await store.change((tx) => tx.incidents.replace(resolvedAt(one, clock.now())));
  }
  return { fleet, open: inhibited.slice(about.over) };
}

async function plannedFor({ store }: MonitorWorld, incidents: readonly Incident[]) {
  const pages = await Promise.all(
    incidents.map(({ id: incidentId }) =>
      store.read((view) => view.outbox.list({ after: null, limit: 10 }, { incidentId })),
    ),
  );
  return pages.map(({ items }) => items.map(({ kind, state }) => `${kind} ${state}`).join(', '));
}

test('what outlives a storm of hundreds of causes is told singly, each of it', async () => {
  await using world = await openMonitorWorld();
  const { fleet, open } = await storm(world, { causes: 215, over: 205 });
  await round(world);
  const stormy = await world.store.read((view) => view.incidents.find(fleet.id));
  assert.equal(stormy?.resolvedAt, null, 'it goes on while any of them is open');
  await world.clock.advance(41 * MINUTE);
  await round(world);
  assert.deepEqual(new Set(await plannedFor(world, open)), new Set(['opened pending']));
  const over = await world.store.read((view) => view.incidents.find(fleet.id));
  assert.equal(over?.resolution, 'gone');
});

test('what a fleet incident told of is told singly once somebody closed that by hand', async () => {
  await using world = await openMonitorWorld();
  const { fleet, open } = await storm(world, { causes: 3, over: 1 });
  await resolveByHand(world.deps, fleet.id, { by: 'Ada', note: null });
  await round(world);
  assert.deepEqual(await plannedFor(world, open), ['opened pending', 'opened pending']);
});

test('the message about many causes waits half a minute for more of them', async () => {
  await using world = await openMonitorWorld();
  const { fleet } = await storm(world, { causes: 1, over: 0 });
  const now = world.clock.now();
  const waiting = { ...fleet, gatherUntil: now + 30_000 };
  await world.store.read(async (view) => {
    assert.equal(await isGathering(view, waiting, now + 29_999), true);
    assert.equal(await isGathering(view, waiting, now + 30_000), false);
  });
});
