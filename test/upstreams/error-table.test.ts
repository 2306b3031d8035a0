import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { FailureCode } from '#domain/failure.ts';
import { ERROR_ROWS, meaningOf } from '#upstreams/transport/meta/error-table.ts';
import type { MetaError } from '#upstreams/transport/meta/meta-error.ts';

const PROOF_MISSING = 'API calls from the server require an appsecret_proof argument';
const PROOF_WRONG = 'Invalid appsecret_proof provided in the API argument';
const NO_HEALTH =
  '(#100) Tried accessing nonexisting field (health_status) on node type (Business)';

/** Code or code/subcode, the HTTP status it comes with, what it means; Meta's sentence where it decides. */
type Row = readonly [code: string, status: number, means: FailureCode | null, message?: string];

const DOCUMENTED: readonly Row[] = [
  ['0', 401, 'credential_rejected'],
  ['0', 500, null],
  ['190', 401, 'credential_rejected'],
  ['190', 400, 'credential_rejected'],
  ['190/458', 400, 'credential_rejected'],
  ['190/459', 400, 'credential_rejected'],
  ['190/460', 400, 'credential_rejected'],
  ['190/463', 400, 'credential_rejected'],
  ['190/464', 400, 'credential_rejected'],
  ['190/467', 400, 'credential_rejected'],
  ['190/492', 400, 'credential_rejected'],
  ['102', 400, 'credential_rejected'],
  ['102/463', 400, 'credential_rejected'],
  ['104', 401, 'credential_rejected'],
  ['3', 500, 'not_found_or_forbidden'],
  ['10', 403, 'not_found_or_forbidden'],
  ['200', 403, 'not_found_or_forbidden'],
  ['200/1349174', 403, 'not_found_or_forbidden'],
  ['299', 403, 'not_found_or_forbidden'],
  ['300', 403, null],
  ['131005', 403, 'not_found_or_forbidden'],
  ['100', 400, 'upstream_error'],
  ['100', 422, 'upstream_error'],
  ['100', 400, 'credential_rejected', PROOF_MISSING],
  ['100', 400, 'credential_rejected', PROOF_WRONG],
  ['100', 400, 'not_found_or_forbidden', NO_HEALTH],
  ['100/33', 400, 'not_found_or_forbidden'],
  ['100/33', 404, 'not_found_or_forbidden'],
  ['803', 404, 'not_found_or_forbidden'],
  ['33', 400, 'not_found_or_forbidden'],
  ['1', 400, 'upstream_error'],
  ['2', 503, 'upstream_error'],
  ['131000', 500, 'upstream_error'],
  ['131016', 500, 'upstream_error'],
  ['131057', 500, 'upstream_error'],
  ['133004', 500, 'upstream_error'],
  ['2494100', 500, 'upstream_error'],
  ['4', 400, 'rate_limited'],
  ['4/2446079', 429, 'rate_limited'],
  ['17', 429, 'rate_limited'],
  ['32', 400, 'rate_limited'],
  ['341', 400, 'rate_limited'],
  ['613', 400, 'rate_limited'],
  ['80007', 400, 'rate_limited'],
  ['80008', 400, 'rate_limited'],
  ['130429', 400, 'rate_limited'],
  ['131048', 400, 'rate_limited'],
  ['131056', 400, 'rate_limited'],
  ['131031', 403, 'account_disabled'],
  ['131042', 400, 'account_disabled'],
  ['131045', 500, 'account_disabled'],
  ['133016', 400, 'account_disabled'],
  ['368', 403, 'account_disabled'],
  ['130497', 403, 'account_disabled'],
  ['2635', 400, 'upstream_error'],
  ['131049', 400, null],
];

test("every error that Meta's pages list means what they say", () => {
  for (const [code, status, means, message = ''] of DOCUMENTED) {
    assert.equal(meaningOf(errorOf(code, { message }), status), means, `${code} with ${status}`);
  }
});

test('is_transient makes every error a passing one, and leaves a throttle a throttle', () => {
  for (const [code, status, means, message = ''] of DOCUMENTED) {
    const expected = means === 'rate_limited' ? means : 'upstream_error';
    const error = errorOf(code, { message, isTransient: true });
    assert.equal(meaningOf(error, status), expected, `${code} with ${status}`);
  }
});

test('no row of the table stands there for nothing', () => {
  const used = DOCUMENTED.map(([code, status, , message = '']) => {
    const { code: number, subcode } = errorOf(code, {});
    return ERROR_ROWS.find(
      (row) =>
        row.codes.some((listed) =>
          typeof listed === 'number'
            ? listed === number
            : listed[0] <= number && number <= listed[1],
        ) &&
        (row.subcode ?? subcode) === subcode &&
        (row.httpStatus ?? status) === status &&
        (row.message?.test(message) ?? true),
    );
  });
  for (const row of ERROR_ROWS) assert.ok(used.includes(row), row.because);
});

function errorOf(text: string, about: Partial<MetaError>): MetaError {
  const [code = 0, subcode = null] = text.split('/').map(Number);
  return { code, subcode, message: '', isTransient: false, traceId: null, ...about };
}
