import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChannelState, Outcome } from '#domain/channel-state.ts';
import { NEVER_READ, standingOf, stateAfter } from '#domain/channel-state.ts';
import type { FailureCode } from '#domain/failure.ts';
import { FAILURE_CODES } from '#domain/failure.ts';
import type { HealthReport } from '#domain/health-report.ts';
import { identityAfter, identityOf } from '#domain/identity.ts';
import { changesBetween, changesOfAge } from '#domain/outcome-changes.ts';
import type { Change, Recorded } from '#domain/transition.ts';
import { RECORDED_BEFORE_ALL } from '#domain/transition.ts';
import {
  anyReport,
  entity,
  error,
  failedRead,
  goodRead,
  MINUTE,
  NIGHT,
  report,
  saying,
  sha256Hex,
} from './samples.ts';

const INTERVAL = 2 * MINUTE;
const LIMIT = 10 * MINUTE;
const FINE = report(saying('WABA', 'AVAILABLE'));
const BLOCKED = report(saying('WABA', 'BLOCKED', { errors: [error('141006', 'Pay.')] }));
const NEW_WORD = report(saying('WABA', 'SHADOWED'));

test('a first good read tells the verdicts and nothing else', () => {
  const calls = report(entity({ words: { messaging: 'BLOCKED', calling: 'AVAILABLE' } }));
  assert.deepEqual(told(good(0, calls)), [
    `0 verdict:messaging UNKNOWN→BLOCKED`,
    `0 verdict:calling null→AVAILABLE`,
  ]);
});

test('a failed read of a number that was never read changes nothing', () => {
  assert.deepEqual(told(failed(0, 'timeout')), []);
  assert.deepEqual(told(failed(0, 'credential_rejected'), failed(1, 'credential_rejected')), []);
});

test('an answer that says the same changes nothing', () => {
  assert.deepEqual(told(good(0, FINE), good(2, FINE), good(4, FINE)).slice(1), []);
});

test('words, findings and owners that are different are told beside the verdict', () => {
  const [, ...changes] = told(good(0, FINE), good(2, BLOCKED), good(4, FINE));
  assert.deepEqual(changes, [
    '2 verdict:messaging AVAILABLE→BLOCKED',
    '2 entity:["WABA","WABA-1","messaging"] AVAILABLE→BLOCKED',
    '2 finding:["entity","WABA","WABA-1","error","141006"] null→present: Pay.',
    '4 verdict:messaging BLOCKED→AVAILABLE',
    '4 entity:["WABA","WABA-1","messaging"] BLOCKED→AVAILABLE',
    '4 finding:["entity","WABA","WABA-1","error","141006"] present→null: Pay.',
  ]);
});

test('an entity that comes or goes is told, and a number with new owners too', () => {
  const [, ...changes] = told(
    good(0, report(entity(), waba('1'))),
    good(2, report(entity(), waba('2'))),
    good(4, report(entity())),
  );
  assert.deepEqual(changes, [
    '2 entity:["WABA","2","messaging"] null→AVAILABLE',
    '2 entity:["WABA","1","messaging"] AVAILABLE→null',
    '2 identity:waba 1→2',
    '4 entity:["WABA","2","messaging"] AVAILABLE→null',
  ]);
});

test('an entity that an answer names twice has its worse word, and is told once', () => {
  const [, ...changes] = told(
    good(0, twice('AVAILABLE', 'AVAILABLE')),
    good(2, twice('AVAILABLE', 'BLOCKED')),
    good(4, twice('BLOCKED', 'AVAILABLE')),
  );
  assert.deepEqual(changes, [
    '2 verdict:messaging AVAILABLE→BLOCKED',
    '2 entity:["APP",null,"messaging"] AVAILABLE→BLOCKED',
  ]);
});

test('a gap is told by the read that ends it, first, at the moment when the view turned outdated', () => {
  assert.deepEqual(told(good(0, FINE), good(60, FINE)), [
    '0 verdict:messaging UNKNOWN→AVAILABLE',
    '10 verdict:messaging AVAILABLE→UNKNOWN: outdated',
    '60 verdict:messaging UNKNOWN→AVAILABLE',
  ]);
});

test('while reads fail, the first that finds the view outdated tells it, and no other one', () => {
  const outcomes = [good(0, BLOCKED), ...[4, 8, 12, 16, 90].map((at) => failed(at, 'timeout'))];
  assert.deepEqual(told(...outcomes, good(95, BLOCKED)), [
    '0 verdict:messaging UNKNOWN→BLOCKED',
    '10 verdict:messaging BLOCKED→UNKNOWN: outdated',
    '95 verdict:messaging UNKNOWN→BLOCKED',
  ]);
});

test('a view that is as old as the limit is not outdated yet', () => {
  assert.deepEqual(told(good(0, FINE), failed(10, 'timeout')).slice(1), []);
});

test('the end of trust is told at once, with its reason, and ends with a good read', () => {
  const rejected = [failed(1, 'credential_rejected'), failed(2, 'credential_rejected')];
  assert.deepEqual(told(good(0, FINE), ...rejected, good(3, FINE)), [
    '0 verdict:messaging UNKNOWN→AVAILABLE',
    '2 verdict:messaging AVAILABLE→UNKNOWN: not_trusted',
    '3 verdict:messaging UNKNOWN→AVAILABLE',
  ]);
});

test('another reason for the same UNKNOWN is told', () => {
  const rejected = [failed(20, 'account_disabled'), failed(21, 'account_disabled')];
  assert.deepEqual(told(good(0, NEW_WORD), ...rejected), [
    '0 verdict:messaging UNKNOWN→UNKNOWN: unrecognised_word',
    '10 verdict:messaging UNKNOWN→UNKNOWN: outdated',
    '21 verdict:messaging UNKNOWN→UNKNOWN: not_trusted',
  ]);
});

test('calling turns UNKNOWN with messaging where it was known, and ends where it is not reported', () => {
  const calls = report(entity({ words: { messaging: 'AVAILABLE', calling: 'BLOCKED' } }));
  const verdicts = told(good(0, calls), good(60, FINE)).filter((text) => text.includes('verdict'));
  assert.deepEqual(verdicts, [
    '0 verdict:messaging UNKNOWN→AVAILABLE',
    '0 verdict:calling null→BLOCKED',
    '10 verdict:messaging AVAILABLE→UNKNOWN: outdated',
    '10 verdict:calling BLOCKED→UNKNOWN: outdated',
    '60 verdict:messaging UNKNOWN→AVAILABLE',
    '60 verdict:calling UNKNOWN→null',
  ]);
});

test('an older attempt that comes late changes nothing', () => {
  const late = goodRead({ attempt: 1, readAt: NIGHT + 5 * MINUTE, report: BLOCKED });
  assert.deepEqual(told(good(0, FINE), good(2, FINE), late).slice(1), []);
});

test('age alone tells what the next read would tell first', () => {
  const { state, recorded } = replay([good(0, FINE)]);
  const about = { recorded, intervalMs: INTERVAL };
  assert.deepEqual(changesOfAge(state, { ...about, at: NIGHT + LIMIT }).changes, []);
  const { changes, recorded: now } = changesOfAge(state, { ...about, at: NIGHT + LIMIT + 1 });
  assert.deepEqual(changes.map(shown), ['10 verdict:messaging AVAILABLE→UNKNOWN: outdated']);
  assert.deepEqual(now, { messaging: 'UNKNOWN', calling: null, reason: 'outdated' });
  assert.deepEqual(
    changesOfAge(state, { ...about, recorded: now, at: NIGHT + 2 * LIMIT }).changes,
    [],
  );
});

test('whatever is read in whatever order, each series is a chain', () => {
  fc.assert(
    fc.property(anyOutcomes, (outcomes) => {
      const { changes } = replay(outcomes);
      const last = new Map<string, string | null>();
      for (const { series, kind, was, is, detail } of changes) {
        // Nothing is told of how an entity, a finding or an owner began.
        if (kind === 'verdict' || last.has(series)) {
          const first = series === 'verdict:messaging' ? 'UNKNOWN' : null;
          assert.equal(was, last.has(series) ? last.get(series) : first, series);
        }
        assert.ok(was !== is || (is === 'UNKNOWN' && detail !== null), `${series} ${was}`);
        last.set(series, is);
      }
    }),
  );
});

test('whatever is read, history tells the verdicts that stand', () => {
  fc.assert(
    fc.property(anyOutcomes, (outcomes) => {
      let before: ChannelState = NEVER_READ;
      let recorded: Recorded = RECORDED_BEFORE_ALL;
      for (const outcome of outcomes) {
        const step = stepOf(before, recorded, outcome);
        const { verdicts } = standingOf(step.state, INTERVAL, step.at);
        const standing = {
          messaging: verdicts.messaging.status,
          calling: verdicts.calling?.status ?? null,
          reason: verdicts.messaging.reason,
        };
        // A clock that went back makes an outdated view look usable again; history does not follow it.
        const isTold = !outcome.ok && recorded.messaging === 'UNKNOWN';
        const wentBack = isTold && standing.messaging !== 'UNKNOWN';
        assert.deepEqual(step.recorded, wentBack ? recorded : standing);
        for (const { kind, is } of step.changes) {
          // Only a good read makes something of an UNKNOWN.
          if (kind === 'verdict' && is !== 'UNKNOWN') assert.ok(outcome.ok);
        }
        ({ state: before, recorded } = step);
      }
    }),
  );
});

function waba(id: string) {
  return saying('WABA', 'AVAILABLE', { id });
}

/** An answer that names the same entity as often as there are words. */
function twice(...words: readonly string[]): HealthReport {
  return report(...words.map((word) => saying('APP', word, { id: null })));
}

/** A good read so many minutes into the night. */
function good(minute: number, said: HealthReport): Outcome {
  const readAt = NIGHT + minute * MINUTE;
  const bodyHash = sha256Hex(JSON.stringify(said));
  return goodRead({ attempt: minute + 1, readAt, report: said, bodyHash });
}

function failed(minute: number, code: FailureCode): Outcome {
  return failedRead(minute + 1, code, NIGHT + minute * MINUTE);
}

/** What these outcomes change, as `minute series was→is: detail`. */
function told(...outcomes: readonly Outcome[]): readonly string[] {
  return replay(outcomes).changes.map(shown);
}

function shown({ at, series, was, is, detail }: Change): string {
  const why = detail === null ? '' : `: ${detail}`;
  return `${(at - NIGHT) / MINUTE} ${series} ${was}→${is}${why}`;
}

function replay(outcomes: readonly Outcome[]) {
  let state: ChannelState = NEVER_READ;
  let recorded: Recorded = RECORDED_BEFORE_ALL;
  const changes: Change[] = [];
  for (const outcome of outcomes) {
    const step = stepOf(state, recorded, outcome);
    changes.push(...step.changes);
    ({ state, recorded } = step);
  }
  return { state, recorded, changes };
}

function stepOf(before: ChannelState, recorded: Recorded, given: Outcome) {
  const outcome = pinned(before, given);
  const at = outcome.ok ? outcome.snapshot.readAt : outcome.at;
  const state = stateAfter(before, outcome);
  if (state === before) return { state, recorded, changes: [], at };
  const sides = { recorded, before, after: state, intervalMs: INTERVAL, at, sha256Hex };
  return { state, ...changesBetween(sides), at };
}

/** What an answer leaves out of the identity stays as it was. */
function pinned(before: ChannelState, outcome: Outcome): Outcome {
  if (!outcome.ok) return outcome;
  const { snapshot } = outcome;
  const identity = identityAfter(before.good?.identity ?? null, identityOf(snapshot.report));
  return { ok: true, snapshot: { ...snapshot, identity } };
}

/** Reads at odd moments, by a clock that also steps back, with gaps, failures and repeats. */
const anyOutcomes: fc.Arbitrary<readonly Outcome[]> = fc
  .array(
    fc.record({
      minutes: fc.integer({ min: -3, max: 15 }),
      said: fc.oneof(
        fc.constantFrom(FINE, BLOCKED, NEW_WORD),
        anyReport,
        fc.constantFrom(...FAILURE_CODES),
      ),
    }),
    { maxLength: 15 },
  )
  .map((steps) => {
    let at = NIGHT;
    return steps.map(({ minutes, said }, index) => {
      at += minutes * MINUTE;
      if (typeof said === 'string') return failedRead(index + 1, said, at);
      const bodyHash = sha256Hex(JSON.stringify(said));
      return goodRead({ attempt: index + 1, readAt: at, report: said, bodyHash });
    });
  });
