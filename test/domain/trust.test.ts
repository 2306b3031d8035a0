import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FAILURE_CODES, isDefinitive } from '#domain/failure.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { Trust } from '#domain/trust.ts';
import { trustAfterFailure, TRUSTED } from '#domain/trust.ts';

test('one rejected read raises doubt, a second ends trust since the first', () => {
  const doubted = after(TRUSTED, 'credential_rejected', 10);
  assert.deepEqual(doubted, { state: 'doubted', code: 'credential_rejected', since: 10 });
  const ended = after(doubted, 'credential_rejected', 20);
  assert.deepEqual(ended, { state: 'ended', code: 'credential_rejected', since: 10 });
});

test('a transient failure neither confirms nor refutes a doubt', () => {
  const doubted = after(TRUSTED, 'account_disabled', 10);
  for (const code of FAILURE_CODES.filter((each) => !isDefinitive(each))) {
    assert.equal(after(TRUSTED, code, 15), TRUSTED, code);
    assert.equal(after(doubted, code, 15), doubted, code);
  }
});

test('a second definitive failure of another kind confirms too, and is the one shown', () => {
  const doubted = after(TRUSTED, 'account_disabled', 10);
  const ended = after(doubted, 'not_found_or_forbidden', 20);
  assert.deepEqual(ended, { state: 'ended', code: 'not_found_or_forbidden', since: 10 });
});

test('no failure ever restores trust', () => {
  const rank = { trusted: 0, doubted: 1, ended: 2 } as const;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...FAILURE_CODES)), (codes) => {
      let trust: Trust = TRUSTED;
      codes.forEach((code, at) => {
        const next = after(trust, code, at);
        assert.ok(rank[next.state] >= rank[trust.state]);
        trust = next;
      });
      const definitive = codes.filter((code) => isDefinitive(code)).length;
      assert.equal(rank[trust.state], Math.min(2, definitive));
    }),
  );
});

function after(trust: Trust, code: FailureCode, at: number): Trust {
  return trustAfterFailure(trust, code, at);
}
