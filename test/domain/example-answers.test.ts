/** Every example answer, judged: what is said of it, and what it means for a sender. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assessmentOf } from '#domain/assessment.ts';
import { reportOf } from '#domain/health-report.ts';
import { valueOfJson } from '#domain/json.ts';
import { NIGHT, readState, sha256Hex, snapshot } from './samples.ts';

interface Expected {
  /** messaging, calling, reported. */
  readonly verdicts: readonly [string, string | null, string];
  readonly findings: readonly string[];
  /** business-initiated, replies, inbound, calling. */
  readonly effects: readonly [string, string, string, string];
  readonly reason: string | null;
  readonly actor?: string;
}

const EXAMPLES: Readonly<Record<string, Expected>> = {
  'flow-blocked-many': {
    verdicts: ['BLOCKED', null, 'BLOCKED'],
    findings: ['WABA/error/141006', 'WABA/error/141014', 'BUSINESS/error/141010'],
    effects: ['no', 'no', 'no', 'no'],
    reason: 'WABA/141014',
    actor: 'account_owner',
  },
  'phone-available': {
    verdicts: ['AVAILABLE', 'AVAILABLE', 'AVAILABLE'],
    findings: [],
    effects: ['yes', 'yes', 'yes', 'yes'],
    reason: null,
  },
  'phone-available-webhook-unsubscribed': {
    verdicts: ['AVAILABLE', null, 'AVAILABLE'],
    findings: ['APP/info/webhook_unsubscribed'],
    effects: ['yes', 'yes', 'no', 'unknown'],
    reason: null,
  },
  'phone-blocked-payment': {
    verdicts: ['BLOCKED', null, 'BLOCKED'],
    findings: ['WABA/error/141006'],
    effects: ['no', 'limited', 'yes', 'unknown'],
    reason: 'WABA/141006',
    actor: 'account_owner',
  },
  'phone-blocked-unregistered': {
    verdicts: ['BLOCKED', null, 'BLOCKED'],
    findings: ['PHONE_NUMBER/error/141000'],
    effects: ['no', 'no', 'no', 'no'],
    reason: 'PHONE_NUMBER/141000',
    actor: 'integrator',
  },
  'phone-limited-business-unverified': {
    verdicts: ['LIMITED', null, 'LIMITED'],
    findings: ['BUSINESS/error/141010'],
    effects: ['limited', 'yes', 'yes', 'unknown'],
    reason: 'BUSINESS/141010',
    actor: 'account_owner',
  },
  'phone-limited-display-name': {
    verdicts: ['LIMITED', null, 'LIMITED'],
    findings: ['PHONE_NUMBER/info/display_name_not_approved'],
    effects: ['limited', 'yes', 'yes', 'unknown'],
    reason: 'PHONE_NUMBER/display_name_not_approved',
    actor: 'account_owner',
  },
  'phone-limited-waba-banned': {
    verdicts: ['BLOCKED', null, 'BLOCKED'],
    findings: ['PHONE_NUMBER/info/display_name_not_approved', 'WABA/error/141014'],
    effects: ['no', 'no', 'no', 'no'],
    reason: 'WABA/141014',
    actor: 'account_owner',
  },
  'phone-sip-only-reported-available': {
    verdicts: ['AVAILABLE', 'BLOCKED', 'AVAILABLE'],
    findings: ['PHONE_NUMBER/error/138024', 'APP/error/138025'],
    effects: ['yes', 'yes', 'yes', 'no'],
    reason: null,
  },
  'phone-sip-only-reported-blocked': {
    verdicts: ['AVAILABLE', 'BLOCKED', 'BLOCKED'],
    findings: ['PHONE_NUMBER/error/138024', 'APP/error/138025'],
    effects: ['yes', 'yes', 'yes', 'no'],
    reason: null,
  },
  'template-blocked': {
    verdicts: ['BLOCKED', 'AVAILABLE', 'BLOCKED'],
    findings: ['MESSAGE_TEMPLATE/error/141002'],
    effects: ['no', 'yes', 'yes', 'yes'],
    reason: 'MESSAGE_TEMPLATE/141002',
    actor: 'template_author',
  },
};

const FOLDER = new URL('../fixtures/health/', import.meta.url);

test('every example answer has its row here', () => {
  const files = readdirSync(FOLDER).map((name) => name.replace('.json', ''));
  assert.deepEqual(files.toSorted(), Object.keys(EXAMPLES).toSorted());
});

for (const [name, expected] of Object.entries(EXAMPLES)) {
  test(`the answer ${name} is judged as documented`, () => {
    const { standing, effects, findings, reason } = assessed(name);
    const { messaging, calling, reported } = standing.verdicts;
    const { business_initiated, replies, inbound, calling: calls } = effects;
    assert.deepEqual([messaging.status, calling?.status ?? null, reported], expected.verdicts);
    assert.deepEqual(
      findings.map(({ subject, kind, code }) => `${typeOf(subject)}/${kind}/${code}`),
      expected.findings,
    );
    assert.deepEqual(
      [business_initiated, replies, inbound, calls].map(({ level }) => level),
      expected.effects,
    );
    assert.equal(reason && `${typeOf(reason.subject)}/${reason.code}`, expected.reason);
    assert.equal(reason?.explanation.actor, expected.actor);
    assert.ok(findings.every(({ explanation }) => explanation.known));
  });
}

function assessed(name: string) {
  const said = reportOf(valueOfJson(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')));
  assert.ok(said);
  return assessmentOf(readState(snapshot({ report: said })), {
    checkIntervalMs: 120_000,
    upstream: 'graph',
    billedBy: 'unknown',
    now: NIGHT,
    sha256Hex,
  });
}

function typeOf(subject: { readonly kind: string; readonly type?: string }): string {
  return subject.type ?? subject.kind;
}
