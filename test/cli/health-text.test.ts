import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthText } from '#cli/text/health-text.ts';
import type { ChannelHealth } from '#cli/text/health-text.ts';
import { PLAIN } from '#cli/text/style.ts';
import { BLOCKED_WABA as WABA, blockedHealth } from '#test/fixtures/blocked-health.ts';

const NOW = Date.UTC(2026, 10, 24, 2, 56);

test('a blocked channel says what, since when, why, who acts and what to do', () => {
  assert.equal(
    shown(blockedHealth()),
    `support: BLOCKED
  Messaging     BLOCKED    because of WABA ${WABA}, since 2026-11-24 02:47 UTC (9 min)
  Calling       AVAILABLE
  Meta reports  BLOCKED

  Why         The payment method of the WABA failed. (WABA ${WABA}, 141006)
  Who acts    the owner of the WhatsApp account
  Do          Add a card and make it the default.
              https://business.facebook.com/billing_hub
  Meta says   There is an error with the payment method.

  New conversations  no       Meta documents it
  Replies            limited  seen on live accounts
  Inbound            yes      concluded from the status
  Calls              unknown

  Entity        Id               Messaging  Calling
  PHONE_NUMBER  106540352242922  AVAILABLE  AVAILABLE
  WABA          ${WABA}  BLOCKED    –

  read 2026-11-24 02:55:58 UTC (2 s ago), served by v26.0, trace Abc123`,
  );
});

test('an UNKNOWN channel says why it is unknown and what was last known', () => {
  const health = {
    ...blockedHealth(),
    messaging: {
      ...blockedHealth().messaging,
      status: 'UNKNOWN',
      reason: 'not_trusted',
      decided_by: [],
      since: null,
    },
    reason: null,
    findings: [],
    entities: [],
    last_known: { messaging: 'AVAILABLE', calling: null, age_seconds: 7_980 },
    failure: {
      code: 'credential_rejected',
      detail: '360dialog rejects the key.',
      http_status: 401,
      graph_code: null,
      graph_subcode: null,
      retry_after_seconds: null,
      trace_id: null,
      at: '2026-11-24T02:54:00.000Z',
      attempt: 8,
      in_a_row: 2,
    },
  } satisfies ChannelHealth;
  const text = shown(health);
  assert.match(text, /^support: UNKNOWN$/m);
  assert.match(text, /Messaging +UNKNOWN +the last known status is not trusted any more$/m);
  assert.match(text, /Last read +failed 2 min ago, 2 in a row: credential_rejected$/m);
  assert.match(text, /^ +360dialog rejects the key\.$/m);
  assert.match(text, /Last known +messaging AVAILABLE, 2 h 13 min ago$/m);
});

test('the finding behind the verdict is told once, the others after it', () => {
  const health = blockedHealth();
  const [payment] = health.findings;
  assert.ok(payment);
  const other = { ...payment, code: '138024', capability: 'calling', meaning: 'No SIP.' } as const;
  const text = shown({ ...health, findings: [payment, other] });
  assert.equal(text.match(/payment method of the WABA/g)?.length, 1);
  assert.match(text, /Calling +No SIP\. \(WABA \d+, 138024\)/);
});

test('whatever the upstream says is shown without effect on the terminal', () => {
  const health = blockedHealth();
  const evil = '\u001b]0;title\u0007\u202e';
  const [payment] = health.findings;
  assert.ok(payment);
  const text = shown({
    ...health,
    reported: evil,
    reason: { ...payment, code: evil, text: evil, meaning: evil },
    entities: [{ ...(health.entities[0] ?? assert.fail()), type: evil, id: evil }],
  });
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test('a number is named as people know it, once its profile was read', () => {
  const names = { display_number: '+49 30 1234', verified_name: 'Acme \u202e' };
  const [title] = shown({ ...blockedHealth(), ...names }).split('\n');
  assert.equal(title, 'support (+49 30 1234, Acme <U+202E>): BLOCKED');
  const [unnamed] = shown({ ...blockedHealth(), display_number: '+49 30 1234' }).split('\n');
  assert.equal(unnamed, 'support (+49 30 1234): BLOCKED');
});

function shown(health: ChannelHealth): string {
  return healthText(health, { style: PLAIN, width: 100, now: NOW });
}
