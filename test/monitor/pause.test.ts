import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { LastFailure } from '#domain/channel-state.ts';
import { FAILURE_CODES } from '#domain/failure.ts';
import type { FailureCode } from '#domain/failure.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import { isAskedToWait, isPaused, retryAt } from '#monitor/pause.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';

test('the pause doubles with each failure in a row, up to a minute', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((n) => pauseAfter('timeout', { inARow: n }));
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('an upstream that names a time is left alone that long, up to an hour', () => {
  assert.equal(pauseAfter('rate_limited', { retryAfterMs: 90_000 }), 90_000);
  assert.equal(pauseAfter('rate_limited', { retryAfterMs: 86_400_000 }), 3_600_000);
  assert.equal(pauseAfter('rate_limited', { retryAfterMs: 0 }), 1_000);
});

test('a definitive failure is not asked about before the read that confirms it', () => {
  assert.equal(pauseAfter('credential_rejected', {}), 5_000);
  assert.equal(pauseAfter('upstream_error', {}), 1_000);
});

test('only a pause that the upstream asked for stands against a wish', () => {
  const own = failure('timeout', { inARow: 5 });
  const asked = failure('rate_limited', { retryAfterMs: 8_000 });
  assert.ok(!isAskedToWait(own, DEFAULT_POLICY, 1_000) && isPaused(own, DEFAULT_POLICY, 1_000));
  assert.ok(isAskedToWait(asked, DEFAULT_POLICY, 7_999));
  assert.ok(!isAskedToWait(asked, DEFAULT_POLICY, 8_000));
  assert.ok(!isPaused(null, DEFAULT_POLICY, 0));
});

test('no failure pauses a channel for less than a second or more than an hour', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FAILURE_CODES),
      fc.record({
        inARow: fc.integer({ min: 1, max: 100_000 }),
        retryAfterMs: fc.option(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
      }),
      (code, about) => {
        const pause = pauseAfter(code, about);
        return pause >= 1_000 && pause <= 3_600_000;
      },
    ),
  );
});

interface About {
  readonly inARow?: number;
  readonly retryAfterMs?: number | null;
}

function failure(code: FailureCode, { inARow = 1, retryAfterMs = null }: About): LastFailure {
  const answer = failedAnswer(code, { retryAfterMs });
  assert.ok(!answer.ok);
  return { attempt: 1, at: 0, failure: answer.failure, inARow };
}

function pauseAfter(code: FailureCode, about: About): number {
  return retryAt(failure(code, about), DEFAULT_POLICY);
}
