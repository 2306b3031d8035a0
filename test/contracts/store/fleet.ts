/** The fleet counted: every channel once, judged by age and trust as of now. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelState } from '#domain/channel-state.ts';
import type { ChannelId } from '#domain/id.ts';
import { BLANK_CHANGE, NO_READ, verdictSeries } from '#domain/transition.ts';
import type { FleetGroup } from '#ports/fleet.ts';
import type { Store } from '#ports/store.ts';
import { addAcme, bodyOf, failedState, goodState, NOON } from '#test/contracts/store/acme.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';
import { createFakeIds } from '#test/fakes/ids.ts';

const ids = createFakeIds();
const MINUTE = 60_000;
const BODY = bodyOf('AVAILABLE');

export function fleetContract(open: OpenStore): void {
  test('channels are counted by how they stand now: never read, outdated, paused', async () => {
    await using store = await open();
    const [fresh = none(), , paused = none()] = await addFleet(store, 4);
    await read(store, fresh, goodState(1, BODY));
    await read(store, paused, goodState(1, BODY));
    await store.change(async (tx) => {
      const channel = await tx.channels.find(paused);
      if (channel !== null) await tx.channels.replace({ ...channel, pausedAt: NOON });
    });
    const soon = await tally(store, { now: NOON + MINUTE, limit: 500 });
    assert.deepEqual(countsOf(soon), {
      AVAILABLE: 1,
      'AVAILABLE paused': 1,
      'UNKNOWN never_read': 2,
    });
    const late = await tally(store, { now: NOON + 60 * MINUTE, limit: 500 });
    assert.deepEqual(countsOf(late), {
      'UNKNOWN outdated': 1,
      'UNKNOWN outdated paused': 1,
      'UNKNOWN never_read': 2,
    });
  });

  test('a channel is outdated after its staleness limit, not at it', async () => {
    await using store = await open();
    const [id = none()] = await addFleet(store, 1);
    const state = goodState(1, BODY);
    await read(store, id, state);
    const limit = (state.good?.readAt ?? 0) + 10 * MINUTE;
    const at = await tally(store, { now: limit, limit: 500 });
    assert.deepEqual(countsOf(at), { AVAILABLE: 1 });
    const after = await tally(store, { now: limit + 1, limit: 500 });
    assert.deepEqual(countsOf(after), { 'UNKNOWN outdated': 1 });
  });

  test('where trust has ended nothing is said to be available', async () => {
    await using store = await open();
    const [id = none()] = await addFleet(store, 1);
    const good = goodState(1, BODY);
    await read(store, id, good);
    const failed = failedState(2, good);
    const trust = { state: 'ended', code: 'credential_rejected', since: NOON } as const;
    await read(store, id, { ...failed, trust });
    const groups = await tally(store, { now: NOON + MINUTE, limit: 500 });
    assert.deepEqual(countsOf(groups), { 'UNKNOWN not_trusted': 1 });
  });

  test('pages of any size count every channel once, archived ones never', async () => {
    await using store = await open();
    const [gone = none()] = await addFleet(store, 7);
    await store.change((tx) => tx.channels.archive(gone, NOON));
    for (const limit of [1, 2, 3, 6, 7]) {
      const groups = await tally(store, { now: NOON, limit });
      assert.deepEqual(countsOf(groups), { 'UNKNOWN never_read': 6 }, String(limit));
    }
  });

  test('channels in trouble are named by status and cause, at most as many as asked for', async () => {
    await using store = await open();
    const [first = none(), second = none(), third = none(), fourth = none()] = await addFleet(
      store,
      4,
    );
    await record(store, first, 'WABA/141006');
    await record(store, second, 'APP/138018');
    await record(store, third, 'WABA/141006');
    await record(store, fourth, null);
    const names = async (about: { cause?: string | null; limit: number }) =>
      store.read(async (view) =>
        (await view.fleet.troubled({ status: 'BLOCKED', ...about })).map(({ name }) => name),
      );
    // Where those without a cause stand is the engine's choice.
    const all = (await names({ limit: 9 })).filter((name) => name !== 'n3');
    assert.deepEqual(all, ['n1', 'n0', 'n2']);
    assert.equal((await names({ limit: 2 })).length, 2);
    assert.deepEqual(await names({ cause: null, limit: 9 }), ['n3']);
    assert.deepEqual(await names({ cause: 'WABA/141006', limit: 9 }), ['n0', 'n2']);
    await store.change((tx) => tx.channels.archive(first, NOON));
    assert.deepEqual(await names({ cause: 'WABA/141006', limit: 9 }), ['n2']);
  });

  test('the last changes of verdicts come with names, the last written first', async () => {
    await using store = await open();
    const [first = none(), second = none()] = await addFleet(store, 2);
    await addChanges(store, first, ['AVAILABLE', 'BLOCKED']);
    await addChanges(store, second, ['LIMITED']);
    const told = async (limit: number) =>
      (await store.read((view) => view.fleet.lastChanges(limit))).map(
        ({ channel, is }) => `${channel} ${is}`,
      );
    assert.deepEqual(await told(200), ['n1 LIMITED', 'n0 BLOCKED', 'n0 AVAILABLE']);
    assert.deepEqual(await told(1), ['n1 LIMITED']);
    assert.deepEqual(await told(0), []);
  });
}

async function addChanges(store: Store, id: ChannelId, words: readonly string[]): Promise<void> {
  const changes = words.map((is) => ({
    ...BLANK_CHANGE,
    at: NOON,
    kind: 'verdict' as const,
    series: verdictSeries('messaging'),
    capability: 'messaging' as const,
    was: null,
    is,
  }));
  const other = { ...BLANK_CHANGE, at: NOON, kind: 'watch' as const, series: 'watch', was: null };
  await store.change((tx) =>
    tx.history.add(
      [...changes, { ...other, is: 'paused' }].map((change) => ({
        ...change,
        ...NO_READ,
        id: ids.next('tr'),
        channelId: id,
      })),
    ),
  );
}

async function addFleet(store: Store, count: number): Promise<readonly ChannelId[]> {
  const names = Array.from({ length: count }, (_, index) => `n${index}`);
  return (await addAcme(store, ...names)).map(({ id }) => id);
}

/** Writes a state as a read does, what history tells of it included. */
async function read(store: Store, id: ChannelId, state: ChannelState): Promise<void> {
  const isGood = state.good?.attempt === state.attempt;
  const recorded = { messaging: 'AVAILABLE', calling: null, reason: null } as const;
  await store.change(async (tx) => {
    await tx.channels.claim(id, NOON, 30_000);
    assert.equal(await tx.channels.writeState(id, state, isGood ? BODY : null), true);
    if (isGood) await tx.history.record(id, { recorded, cause: null });
  });
}

async function record(store: Store, id: ChannelId, cause: string | null): Promise<void> {
  const recorded = { messaging: 'BLOCKED', calling: null, reason: null } as const;
  await store.change((tx) => tx.history.record(id, { recorded, cause }));
}

async function tally(store: Store, about: { now: number; limit: number }) {
  const groups: FleetGroup[] = [];
  let after: ChannelId | null = null;
  do {
    const from: ChannelId | null = after;
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(store, { ...about, after: from });
    groups.push(...page.groups);
    after = page.next;
  } while (after !== null);
  return groups;
}

function pageOf(store: Store, about: { now: number; limit: number; after: ChannelId | null }) {
  return store.read((view) => view.fleet.tally(about));
}

function countsOf(groups: readonly FleetGroup[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, reason, isPaused, channels } of groups) {
    const name = [status, reason, isPaused ? 'paused' : null].filter(Boolean).join(' ');
    counts[name] = (counts[name] ?? 0) + channels;
  }
  return counts;
}

function none(): never {
  throw new Error('the fleet has fewer channels than this test names');
}
