import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestDue } from '#domain/telling/digest-week.ts';

const at = (text: string) => Date.parse(text);

test('the digest is due on Monday at eight, where its readers live, for a day', () => {
  const rows: readonly (readonly [string, string | null, string | null])[] = [
    ['2026-03-02T07:59:59Z', null, null],
    ['2026-03-02T08:00:00Z', null, '2026-W10'],
    ['2026-03-03T07:59:59Z', null, '2026-W10'],
    ['2026-03-03T08:00:00Z', null, null],
    ['2026-03-02T07:00:00Z', 'Europe/Berlin', '2026-W10'],
    ['2026-03-01T22:59:00Z', 'Asia/Tokyo', null],
    ['2026-03-01T23:00:00Z', 'Asia/Tokyo', '2026-W10'],
    // The week in which summer time began.
    ['2026-03-30T05:59:59Z', 'Europe/Berlin', null],
    ['2026-03-30T06:00:00Z', 'Europe/Berlin', '2026-W14'],
    ['2026-12-28T08:00:00Z', null, '2026-W53'],
    ['2027-01-04T08:00:00Z', null, '2027-W01'],
    ['2025-12-29T08:00:00Z', null, '2026-W01'],
    ['2026-03-02T08:00:00Z', 'Nowhere/Atlantis', '2026-W10'],
  ];
  for (const [now, zone, week] of rows) {
    assert.equal(digestDue(at(now), zone)?.week ?? null, week, `${now} ${zone}`);
  }
});
