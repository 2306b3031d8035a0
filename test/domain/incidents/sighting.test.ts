import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sign } from '#domain/incidents/sign.ts';
import { isOver, RECOVERED_AFTER_MS, sightBad, sightGood } from '#domain/incidents/sighting.ts';

const MEMBER: Sign = {
  channelId: 'ch_1',
  cause: { kind: 'entity', type: 'WABA', ref: '102290129340398' },
  capability: 'messaging',
  stage: 'member',
  incidentId: 'inc_1',
  status: 'LIMITED',
  codes: ['141010'],
  firstStartedAt: 990,
  firstBadAt: 1_000,
  lastBadAt: 1_000,
  badReads: 1,
  worked: true,
  replaced: 'AVAILABLE',
  goodSince: null,
  goodAt: null,
};
const at = (readAt: number) => ({ startedAt: readAt - 10, readAt });

test('the first good read begins the recovery, and a read five minutes later ends it', () => {
  const first = sightGood(MEMBER, at(10_000), 120_000);
  assert.equal(first.goodSince, 10_000);
  assert.equal(isOver(first, at(10_000), RECOVERED_AFTER_MS), false);
  const next = sightGood(first, at(130_000), 120_000);
  assert.equal(next.goodSince, 10_000);
  assert.equal(isOver(next, { startedAt: 309_999, readAt: 310_009 }, RECOVERED_AFTER_MS), false);
  assert.equal(isOver(next, { startedAt: 310_000, readAt: 310_010 }, RECOVERED_AFTER_MS), true);
});

test('a bad read in between makes all good ones before it void', () => {
  const good = sightGood(MEMBER, at(10_000), 120_000);
  const bad = sightBad(good, { status: 'BLOCKED', codes: ['141006'] }, at(20_000));
  assert.deepEqual(
    [bad.goodSince, bad.status, bad.codes, bad.badReads, bad.lastBadAt],
    [null, 'BLOCKED', ['141006'], 2, 20_000],
  );
  assert.equal(sightGood(bad, at(400_000), 120_000).goodSince, 400_000);
});

test('a suspect that turns worse is suspected anew, from when its trouble began', () => {
  const suspect: Sign = { ...MEMBER, stage: 'suspect', incidentId: null, badReads: 4 };
  const worse = sightBad(suspect, { status: 'BLOCKED', codes: [] }, at(20_000));
  assert.deepEqual([worse.badReads, worse.firstStartedAt, worse.firstBadAt], [1, 19_990, 1_000]);
  const milder = sightBad(worse, { status: 'LIMITED', codes: [] }, at(30_000));
  assert.deepEqual([milder.badReads, milder.firstStartedAt], [2, 19_990]);
});

test('a gap beyond the staleness limit begins the recovery anew', () => {
  const good = sightGood(MEMBER, at(10_000), 120_000);
  assert.equal(sightGood(good, at(610_000), 120_000).goodSince, 10_000);
  assert.equal(sightGood(good, at(610_001), 120_000).goodSince, 610_001);
});

test('a bad read that names no reason keeps the one that was named before', () => {
  assert.deepEqual(sightBad(MEMBER, { status: 'LIMITED', codes: [] }, at(2_000)).codes, ['141010']);
});
