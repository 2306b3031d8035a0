import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import { announce, announceBaseline } from '#monitor/telling/announce.ts';
import { decisionsAbout } from '#monitor/telling/decisions.ts';
import { addAcme } from '#test/contracts/store/acme.ts';
import { aRule, aSilence } from '#test/contracts/store/acme-telling.ts';
import { AWAY, TAKEN } from '#test/fakes/notifier.ts';
import type { OutboxWorld } from './outbox-world.ts';
import { openOutboxWorld } from './outbox-world.ts';

const SECOND = 1_000;

test('numbers with the label test or in the sandbox are told nobody, but one other number is', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const [support, sales, orders] = await channels(world, { support: { test: 'yes' } });
  await sandbox(world, sales);
  await openWith(world, [support, sales]);
  await openWith(world, [support, sales, orders]);
  assert.deepEqual(await world.planned(receiver), ['opened withheld', 'opened pending']);
  assert.match((await world.rows(receiver))[0]?.reason ?? '', /sandbox or with the label test/);
});

test('a rule about labels narrows the message, and is kept with it', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const labels = { team: 'x' };
  await world.addRule(aRule([receiver.id], { name: 'team-x', match: { labels }, groupMs: 0 }));
  const [support, sales] = await channels(world, { support: { team: 'x', city: 'Rome' } });
  await openWith(world, [support, sales]);
  await openWith(world, [sales]);
  const [told, other] = await world.rows(receiver);
  assert.deepEqual([told?.state, told?.rule, told?.labels], ['pending', 'team-x', labels]);
  assert.equal(other?.state, 'withheld');
});

test('a number that left is affected no more', async () => {
  await using world = await openOutboxWorld();
  await world.addReceiver();
  const [support, sales] = await channels(world, { support: { test: 'yes' } });
  const incident = await openWith(world, [support, sales]);
  const at = world.clock.now();
  await world.store.change((tx) =>
    tx.incidents.leave(incident.id, sales, { at, reason: 'recovered' }),
  );
  const [decided] = await world.store.read((view) =>
    decisionsAbout(view, { incident, kind: 'worse', at }),
  );
  assert.equal(decided?.decision.isTold, false);
});

test('a dry run plans nothing', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const incident = await world.open();
  const about = { incident, kind: 'worse', at: world.clock.now() } as const;
  const [decided] = await world.store.read((view) => decisionsAbout(view, about));
  assert.equal(decided?.decision.isTold, true);
  assert.equal((await world.rows(receiver)).length, 1);
});

test('what waits for its siblings is due when these are read, at the latest', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const gatherUntil = world.clock.now() + 10 * SECOND;
  world.deliver();
  const incident = await world.open({ gatherUntil });
  await world.open({ gatherUntil });
  await world.pass(SECOND);
  await world.store.change((tx) => tx.outbox.release(incident.id, world.clock.now()));
  await world.pass(SECOND);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'opened pending']);
  await world.pass(10 * SECOND);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'opened delivered']);
});

test('what became worse after it may have been taken is told under an id of its own', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  world.notifier.answers((sending) => {
    if (world.notifier.sent.length > 1) return TAKEN;
    world.notifier.takes(sending);
    return AWAY;
  });
  world.deliver();
  const incident = await world.open();
  await world.pass(SECOND);
  await world.tell({ ...incident, codes: ['131031'] }, 'worse');
  await world.pass(10 * SECOND);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'worse delivered']);
});

test('what is worse is told as new to whoever heard nothing of it', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const limited = { status: 'LIMITED', severity: 'warning', codes: ['141010'] } as const;
  const incident = await world.open(limited);
  await world.tell({ ...incident, status: 'BLOCKED', severity: 'critical' }, 'worse');
  const rows = await world.rows(receiver);
  assert.deepEqual(
    rows.map(({ kind, seq, state }) => [kind, seq, state]),
    [
      ['opened', 0, 'withheld'],
      ['opened', 1, 'pending'],
    ],
  );
});

test('the silence that withholds is remembered with what it withholds', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const silence = aSilence({ match: {}, startsAt: world.clock.now() });
  await world.addSilence(silence);
  await world.open();
  const [row] = await world.rows(receiver);
  assert.deepEqual([row?.state, row?.about], ['withheld', silence.id]);
});

test('what was so before is one summary for each receiver that is notified', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const pager = await world.addReceiver({ name: 'on-call', urgency: 'page' });
  const incidents = [
    await world.open({ isBaseline: true }),
    await world.open({ isBaseline: true }),
  ];
  const calls = await world.open({ isBaseline: true, capability: 'calling' });
  await world.store.change((tx) => announceBaseline(tx, world.means.deps, [...incidents, calls]));
  const summary = (await world.rows(receiver)).at(-1);
  assert.equal(summary?.kind, 'baseline');
  assert.deepEqual(
    JSON.parse(summary.about ?? '[]'),
    incidents.map(({ id }) => id),
  );
  assert.equal((await world.rows(pager)).length, 3);
});

test('without a receiver nothing is planned', async () => {
  await using world = await openOutboxWorld();
  await world.open();
  const counts = await world.store.read((view) => view.outbox.countsByState());
  assert.equal(
    Object.values(counts).reduce((sum, count) => sum + count, 0),
    0,
  );
});

/** Three channels, some with labels. */
async function channels(
  { store }: OutboxWorld,
  labels: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<readonly [ChannelId, ChannelId, ChannelId]> {
  const [support, sales, orders] = await addAcme(store, 'support', 'sales', 'orders');
  assert.ok(support && sales && orders);
  await store.change(async (tx) => {
    for (const channel of [support, sales, orders]) {
      await tx.channels.replace({ ...channel, labels: { ...labels[channel.name] } });
    }
  });
  return [support.id, sales.id, orders.id];
}

async function sandbox({ store, clock }: OutboxWorld, id: ChannelId): Promise<void> {
  const profile = { ...EMPTY_PROFILE, accountMode: 'SANDBOX' };
  const known = { profile, readAt: clock.now(), failure: null, failuresInARow: 0 };
  await store.change((tx) => tx.profiles.write(id, known, clock.now()));
}

/** Opens an incident of these members, and announces it once they are known, as the machine does. */
async function openWith(world: OutboxWorld, members: readonly ChannelId[]): Promise<Incident> {
  const { store, clock, means } = world;
  const at = clock.now();
  return store.change(async (tx) => {
    const incident = await tx.incidents.open(world.draft());
    assert.ok(incident);
    for (const channelId of members) {
      const left = { leftAt: null, leftReason: null };
      const seen = { joinedAt: at, firstBadAt: at, status: 'BLOCKED', worked: true } as const;
      await tx.incidents.join({
        incidentId: incident.id,
        channelId,
        ...seen,
        replaced: 'AVAILABLE',
        ...left,
      });
    }
    await announce(tx, means.deps, { incident, kind: 'opened', at });
    return incident;
  });
}
