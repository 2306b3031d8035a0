/**
 * What a client reads instead of an answer. Its sender should go on sending: health that cannot be read
 * is no reason to stop. The upstream's own words are the operator's to see, not a key holder's.
 */
import type { FailureCode } from '#domain/failure.ts';

const HAPPENED: Readonly<Record<FailureCode, string>> = {
  credential_rejected:
    "the upstream rejects this channel's credential. The operator must replace it " +
    '(waba-health credentials rotate)',
  not_found_or_forbidden:
    'the upstream does not show this number to its credential. The operator must check its ' +
    'node id and permissions',
  account_disabled:
    'the account behind this channel is disabled or unpaid at the upstream. The operator must ' +
    'settle it there',
  rate_limited: 'the upstream allows no more questions for now. Ask again later',
  upstream_error: 'the upstream reported an error of its own. Ask again later',
  unreachable: 'the upstream cannot be reached. Ask again later',
  timeout: 'the upstream did not answer in time. Ask again later',
  malformed_answer: 'the upstream sent something that is no health status. Ask again later',
  identity_changed:
    'the credential now belongs to another number. The operator must replace it ' +
    '(waba-health credentials rotate)',
};

export function failureSentence(code: FailureCode): string {
  return `Health is not known: ${HAPPENED[code]}. Keep sending meanwhile.`;
}
