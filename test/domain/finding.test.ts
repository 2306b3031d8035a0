import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Entity } from '#domain/entity.ts';
import { findingKey, findingsOf } from '#domain/finding.ts';
import { anyReport, entity, error, report, saying, sha256Hex } from './samples.ts';

test('131000 is told apart by the word before the first colon', () => {
  assert.deepEqual(flowCodes('endpoint_uri: You need to set: the endpoint.'), [
    '131000:endpoint_uri',
  ]);
  assert.deepEqual(flowCodes('app_check : You need to connect a Meta app.'), ['131000:app_check']);
  assert.deepEqual(flowCodes('The profile lacks: a website'), ['131000']);
  assert.deepEqual(flowCodes(null), ['131000']);
});

test('another code takes nothing from its text', () => {
  const waba = saying('WABA', 'BLOCKED', { errors: [error('141006', 'payment: it failed')] });
  assert.deepEqual(codes(waba), ['141006']);
});

test('a known sentence takes its slug, an unknown one eight digits of its hash', () => {
  const info = ['Your display name has not been approved yet. Wait.', 'Something new.'];
  assert.deepEqual(codes(entity({ info })), [
    'display_name_not_approved',
    sha256Hex('Something new.').slice(0, 8),
  ]);
});

test('138000 to 138999 bear on calling, their neighbours on messaging', () => {
  const errors = ['137999', '138000', '138024', '138999', '139000'].map((code) => error(code));
  assert.deepEqual(
    findingsOf(report(entity({ errors })), sha256Hex).map(({ capability }) => capability),
    ['messaging', 'calling', 'calling', 'calling', 'messaging'],
  );
});

test('a word that we do not know is a finding about the verdict it was meant for', () => {
  const words = { messaging: 'PAUSED', calling: 'RINGING' };
  const found = findingsOf(report(entity({ words })), sha256Hex);
  assert.deepEqual(
    found.map(({ kind, code, capability }) => [kind, code, capability]),
    [
      ['unrecognised_word', 'PAUSED', 'messaging'],
      ['unrecognised_word', 'RINGING', 'calling'],
    ],
  );
});

test('the same thing said twice is one finding, on two entities it is two', () => {
  const twice = { errors: [error('141006'), error('141006', 'again')] };
  assert.deepEqual(codes(saying('WABA', 'BLOCKED', twice)), ['141006']);
  const one = saying('WABA', 'BLOCKED', { id: '1', errors: [error('141006')] });
  assert.deepEqual(codes(one, { ...one, id: '2' }, { ...one, id: null }), Array(3).fill('141006'));
});

test('of the same thing said twice the first wording is kept', () => {
  const errors = [error('141006', 'first'), error('141006', 'second')];
  const [found] = findingsOf(report(saying('WABA', 'BLOCKED', { errors })), sha256Hex);
  assert.equal(found?.text, 'first');
});

test('an error without a code, or with an endless one, still has a short key of its own', () => {
  const errors = [
    { code: null, description: 'No code here.', solution: null },
    { code: null, description: 'Nor here.', solution: null },
    error('9'.repeat(1000)),
  ];
  const found = codes(entity({ errors }));
  assert.equal(new Set(found).size, 3);
  assert.ok(found.every((code) => /^[0-9a-f]{8}$/.test(code)));
});

test('Meta’s own sentence and solution are kept as received', () => {
  const said = { code: '141006', description: ' Odd  text\n', solution: '/docs/development' };
  const [found] = findingsOf(report(entity({ errors: [said] })), sha256Hex);
  assert.equal(found?.text, said.description);
  assert.equal(found?.solution, said.solution);
});

test('no two findings of one answer share a key, and none is about nothing', () => {
  fc.assert(
    fc.property(anyReport, (said) => {
      const found = findingsOf(said, sha256Hex);
      assert.equal(new Set(found.map(findingKey)).size, found.length);
      assert.ok(found.every(({ code }) => code !== undefined && code.length <= 64));
    }),
  );
});

test('two different findings never have the same key, whatever signs their parts hold', () => {
  const part = fc.string({ unit: fc.constantFrom('/', ':', '"', ',', 'a', '[') });
  fc.assert(
    fc.property(fc.tuple(part, part), fc.tuple(part, part), ([type, id], [otherType, otherId]) => {
      const isSame = type === otherType && id === otherId;
      assert.equal(keyOf(type, id) === keyOf(otherType, otherId), isSame);
    }),
  );
});

function codes(...entities: readonly Entity[]): string[] {
  return findingsOf(report(...entities), sha256Hex).map(({ code }) => code);
}

function flowCodes(text: string | null): string[] {
  return codes(saying('FLOW', 'BLOCKED', { errors: [error('131000', text)] }));
}

function keyOf(type: string, id: string): string {
  return findingKey({ subject: { kind: 'entity', type, id }, kind: 'error', code: '1' });
}
