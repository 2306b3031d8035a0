import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountUseOf } from '#domain/account-use.ts';
import { entity, report } from './samples.ts';

test('an account with a number in use is active, a banned one is not, an unregistered number says nothing', () => {
  assert.equal(accountUseOf(report(entity({}))), 'active');
  assert.equal(accountUseOf(withError('WABA', '141006')), 'active');
  assert.equal(accountUseOf(withError('WABA', '141014')), 'banned');
  assert.equal(accountUseOf(withError('PHONE_NUMBER', '141000')), null);
});

function withError(type: string, code: string) {
  return report(entity({ type, errors: [{ code, description: null, solution: null }] }));
}
