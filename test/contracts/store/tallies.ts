/** Tallies of reads: what programs on one store tell each other about an upstream. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tally } from '#ports/tallies.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';

const TALLY: Tally = {
  upstream: 'graph',
  sliceAt: NOON,
  program: 'one',
  reads: 10,
  failed: 3,
  unreachable: 1,
  subjects: 5,
  failedSubjects: 2,
};

export function talliesContract(open: OpenStore): void {
  test('each program sees the tallies of all, from a moment on', async () => {
    await using store = await open();
    const other = { ...TALLY, program: 'two', failed: 0, failedSubjects: 0 };
    const later = { ...TALLY, sliceAt: NOON + 10_000 };
    await store.change((tx) => tx.tallies.put([TALLY, later], 0));
    await store.change((tx) => tx.tallies.put([other], 0));
    const all = await store.read((view) => view.tallies.since(NOON));
    assert.deepEqual(all.toSorted(byProgram), [TALLY, later, other]);
    assert.deepEqual(await store.read((view) => view.tallies.since(NOON + 1)), [later]);
  });

  test('a tally that is put again takes the place of the one before, and old ones go', async () => {
    await using store = await open();
    await store.change((tx) => tx.tallies.put([TALLY], 0));
    const grown = { ...TALLY, reads: 20 };
    await store.change((tx) => tx.tallies.put([grown], 0));
    assert.deepEqual(await store.read((view) => view.tallies.since(0)), [grown]);
    await store.change((tx) => tx.tallies.put([], NOON + 1));
    assert.deepEqual(await store.read((view) => view.tallies.since(0)), []);
  });
}

function byProgram(one: Tally, other: Tally): number {
  return `${one.program}${one.sliceAt}` < `${other.program}${other.sliceAt}` ? -1 : 1;
}
