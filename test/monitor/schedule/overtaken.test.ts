/** Programs that froze and woke: what they bring late, and what it does to reads of the meantime. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitOutcome } from '#monitor/commit-outcome.ts';
import type { Answer } from '#ports/upstream.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import type { MonitorWorld } from '#test/monitor/monitor-world.ts';
import { example, openMonitorWorld } from '#test/monitor/monitor-world.ts';
import { rowsIn } from '#test/stores/open-in.ts';
import { auditChains, TOLD_SQL, toldOf } from '#test/soak/history-audit.ts';
import { addFleet, run } from './fleet.ts';

const MINUTE = 60_000;
const LATE: readonly (readonly [what: string, answer: Answer, verdicts: readonly string[]])[] = [
  [
    'another status',
    goodAnswer(example('phone-blocked-payment')),
    ['AVAILABLE', 'BLOCKED', 'AVAILABLE'],
  ],
  ['a failure', failedAnswer('timeout'), ['AVAILABLE']],
];

test('a late outcome that slips in before an unchanged read does not outlast it', async () => {
  for (const [what, late, expected] of LATE) {
    await using world = await openMonitorWorld();
    const [support] = await addFleet(world, { channels: 1 });
    assert.ok(support);
    const { id } = support;
    world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
    world.monitor.schedule.start();
    await run(world, MINUTE);
    const { attempt } = await world.stateOf(support);
    const frozen = await world.store.change((tx) => tx.channels.claim(id, world.clock.now(), 1));
    assert.equal(frozen?.attempt, attempt + 1);
    const slip = { isDone: false };
    world.upstreams.graph.answers(async () => {
      if (!slip.isDone) await bring(world, { id, attempt: attempt + 1, answer: late });
      slip.isDone = true;
      return goodAnswer(example('phone-available'));
    });
    // The next read would mend whatever this one spoils.
    while (!slip.isDone) await run(world, 1_000);
    await run(world, 1_000);
    const state = await world.stateOf(support);
    assert.equal(state.attempt, attempt + 2, what);
    assert.equal(state.lastFailure, null, what);
    assert.equal(state.good?.report.reported, 'AVAILABLE', what);
    const told = rowsIn(world.store.dataDir, TOLD_SQL).map(toldOf);
    auditChains(told);
    const verdicts = told.filter(({ series }) => series === 'verdict:messaging');
    assert.deepEqual(
      verdicts.map(({ is }) => is),
      expected,
      what,
    );
  }
});

/** Commits what a program saw that had claimed this attempt and stood still since. */
async function bring(
  { store, deps, clock }: MonitorWorld,
  {
    id,
    attempt,
    answer,
  }: { readonly id: `ch_${string}`; readonly attempt: number; readonly answer: Answer },
): Promise<void> {
  const asked = { answer, startedAt: clock.now() - MINUTE, readAt: clock.now() };
  const { written } = await store.change((tx) =>
    commitOutcome(tx, { deps, id, attempt, asked, known: undefined }),
  );
  assert.ok(written);
}
