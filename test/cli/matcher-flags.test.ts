import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putRule } from '#api/rule.ts';
import { parse } from '#api/parse.ts';
import { matchFlags } from '#cli/matcher-flags.ts';
import { matchersText } from '#cli/text/matchers-text.ts';

const WORDS = [
  'severity=critical,error',
  'status=blocked',
  'capability=messaging',
  'cause=entity',
  'entity-type=waba',
  'subject=102290129340398',
  'code=141006,141010',
  'actor=account-owner',
  'channel=support',
  'effect:business-initiated=no,limited',
  'numbers-min=10',
  'label:tier=gold',
  'label:region=eu=west',
  'not-label:customer=umbrella',
];

test('matchers are read as a person writes them', () => {
  assert.deepEqual(matchFlags({ match: WORDS }), {
    severity: ['critical', 'error'],
    status: ['BLOCKED'],
    capability: ['messaging'],
    cause: ['entity'],
    entity_type: ['WABA'],
    subject: ['102290129340398'],
    code: ['141006', '141010'],
    actor: ['account_owner'],
    channel: ['support'],
    effect: [
      { name: 'business_initiated', level: 'no' },
      { name: 'business_initiated', level: 'limited' },
    ],
    numbers_min: 10,
    labels: { tier: 'gold', region: 'eu=west' },
    without_labels: { customer: 'umbrella' },
  });
  assert.equal(matchFlags({}), null);
});

test('what is read is what the API takes, and is shown so that it can be typed again', () => {
  const match = matchFlags({ match: WORDS });
  assert.ok(match);
  assert.ok(parse(putRule, { receivers: ['ops'], match }, 'body').ok);
  const text = matchersText(match);
  assert.deepEqual(matchFlags({ match: text.split(' ') }), match);
  assert.equal(matchersText({}), 'everything');
});

test('values of one matcher can be given one by one', () => {
  const match = matchFlags({
    match: ['code=1', 'code=2', 'effect:replies=no', 'effect:calling=no'],
  });
  assert.deepEqual(match?.code, ['1', '2']);
  assert.equal(match?.effect?.length, 2);
});

test('a wrong matcher is told what would be right, with the word that was meant', () => {
  const rows: [string, RegExp][] = [
    ['critical', /--match must be <what>=<value>, such as severity=critical/],
    ['=x', /--match must be <what>=<value>/],
    ['severty=critical', /knows no "severty": it takes .*label:<name>.*Did you mean severity\?/],
    [
      'severity=critcal',
      /severity knows no "critcal": it is one of critical, .*Did you mean critical\?/,
    ],
    ['status=DOWN', /status knows no "DOWN": it is one of AVAILABLE/],
    ['severity=', /--match severity= needs a value/],
    ['severity=critical,,error', /needs a value/],
    ['label=gold', /--match label needs a name: label:<name>=<value>, such as label:tier=gold/],
    ['effect:repiles=no', /effect knows no "repiles": .*Did you mean replies\?/],
    ['effect:replies=none', /replies knows no "none": it is one of yes, unknown, limited, no/],
    ['numbers-min=many', /numbers-min must be a whole number/],
    ['entity-type=1', /entity-type must be a type such as PHONE_NUMBER/],
    ['\u001b[2J=x', /knows no such word/],
  ];
  for (const [text, sentence] of rows) {
    assert.throws(
      () => matchFlags({ match: [text] }),
      { name: 'UsageError', message: sentence },
      text,
    );
  }
});

test('hostile values are shown without effect on the terminal', () => {
  const evil = '\u001b]0;title\u0007\u202e';
  const text = matchersText({ subject: [evil], labels: { [evil]: evil }, channel: [evil] });
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  assert.doesNotMatch(text, /[\u0000-\u001f\u202e]/);
});
