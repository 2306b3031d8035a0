/**
 * What Meta's error codes mean when a health status is read (docs/meta.md §3.2). Only what is about
 * the access, the node or the account is definitive; what is not listed is judged by its HTTP status.
 */
import type { FailureCode } from '#domain/failure.ts';
import type { MetaError } from './meta-error.ts';

/** A row applies when everything it names applies. */
export interface ErrorRow {
  /** Single codes, and ranges with both ends included. */
  readonly codes: readonly (number | readonly [from: number, to: number])[];
  readonly subcode?: number;
  readonly httpStatus?: number;
  readonly message?: RegExp;
  readonly means: FailureCode;
  readonly because: string;
}

/** The first row that applies counts. */
export const ERROR_ROWS: readonly ErrorRow[] = [
  {
    codes: [4, 17, 32, 341, 613, [80_000, 80_008], 130_429, 131_048, 131_056],
    means: 'rate_limited',
    because: 'a throttle of the app, the user, the WABA or the number',
  },
  {
    codes: [102, 104, 190],
    means: 'credential_rejected',
    because: 'the token is missing, invalid, expired or revoked, whatever the subcode',
  },
  {
    codes: [0],
    httpStatus: 401,
    means: 'credential_rejected',
    because: 'the token could not be authenticated',
  },
  {
    codes: [100],
    message: /appsecret_proof/i,
    means: 'credential_rejected',
    because:
      "the app demands a proof that is missing, or token and app's secret do not belong together",
  },
  {
    codes: [100],
    message: /nonexisting field \(health_status\)/i,
    means: 'not_found_or_forbidden',
    because: 'a node of this type has no health status',
  },
  {
    codes: [100],
    subcode: 33,
    means: 'not_found_or_forbidden',
    because: 'the node does not exist or may not be read; Meta does not tell which',
  },
  {
    codes: [33, 803],
    means: 'not_found_or_forbidden',
    because: 'the node does not exist any more',
  },
  {
    codes: [3, 10, [200, 299], 131_005],
    means: 'not_found_or_forbidden',
    because: 'the token or the app has no permission to read this node',
  },
  {
    codes: [368, 130_497, 131_031, 131_042, 131_045, 133_016],
    means: 'account_disabled',
    because: 'the account is locked, restricted or unpaid',
  },
  {
    codes: [1, 2, 131_000, 131_016, 131_057, 133_004, 2_494_100],
    means: 'upstream_error',
    because: 'Meta has trouble or is at work on it; asking again may help',
  },
  {
    codes: [100, 2635],
    means: 'upstream_error',
    because: 'Meta does not take the question; nothing is said about access or node',
  },
];

/**
 * What the error means; null for one that is not in the table. `is_transient` makes everything
 * transient but a throttle, which is so already and says more.
 */
export function meaningOf(error: MetaError, httpStatus: number): FailureCode | null {
  const means = ERROR_ROWS.find((row) => applies(row, error, httpStatus))?.means ?? null;
  return error.isTransient && means !== 'rate_limited' ? 'upstream_error' : means;
}

function applies(row: ErrorRow, error: MetaError, httpStatus: number): boolean {
  return (
    row.codes.some((code) => includes(code, error.code)) &&
    (row.subcode === undefined || row.subcode === error.subcode) &&
    (row.httpStatus === undefined || row.httpStatus === httpStatus) &&
    (row.message === undefined || row.message.test(error.message))
  );
}

function includes(listed: number | readonly [from: number, to: number], code: number): boolean {
  if (typeof listed === 'number') return listed === code;
  return listed[0] <= code && code <= listed[1];
}
