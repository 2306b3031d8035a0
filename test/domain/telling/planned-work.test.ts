import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Matchers } from '#domain/telling/matchers.ts';
import { plannedSpans, wrongForPlannedWork } from '#domain/telling/planned-work.ts';
import type { Silence } from '#domain/telling/silence.ts';
import { isZone } from '#domain/telling/zone.ts';

const SUPPORT = {
  name: 'support',
  labels: { tier: 'gold', customer: 'acme' },
  nodeId: '106540352242922',
  identity: {
    phoneNumberId: '106540352242922',
    wabaId: '102290129340398',
    businessId: '506914307656634',
    appId: null,
  },
};

const SPAN = [{ from: 1_000, until: 2_000 }];

test('planned work is matched on what a channel itself has', () => {
  const rows: [Matchers, boolean][] = [
    [{}, true],
    [{ channel: ['sales', 'support'] }, true],
    [{ channel: ['sales'] }, false],
    [{ subject: ['102290129340398'] }, true],
    [{ subject: ['506914307656634', '1'] }, true],
    [{ subject: ['1'] }, false],
    [{ labels: { tier: 'gold' } }, true],
    [{ labels: { tier: '*' } }, true],
    [{ labels: { tier: 'gold', customer: 'umbrella' } }, false],
    [{ withoutLabels: { tier: 'gold' } }, false],
    [{ withoutLabels: { tier: 'silver' } }, true],
    [{ labels: { tier: 'gold' }, channel: ['sales'] }, false],
    // Whether this is so, uptime cannot know: then nothing is excluded.
    [{ severity: ['critical'] }, false],
  ];
  for (const [match, expected] of rows) {
    const spans = plannedSpans([silence({ match })], SUPPORT);
    assert.deepEqual(spans, expected ? SPAN : [], JSON.stringify(match));
  }
});

test('a silence that is no planned work excludes nothing from uptime', () => {
  assert.deepEqual(plannedSpans([silence({ isExcluded: false })], SUPPORT), []);
});

test('matchers about what happens are named as what planned work cannot have', () => {
  assert.deepEqual(wrongForPlannedWork({ labels: {}, subject: [], channel: [] }), []);
  assert.deepEqual(wrongForPlannedWork({ severity: ['error'], code: ['1'] }), ['severity', 'code']);
});

test('time zones are told from what is none', () => {
  for (const zone of ['Europe/Berlin', 'UTC', 'America/Sao_Paulo']) assert.ok(isZone(zone), zone);
  for (const text of ['Berlin', '+02:00', '', 'Europe/Atlantis', '\u202e']) {
    assert.ok(!isZone(text), text);
  }
});

function silence(about: Partial<Silence>): Silence {
  return {
    id: 'sil_1',
    match: {},
    author: 'Ann',
    reason: 'a move',
    startsAt: 1_000,
    endsAt: 2_000,
    isExcluded: true,
    createdAt: 0,
    endedAt: null,
    ...about,
  };
}
