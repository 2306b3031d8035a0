/** Batches that come back whole, in part, or not at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FailureCode } from '#domain/failure.ts';
import { Secret } from '#domain/secret.ts';
import { readBatch } from '#monitor/schedule/read-batch.ts';
import type { Asked, BatchRead } from '#monitor/schedule/read-batch.ts';
import type { Answer, BatchAnswer, Question } from '#ports/upstream.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeUpstream, failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { example } from '#test/monitor/monitor-world.ts';

const GOOD = goodAnswer(example('phone-available'));

test('a batch that is answered is one round trip', async () => {
  const world = batchWorld();
  const reads = await world.read(50);
  assert.equal(world.trips(), 1);
  assert.ok(reads.every(({ answer }) => answer.ok));
});

test('one item that spoils its batch is found by halving, and the others are read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 50 }), fc.nat(49), async (count, at) => {
      const spoiler = at % count;
      const world = batchWorld({
        single: ({ nodeId }) =>
          nodeId === String(spoiler) ? failedAnswer('malformed_answer') : GOOD,
        whole: (questions) =>
          questions.some(({ nodeId }) => nodeId === String(spoiler)) ? 'malformed_answer' : null,
      });
      const reads = await world.read(count);
      assert.equal(reads.length, count);
      const bad = reads.filter(({ answer }) => !answer.ok);
      assert.deepEqual(bad.map(nodeOf), [String(spoiler)]);
      assert.deepEqual(reads.filter(({ isSpoiler }) => isSpoiler).map(nodeOf), [String(spoiler)]);
      assert.ok(world.trips() <= 2 * Math.ceil(Math.log2(count)) + 1, `${world.trips()} trips`);
    }),
    { numRuns: 40 },
  );
});

test('while everything fails nothing is halved, and no item is blamed', async () => {
  const world = batchWorld({ whole: () => 'upstream_error', areOthersWell: false });
  const reads = await world.read(50);
  assert.equal(world.trips(), 1);
  assert.ok(reads.every(({ answer, isSpoiler }) => !answer.ok && !isSpoiler));
});

test('an upstream that wants peace is not asked again in halves', async () => {
  const world = batchWorld({ whole: () => 'rate_limited' });
  await world.read(50);
  assert.equal(world.trips(), 1);
});

test('an item that is not there, or locked, does not count as one that spoils batches', async () => {
  const world = batchWorld({
    single: ({ nodeId }) => (nodeId === '3' ? failedAnswer('not_found_or_forbidden') : GOOD),
    whole: (questions) =>
      questions.some(({ nodeId }) => nodeId === '3') ? 'upstream_error' : null,
  });
  const reads = await world.read(8);
  assert.ok(reads.every(({ isSpoiler }) => !isSpoiler));
});

test('items that were not finished are asked again, and given up after the second time', async () => {
  const patient = batchWorld({ unfinished: (question, round) => isOdd(question) && round === 1 });
  const reads = await patient.read(20);
  assert.ok(reads.every(({ answer }) => answer.ok));
  assert.equal(patient.trips(), 2);
  const never = new Set(['7', '9']);
  const stubborn = batchWorld({ unfinished: ({ nodeId }) => never.has(nodeId ?? '') });
  const lost = (await stubborn.read(20)).filter(({ answer }) => !answer.ok);
  assert.deepEqual(new Set(lost.map(nodeOf)), never);
  assert.ok(lost.every(({ isSpoiler }) => isSpoiler));
});

test('when the time is over, what was not asked is a failure and nothing hangs', async () => {
  const world = batchWorld({ whole: () => 'timeout', tripMs: 9_000 });
  const reads = await world.read(50);
  assert.equal(reads.length, 50);
  assert.ok(reads.every(({ answer }) => !answer.ok && answer.failure.code === 'timeout'));
  assert.ok(world.trips() <= 7, `${world.trips()} trips`);
});

interface BatchWish {
  readonly single?: (question: Question) => Answer;
  /** Why the batch as a whole fails; null answers its items. */
  readonly whole?: (questions: readonly Question[]) => FailureCode | null;
  readonly unfinished?: (question: Question, round: number) => boolean;
  readonly areOthersWell?: boolean;
  /** How long a round trip takes. */
  readonly tripMs?: number;
}

function batchWorld(wish: BatchWish = {}) {
  const { areOthersWell = true, tripMs = 100 } = wish;
  const single = wish.single ?? (() => GOOD);
  const clock = createFakeClock();
  const upstream = createFakeUpstream('graph');
  let trips = 0;
  let round = 0;
  upstream.answers((question) => {
    clock.jumpTo(clock.now() + tripMs);
    const code = wish.whole?.([question]) ?? null;
    return code === null || wish.single !== undefined ? single(question) : failedAnswer(code);
  });
  upstream.answersBatches((questions): BatchAnswer => {
    round += 1;
    clock.jumpTo(clock.now() + tripMs);
    const code = wish.whole?.(questions) ?? null;
    if (code !== null) {
      const answer = failedAnswer(code);
      if (!answer.ok) return { ok: false, failure: answer.failure, usage: [] };
    }
    const now = round;
    return {
      ok: true,
      answers: questions.map((one) => (wish.unfinished?.(one, now) === true ? null : single(one))),
    };
  });
  const deadline = clock.now() + 25_000;
  return {
    trips: () => trips,
    read: (count: number) =>
      readBatch(
        {
          upstream,
          clock,
          timeoutMs: 10_000,
          deadline,
          mayHalve: () => areOthersWell,
          halved: () => undefined,
          onTrip: () => (trips += 1),
        },
        Array.from({ length: count }, (_, at) => askedOf(at)),
      ),
  };
}

function askedOf(at: number): Asked {
  const access = { secret: new Secret('EAAGtoken-of-acme'), app: null };
  const channel = {
    id: `ch_${String(at).padStart(26, '0')}`,
    name: `number-${at}`,
    externalId: null,
    upstream: 'graph',
    credentialId: 'cr_00000000000000000000000001',
    nodeId: String(at),
    labels: {},
    checkIntervalMs: null,
    intervalMs: 120_000,
    pausedAt: null,
    identity: null,
    createdAt: 0,
    updatedAt: 0,
    archivedAt: null,
  } as const;
  const due = {
    channel,
    attempt: 1,
    dueAt: 0,
    bucket: 'b',
    settled: null,
    failuresInARow: 0,
    isRejected: false,
  };
  return { access, due };
}

function nodeOf({ due }: BatchRead): string | null {
  return due.channel.nodeId;
}

function isOdd({ nodeId }: Question): boolean {
  return Number(nodeId) % 2 === 1;
}
