import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChannelState, Outcome } from '#domain/channel-state.ts';
import { NEVER_READ, standingOf, stateAfter } from '#domain/channel-state.ts';
import { FAILURE_CODES } from '#domain/failure.ts';
import { entity, failedRead, goodRead, MINUTE, NIGHT, report, saying, SECOND } from './samples.ts';

const INTERVAL = 120 * SECOND;
const BLOCKED = report(saying('WABA', 'BLOCKED'));

test('a number that was never read is UNKNOWN, and says why', () => {
  const standing = standingOf(NEVER_READ, INTERVAL, NIGHT);
  assert.equal(standing.verdicts.messaging.status, 'UNKNOWN');
  assert.equal(standing.verdicts.messaging.reason, 'never_read');
  assert.equal(standing.since, null);
  assert.equal(standing.lastKnown, null);
});

test('a good read is what stands, until the moment it is older than the limit', () => {
  const state = after(goodRead({ report: BLOCKED }));
  const limit = 10 * MINUTE;
  assert.equal(standingOf(state, INTERVAL, NIGHT + limit).verdicts.messaging.status, 'BLOCKED');
  const late = standingOf(state, INTERVAL, NIGHT + limit + 1);
  assert.equal(late.verdicts.messaging.status, 'UNKNOWN');
  assert.equal(late.verdicts.messaging.reason, 'outdated');
  assert.deepEqual(late.since, { messaging: NIGHT + limit, calling: null });
  assert.deepEqual(late.lastKnown, { messaging: 'BLOCKED', calling: null, ageMs: limit + 1 });
});

test('a long interval stretches the limit to three of them', () => {
  const state = after(goodRead({}));
  const status = (now: number) => standingOf(state, 30 * MINUTE, now).verdicts.messaging.status;
  assert.equal(status(NIGHT + 90 * MINUTE), 'AVAILABLE');
  assert.equal(status(NIGHT + 90 * MINUTE + 1), 'UNKNOWN');
});

test('calling turns UNKNOWN in the same second as messaging, where it was known', () => {
  const words = { messaging: 'AVAILABLE', calling: 'BLOCKED' };
  const state = after(goodRead({ report: report(entity({ words })) }));
  const late = standingOf(state, INTERVAL, NIGHT + 10 * MINUTE + 1);
  assert.equal(late.verdicts.calling?.status, 'UNKNOWN');
  assert.equal(late.lastKnown?.calling, 'BLOCKED');
  assert.equal(late.since?.calling, NIGHT + 10 * MINUTE);
});

test('a failed read never changes a status', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...FAILURE_CODES)), (codes) => {
      const good = after(goodRead({ report: BLOCKED }));
      const state = codes.reduce<ChannelState>(
        (so, code, at) => stateAfter(so, failedRead(at + 2, code)),
        good,
      );
      assert.equal(state.good, good.good);
      assert.equal(state.since, good.since);
      assert.equal(state.lastFailure?.inARow ?? 0, codes.length);
    }),
  );
});

test('two rejections end trust: UNKNOWN at once, since the first, with the last known verdict', () => {
  const doubted = after(goodRead({}), failedRead(2, 'credential_rejected', NIGHT + 5000));
  const once = standingOf(doubted, INTERVAL, NIGHT + 6000);
  assert.equal(once.verdicts.messaging.status, 'AVAILABLE');
  const ended = stateAfter(doubted, failedRead(3, 'credential_rejected', NIGHT + 9000));
  const standing = standingOf(ended, INTERVAL, NIGHT + 10_000);
  assert.equal(standing.verdicts.messaging.reason, 'not_trusted');
  assert.equal(standing.since?.messaging, NIGHT + 5000);
  assert.deepEqual(standing.lastKnown, { messaging: 'AVAILABLE', calling: null, ageMs: 10_000 });
});

test('a good read restores trust, forgets the failure and begins a new since', () => {
  const failed = [failedRead(2, 'account_disabled'), failedRead(3, 'account_disabled')];
  const state = after(goodRead({}), ...failed, goodRead({ attempt: 4, readAt: NIGHT + MINUTE }));
  assert.deepEqual(state.trust, { state: 'trusted' });
  assert.equal(state.lastFailure, null);
  assert.equal(state.since?.messaging, NIGHT + MINUTE);
});

test('since stays while the status stays, whatever else changes, and moves when it changes', () => {
  const words = { messaging: 'AVAILABLE', calling: 'AVAILABLE' };
  const calls = report(entity({ words }));
  const steps: readonly (readonly [Outcome, number, number | null])[] = [
    [goodRead({ attempt: 1, readAt: 100 }), 100, null],
    [goodRead({ attempt: 2, readAt: 200, report: calls }), 100, 200],
    [failedRead(3, 'timeout', 250), 100, 200],
    [goodRead({ attempt: 4, readAt: 300, report: calls }), 100, 200],
    [goodRead({ attempt: 5, readAt: 400, report: BLOCKED }), 400, null],
    [goodRead({ attempt: 6, readAt: 500, report: calls }), 500, 500],
  ];
  let state: ChannelState = NEVER_READ;
  for (const [outcome, messaging, calling] of steps) {
    state = stateAfter(state, outcome);
    assert.deepEqual(state.since, { messaging, calling });
  }
});

test('the attempt number decides, not the clock: an older outcome changes nothing', () => {
  const state = after(goodRead({ attempt: 5 }));
  assert.equal(stateAfter(state, goodRead({ attempt: 4, readAt: NIGHT + MINUTE })), state);
  assert.equal(stateAfter(state, failedRead(5, 'credential_rejected', NIGHT + MINUTE)), state);
});

function after(...outcomes: readonly Outcome[]): ChannelState {
  return outcomes.reduce(stateAfter, NEVER_READ);
}
