/** The channels that are members of incidents, because of what they show. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channel } from '#domain/channel.ts';
import type { IncidentId } from '#domain/id.ts';
import { SIGN_STAGES } from '#domain/incidents/sign.ts';
import type { Store } from '#ports/store.ts';
import { addAcme, addSupport, bodyOf, goodState, NOON } from '#test/contracts/store/acme.ts';
import {
  aMember,
  anEvent,
  aSign,
  opened,
  putSigns,
  resolvedAt,
  waba,
} from '#test/contracts/store/an-incident.ts';
import { allPages, type OpenStore } from '#test/contracts/store/harness.ts';

export function incidentMembersContract(open: OpenStore): void {
  enlistContract(open);
  membersContract(open);
  wakeContract(open);
  removalContract(open);
}

function enlistContract(open: OpenStore): void {
  test('suspects become members in the order of channels, as many at once as are asked for', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'a', 'b', 'c', 'd', 'e');
    const ids = channels.map(({ id }) => id).toSorted();
    await putSigns(
      store,
      ids.toReversed().map((id) => aSign(id, { status: 'LIMITED', replaced: null, worked: false })),
    );
    const stranger = aSign(ids[0] ?? assert.fail(), { cause: waba('2') });
    await putSigns(store, [stranger]);
    const incident = await opened(store);
    const enlist = (limit: number) =>
      store.change((tx) => tx.incidents.enlist(incident, NOON + 9, limit));
    const rounds = [await enlist(2), await enlist(2), await enlist(2), await enlist(2)];
    assert.deepEqual(
      rounds.map((signs) => signs.map(({ channelId }) => channelId)),
      [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4), []],
    );
    for (const sign of rounds.flat()) {
      assert.equal(sign.stage, 'member');
      assert.equal(sign.incidentId, incident.id);
    }
    const about = { status: 'LIMITED', replaced: null, worked: false } as const;
    assert.deepEqual(
      await membersOf(store, incident.id),
      ids.map((id) => aMember(incident.id, id, { ...about, joinedAt: NOON + 9 })),
    );
    const signsIn = await store.read((view) =>
      allPages(2, (page) => view.incidents.signsIn(incident.id, page)),
    );
    assert.deepEqual(signsIn, rounds.flat());
    const left = await store.read((view) => view.incidents.signsOf(stranger.channelId));
    assert.deepEqual(
      left.filter(({ stage }) => stage === 'suspect'),
      [stranger],
    );
  });

  test('whoever was a member and is enlisted again is one anew', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const incident = await opened(store);
    await store.change(async (tx) => {
      await tx.incidents.join(aMember(incident.id, id));
      await tx.incidents.leave(incident.id, id, { at: NOON + 40_000, reason: 'moved' });
    });
    await putSigns(store, [aSign(id, { firstBadAt: NOON + 50_000 })]);
    await store.change((tx) => tx.incidents.enlist(incident, NOON + 60_000, 500));
    const about = { joinedAt: NOON + 60_000, firstBadAt: NOON + 50_000 };
    assert.deepEqual(await membersOf(store, incident.id), [aMember(incident.id, id, about)]);
  });
}

function membersContract(open: OpenStore): void {
  test('members are told in the order in which they joined, those that left among them', async () => {
    await using store = await open();
    const [support, sales, orders] = await addAcme(store, 'support', 'sales', 'orders');
    assert.ok(support && sales && orders);
    const { id } = await opened(store);
    const join = (channel: Channel, joinedAt: number) =>
      store.change((tx) => tx.incidents.join(aMember(id, channel.id, { joinedAt })));
    const leave = (channel: Channel, at: number, reason: 'recovered' | 'paused') =>
      store.change((tx) => tx.incidents.leave(id, channel.id, { at, reason }));
    const facts = () =>
      store.read(async ({ incidents }) => [
        await incidents.countsOf(id),
        await incidents.lastRecoveryOf(id),
      ]);
    assert.deepEqual(await facts(), [{ affected: 0, ever: 0 }, null]);
    await join(support, 3);
    await join(sales, 1);
    await join(orders, 1);
    await leave(support, 8, 'recovered');
    await leave(support, 9, 'paused');
    await leave(sales, 10, 'paused');
    assert.deepEqual(await membersOf(store, id), [
      aMember(id, sales.id, { joinedAt: 1, leftAt: 10, leftReason: 'paused' }),
      aMember(id, orders.id, { joinedAt: 1 }),
      aMember(id, support.id, { joinedAt: 3, leftAt: 8, leftReason: 'recovered' }),
    ]);
    assert.deepEqual(await facts(), [{ affected: 1, ever: 3 }, 8]);
    await join(support, 11);
    assert.deepEqual(
      (await membersOf(store, id)).at(-1),
      aMember(id, support.id, { joinedAt: 11 }),
    );
    assert.deepEqual(await facts(), [{ affected: 2, ever: 3 }, null]);
  });

  test('present members that are muted leave, and stay so in steps', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'support', 'sales', 'orders');
    const [support, , orders] = channels;
    assert.ok(support && orders);
    const incident = await opened(store);
    await putSigns(
      store,
      channels.map(({ id }) => aSign(id)),
    );
    await store.change(async (tx) => {
      await tx.incidents.enlist(incident, NOON, 500);
      await tx.incidents.leave(incident.id, orders.id, { at: 5, reason: 'recovered' });
      await tx.incidents.dropSign(orders.id, null);
    });
    const mute = () => store.change((tx) => tx.incidents.mute(incident.id, NOON + 7, 1));
    assert.deepEqual([await mute(), await mute(), await mute()], [1, 1, 0]);
    assert.deepEqual(
      (await membersOf(store, incident.id)).map(({ leftAt, leftReason }) => [leftAt, leftReason]),
      [
        [NOON + 7, 'manual'],
        [NOON + 7, 'manual'],
        [5, 'recovered'],
      ],
    );
    const [sign] = await store.read((view) => view.incidents.signsOf(support.id));
    assert.deepEqual(sign, aSign(support.id, { stage: SIGN_STAGES[2] }));
  });
}

function wakeContract(open: OpenStore): void {
  test('present members become due at once, in steps; who left or is paused does not', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'a', 'b', 'c', 'd', 'e');
    const [a, b, c, d, e] = channels;
    assert.ok(a && b && c && d && e);
    const { id } = await opened(store);
    await store.change(async (tx) => {
      for (const channel of [a, b, c, d]) {
        await tx.incidents.join(aMember(id, channel.id));
        await tx.schedule.setDue(channel.id, NOON + 90_000);
      }
      await tx.schedule.setDue(a.id, NOON + 1);
      await tx.incidents.leave(id, c.id, { at: NOON, reason: 'recovered' });
      await tx.channels.replace({ ...d, pausedAt: NOON });
      await tx.schedule.setDue(e.id, NOON + 90_000);
    });
    const wake = (after: Channel | null) =>
      store.change((tx) =>
        tx.incidents.wake(id, { now: NOON + 5, after: after?.id ?? null, limit: 1 }),
      );
    assert.equal(await wake(null), a.id);
    assert.equal(await wake(a), b.id);
    assert.equal(await wake(b), d.id);
    assert.equal(await wake(d), null);
    const due = await store.change((tx) =>
      tx.schedule.claimDue({ now: NOON + 5, limit: 9, leaseMs: 30_000 }),
    );
    assert.deepEqual(
      due.map(({ channel, dueAt }) => [channel.name, dueAt]),
      [
        ['a', NOON + 1],
        ['b', NOON + 5],
      ],
    );
  });

  test('an incident is in sight as long as a present member is read', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const { id } = await opened(store);
    const newest = () => store.read((view) => view.incidents.newestReadOf(id));
    await store.change((tx) => tx.incidents.join(aMember(id, support.id)));
    await store.change((tx) => tx.incidents.join(aMember(id, sales.id)));
    assert.equal(await newest(), null);
    const body = bodyOf('{"health_status":{}}');
    await store.change((tx) => tx.channels.writeState(support.id, goodState(1, body), body));
    await store.change((tx) => tx.channels.writeState(sales.id, goodState(2, body), body));
    assert.equal(await newest(), goodState(2, body).good?.readAt);
    await store.change((tx) => tx.incidents.leave(id, sales.id, { at: NOON, reason: 'recovered' }));
    assert.equal(await newest(), goodState(1, body).good?.readAt);
  });
}

function removalContract(open: OpenStore): void {
  test('a purged channel leaves no sign, membership or event, and its incidents stay', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const incident = await opened(store, { sentinelId: support.id });
    await putSigns(store, [aSign(support.id), aSign(sales.id)]);
    await store.change(async (tx) => {
      await tx.incidents.enlist(incident, NOON, 500);
      await tx.incidents.replace(resolvedAt(incident, NOON));
      const events = [support, sales].map(({ id }) => anEvent(incident.id, { channelId: id }));
      await tx.incidents.addEvents([...events, anEvent(incident.id)]);
      await tx.channels.purge(support.id);
    });
    await store.read(async ({ incidents }) => {
      assert.equal((await incidents.find(incident.id))?.sentinelId, null);
      assert.deepEqual(await incidents.signsOf(support.id), []);
      const { items } = await incidents.eventsOf(incident.id, { after: null, limit: 9 });
      assert.deepEqual(
        items.map(({ channelId }) => channelId),
        [sales.id, null],
      );
    });
    const members = await membersOf(store, incident.id);
    assert.deepEqual(
      members.map(({ channelId }) => channelId),
      [sales.id],
    );
  });
}

function membersOf(store: Store, id: IncidentId) {
  return store.read((view) => allPages(2, (page) => view.incidents.membersOf(id, page)));
}
