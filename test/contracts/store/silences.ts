/** Silences: which are in force, which are over, and which were planned work. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInForce, type Silence } from '#domain/telling/silence.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { aSilence } from '#test/contracts/store/acme-telling.ts';
import { allPages, type OpenStore } from '#test/contracts/store/harness.ts';

const HOUR = 3_600_000;

export function silencesContract(open: OpenStore): void {
  test('a silence comes back as it was stored, and as it was replaced', async () => {
    await using store = await open();
    const silence = aSilence({ isExcluded: true });
    await add(store, [silence]);
    const reopened = await store.reopen();
    const find = () => reopened.read((view) => view.silences.find(silence.id));
    assert.deepEqual(await find(), silence);
    const ended = { ...silence, endsAt: NOON + 5, reason: 'Done.', endedAt: NOON + 6, match: {} };
    await reopened.change((tx) => tx.silences.replace(ended));
    assert.deepEqual(await find(), ended);
    assert.equal(await reopened.read((view) => view.silences.find('sil_nobody')), null);
    await reopened.change((tx) => tx.silences.replace({ ...silence, id: 'sil_nobody' }));
  });

  test('silences are listed from the newest on, all or those in force, page by page', async () => {
    await using store = await open();
    const silences = someSilences();
    await add(store, silences);
    for (const limit of [1, 2, 3, 7]) {
      const all = await list(store, limit, {});
      assert.deepEqual(all, silences.toReversed());
      for (const at of [NOON - 1, NOON, NOON + HOUR - 1, NOON + HOUR]) {
        const inForce = await list(store, limit, { isInForceAt: at });
        const expected = silences.filter((silence) => isInForce(silence, at));
        assert.deepEqual(inForce, expected.toReversed());
      }
    }
  });

  test('what is in force, and what is over and not acted on, change in the same moment', async () => {
    await using store = await open();
    const silences = someSilences();
    await add(store, silences);
    for (const now of [NOON - 1, NOON, NOON + HOUR - 1, NOON + HOUR, NOON + 3 * HOUR]) {
      const inForce = await store.read((view) => view.silences.inForce(now));
      assert.deepEqual(
        inForce,
        silences.filter((silence) => isInForce(silence, now)),
      );
      const over = await store.read((view) => view.silences.over(now));
      const expected = silences.filter(({ endsAt, endedAt }) => endsAt <= now && endedAt === null);
      assert.deepEqual(new Set(over), new Set(expected));
      assert.ok(over.every((one, at) => at === 0 || (over[at - 1]?.endsAt ?? 0) <= one.endsAt));
    }
  });

  test('planned work is told when it touches the span, also after it was acted on', async () => {
    await using store = await open();
    const planned = aSilence({ isExcluded: true });
    const over = aSilence({ isExcluded: true, endedAt: NOON + HOUR, endsAt: NOON + HOUR / 2 });
    await add(store, [planned, over, aSilence()]);
    const touched = (from: number, until: number) =>
      store.read((view) => view.silences.plannedWork({ from, until }));
    assert.deepEqual(await touched(NOON - HOUR, NOON), []);
    assert.deepEqual(await touched(NOON - HOUR, NOON + 1), [over, planned]);
    assert.deepEqual(await touched(NOON + HOUR / 2, NOON + 2 * HOUR), [planned]);
    assert.deepEqual(await touched(NOON + HOUR, NOON + 2 * HOUR), []);
  });
}

/** Before, during and after an hour from noon on, acted on or not. */
function someSilences(): readonly Silence[] {
  return [
    aSilence(),
    aSilence({ startsAt: NOON - 2 * HOUR, endsAt: NOON - HOUR }),
    aSilence({ startsAt: NOON - 2 * HOUR, endsAt: NOON - HOUR, endedAt: NOON - HOUR }),
    aSilence({ startsAt: NOON + HOUR, endsAt: NOON + 2 * HOUR }),
    aSilence({ endsAt: NOON + HOUR / 2 }),
    aSilence({ endedAt: NOON + 1 }),
    aSilence({ startsAt: NOON - HOUR }),
  ];
}

async function add(store: Store, silences: readonly Silence[]): Promise<void> {
  await store.change(async (tx) => {
    for (const silence of silences) await tx.silences.add(silence);
  });
}

function list(store: Store, limit: number, filter: { isInForceAt?: number }): Promise<Silence[]> {
  return store.read((view) => allPages(limit, (page) => view.silences.list(page, filter)));
}
