import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carries, levelsOf, matchOf } from '#domain/telling/match.ts';
import type { Matchers } from '#domain/telling/matchers.ts';
import { anotherIncident, someFacts } from './an-incident.ts';

const facts = someFacts(
  { cause: { kind: 'entity', type: 'WABA', ref: '102290129340398' } },
  { labels: { team: 'x', customer: 'acme' }, numbers: 40 },
);

test('every matcher that is given must match, and within one any of its values does', () => {
  const matching: readonly Matchers[] = [
    {},
    { severity: ['warning', 'critical'], status: ['BLOCKED'], capability: ['messaging'] },
    {
      cause: ['entity'],
      entityType: ['WABA'],
      subject: ['102290129340398'],
      code: ['141006', '1'],
    },
    { actor: ['account_owner'], numbersMin: 40 },
    { effect: [{ name: 'business_initiated', level: 'no' }] },
    { channel: ['support', 'sales'], withoutLabels: { team: 'y' } },
    { labels: { team: 'x' }, numbersMin: 1 },
    { labels: { customer: '*' } },
  ];
  for (const match of matching) assert.notEqual(matchOf(match, facts), null, JSON.stringify(match));
  const others: readonly Matchers[] = [
    { severity: ['warning'] },
    { severity: ['critical'], status: ['LIMITED'] },
    { capability: ['calling'] },
    { cause: ['credential'] },
    { entityType: ['PHONE_NUMBER'] },
    { subject: ['1'] },
    { code: ['131031'] },
    { actor: ['integrator'] },
    { numbersMin: 41 },
    { effect: [{ name: 'inbound', level: 'no' }] },
    { channel: ['sales'] },
    { withoutLabels: { team: 'x' } },
    { withoutLabels: { customer: '*' } },
    { labels: { team: 'y' } },
    { labels: { team: 'x' }, numbersMin: 2 },
    { labels: { team: 'x' }, channel: ['sales'] },
  ];
  for (const match of others) assert.equal(matchOf(match, facts), null, JSON.stringify(match));
});

test('labels narrow the message to the numbers that carry them, nothing else does', () => {
  assert.deepEqual(matchOf({ labels: { team: 'x' } }, facts), { labels: { team: 'x' } });
  assert.deepEqual(matchOf({ labels: {} }, facts), { labels: null });
  assert.deepEqual(matchOf({ channel: ['support'] }, facts), { labels: null });
});

test('what cannot be read is matched by its credential and by what it is', () => {
  const cause = { kind: 'unreadable', type: null, ref: 'cr_acme/1022' } as const;
  const unreadable = someFacts({ cause });
  for (const subject of ['cr_acme', '1022', 'cr_acme/1022']) {
    assert.notEqual(matchOf({ subject: [subject] }, unreadable), null);
  }
});

test('a label of the prototype is carried by nobody', () => {
  assert.equal(carries({}, { constructor: '*' }), false);
  assert.equal(carries({}, {}), true);
});

test('effects come from the catalogue, and without it from the status alone', () => {
  assert.equal(levelsOf(anotherIncident()).business_initiated, 'no');
  assert.deepEqual(levelsOf(anotherIncident({ codes: ['999'] })), {
    business_initiated: 'no',
    replies: 'no',
  });
  assert.equal(levelsOf(anotherIncident({ codes: [], status: 'LIMITED' })).replies, 'limited');
  assert.deepEqual(levelsOf(anotherIncident({ capability: 'calling' })), { calling: 'no' });
  const cause = { kind: 'credential', type: null, ref: 'cr_acme' } as const;
  assert.deepEqual(levelsOf(anotherIncident({ cause })), {});
});
