import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classOfSendError, countsByClass, sendsFail } from '#domain/signals/send-errors.ts';

test('errors of the account are told from limits, from single messages and from what says nothing', () => {
  const classes: readonly (readonly [string, readonly number[]])[] = [
    ['account', [131042, 131031, 368, 131005, 133010]],
    ['limit', [130429, 131048, 131056, 131049, 130472, 80007]],
    ['message', [131026, 131047, 132000]],
    ['unclear', [2, 131000, 135000, 999_999]],
  ];
  for (const [of, codes] of classes) {
    for (const code of codes) assert.equal(classOfSendError(String(code)), of, String(code));
  }
});

test('five sends that failed by the account say that sends fail, and any number of limits does not', () => {
  assert.equal(sendsFail(counts('131042', 4)), false);
  assert.equal(sendsFail(counts('131042', 5)), true);
  assert.equal(sendsFail(counts('131049', 100_000)), false);
  const mixed = countsByClass([
    { code: '131042', sends: 3 },
    { code: '131031', sends: 2 },
    { code: '131056', sends: 7 },
  ]);
  assert.deepEqual(mixed, { account: 5, limit: 7, message: 0, unclear: 0 });
  assert.equal(sendsFail(mixed), true);
});

function counts(code: string, sends: number) {
  return countsByClass([{ code, sends }]);
}
