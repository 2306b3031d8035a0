import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question } from '#domain/telling/decide.ts';
import { decide, isInBaseline } from '#domain/telling/decide.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import { aDelivery, aReceiver, aRule, aSilence } from '#test/contracts/store/acme-telling.ts';
import { someFacts } from './an-incident.ts';

const notify = aReceiver({ name: 'ops', urgency: 'notify' });
const page = aReceiver({ name: 'on-call', urgency: 'page' });

test('a receiver that is notified hears of everything that begins', () => {
  for (const kind of [
    'credential',
    'unreadable',
    'upstream',
    'server',
    'sends',
    'warning',
  ] as const) {
    const facts = someFacts({ cause: { kind, type: null, ref: 'x' }, status: 'UNKNOWN' });
    assert.equal(reason({ facts }), 'told: The default rule: it is notified of everything.');
  }
});

test('a page wakes for what must be mended by us, for own numbers, and for many', () => {
  const customer = { labels: { customer: 'umbrella' } };
  const rows: readonly (readonly [ReturnType<typeof someFacts>, RegExp])[] = [
    [someFacts({}), /^told: .*numbers without the label customer/],
    [someFacts({}, customer), /^withheld: .*its customer must mend it, and fewer than 10/],
    [someFacts({}, { ...customer, numbers: 10 }), /^told: .*10 numbers are hit/],
    [someFacts({ actor: 'integrator' }, customer), /^told: .*you must mend it/],
    [someFacts({ actor: 'provider' }, customer), /^told: .*the provider must mend it/],
    [someFacts({ actor: 'unknown' }, customer), /^told: .*nobody knows who must/],
    [someFacts({ status: 'LIMITED', severity: 'warning' }), /^withheld: .*LIMITED wakes nobody/],
    [someFacts({ capability: 'calling', severity: 'error' }), /^withheld: .*calls wakes nobody/],
    [aboutUs('warning', 'warning'), /^withheld: .*an early warning wakes nobody/],
    [aboutUs('credential', 'error'), /^withheld: .*nothing is known to be lost/],
    [aboutUs('upstream', 'error'), /^withheld: .*nothing is known to be lost/],
    [aboutUs('upstream', 'critical'), /^told: .*half of the fleet is out of sight/],
    [aboutUs('server', 'critical'), /^told: .*half of the fleet is out of sight/],
  ];
  for (const [facts, expected] of rows) assert.match(reason({ facts, receiver: page }), expected);
});

test('what nobody is told has its reason', () => {
  const limited = { status: 'LIMITED', severity: 'warning' } as const;
  const rows: readonly (readonly [ReturnType<typeof someFacts>, RegExp])[] = [
    [someFacts({}, { isSandbox: true }), /only numbers in the sandbox/],
    [someFacts({}, { labels: { test: 'yes' } }), /with the label test/],
    [someFacts({ isBaseline: true }), /before these numbers were watched/],
    [someFacts({ isBaseline: true, capability: 'calling' }), /did not work .* within 30 days/],
    [someFacts({ inhibitedBy: 'inc_fleet' }), /many causes at once/],
    [someFacts({ ...limited, codes: ['141010'] }), /display name or by 141010/],
    [someFacts({ ...limited, codes: ['display_name_not_approved'] }), /display name/],
    [someFacts(limited, { replaced: null }), /only where it takes the place of AVAILABLE/],
    [someFacts(limited, { replaced: 'UNKNOWN' }), /only where it takes the place of AVAILABLE/],
  ];
  for (const [facts, expected] of rows) assert.match(reason({ facts }), expected);
  assert.match(reason({ facts: someFacts(limited) }), /^told/);
  // One of several numbers is no test, or was not looked at.
  assert.match(reason({ facts: someFacts({}, { isSandbox: true, numbers: 2 }) }), /^told/);
  const codes = ['141010', '141006'];
  assert.match(reason({ facts: someFacts({ ...limited, codes }) }), /^told/);
});

test('a receiver hears nothing of itself, which takes no messages', () => {
  const facts = someFacts({ cause: { kind: 'receiver', type: null, ref: notify.id } });
  assert.match(reason({ facts }), /^withheld: It is about this receiver/);
  assert.match(reason({ facts, receiver: aReceiver({ urgency: 'notify' }) }), /^told/);
});

test('rules take the place of the default rule for the receivers that they name', () => {
  const rules = [
    aRule([page.id], { name: 'gone', match: {}, isEnabled: false }),
    aRule([notify.id], { name: 'labelled', match: { labels: { team: 'x' } } }),
    aRule([notify.id], { name: 'many', match: { numbersMin: 5 }, groupMs: 60_000 }),
  ];
  assert.equal(
    reason({ rules, facts: someFacts() }),
    'withheld: None of the rules that name it matches (labelled, many).',
  );
  assert.equal(reason({ rules, facts: someFacts({}, { numbers: 5 }) }), 'told: Rule many matches.');
  assert.match(reason({ rules, receiver: page, facts: someFacts() }), /^told: The default rule/);
  const labels = { team: 'x', other: 'y' };
  const narrowed = decide(asked({ rules, facts: someFacts({}, { labels, numbers: 5 }) }));
  assert.ok(narrowed.isTold);
  assert.deepEqual([narrowed.rule, narrowed.labels], ['labelled', { team: 'x' }]);
});

test('a silence withholds, says whose it is, and lets the end through', () => {
  const silence = aSilence({ match: { channel: ['support'] } });
  const silences = [silence];
  const decision = decide(asked({ silences, facts: someFacts() }));
  assert.ok(!decision.isTold);
  assert.equal(decision.silenceId, silence.id);
  assert.equal(
    decision.reason,
    'Silenced until 2026-03-01T13:00Z by Ada: The card is being changed.',
  );
  assert.match(reason({ silences, facts: someFacts({}, { name: 'sales' }) }), /^told/);
  const before = [aDelivery(notify, { state: 'delivered' })];
  assert.match(reason({ silences, kind: 'resolved', before, facts: someFacts() }), /^told/);
});

test('the end is told to whoever heard of the beginning, or should have', () => {
  for (const state of ['pending', 'delivered', 'merged'] as const) {
    assert.equal(ended(state), 'told: It heard of the beginning.');
  }
  assert.equal(ended('dead'), 'told: The beginning did not reach it.');
  assert.match(ended('withheld'), /^withheld: It heard nothing of the beginning/);
});

test('what comes and goes is told once', () => {
  const facts = someFacts({ isFlapping: true });
  assert.match(reason({ facts, kind: 'flapping' }), /^told/);
  const before = [aDelivery(notify, { kind: 'flapping', state: 'delivered' })];
  assert.match(
    reason({ facts, kind: 'flapping', before }),
    /^withheld: It was told that this comes/,
  );
  assert.match(reason({ facts, kind: 'worse', before }), /^told/);
});

test('the summary of what was so before names what hurts, to whom it is notified', () => {
  const facts = someFacts({ isBaseline: true });
  const about = { rules: [], silences: [], facts, receiver: notify };
  assert.equal(isInBaseline(about), true);
  assert.equal(isInBaseline({ ...about, receiver: page }), false);
  const quiet = someFacts({ isBaseline: true, status: 'LIMITED', codes: ['141010'] });
  assert.equal(isInBaseline({ ...about, facts: quiet }), false);
  const calls = someFacts({ isBaseline: true, capability: 'calling' });
  assert.equal(isInBaseline({ ...about, facts: calls }), false);
  const rules = [aRule([page.id], { match: { status: ['BLOCKED'] } })];
  assert.equal(isInBaseline({ ...about, rules, receiver: page }), true);
});

function aboutUs(
  kind: 'warning' | 'credential' | 'upstream' | 'server',
  severity: 'warning' | 'error' | 'critical',
) {
  return someFacts({
    cause: { kind, type: null, ref: 'x' },
    status: 'UNKNOWN',
    severity,
    capability: null,
  });
}

function asked(about: Partial<Question> & Pick<Question, 'facts'>): Question {
  return { kind: 'opened', receiver: notify, rules: [], silences: [], before: [], ...about };
}

function reason(about: Partial<Question> & Pick<Question, 'facts'>): string {
  const decision = decide(asked(about));
  return `${decision.isTold ? 'told' : 'withheld'}: ${decision.reason}`;
}

function ended(state: Delivery['state']): string {
  return reason({ kind: 'resolved', before: [aDelivery(notify, { state })], facts: someFacts() });
}
