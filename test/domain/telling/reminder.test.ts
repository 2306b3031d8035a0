import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aboutOf } from '#domain/telling/about.ts';
import { nextReminderAt } from '#domain/telling/reminder.ts';
import { NIGHT } from '#test/domain/samples.ts';
import { DAY, HOUR, incident, over } from './samples.ts';

const OPEN = incident({ openedAt: NIGHT });
const NOTIFIED = { rule: null, urgency: 'notify' } as const;

test('whoever is notified is reminded after four hours, then daily', () => {
  assert.equal(at(NIGHT), NIGHT + 4 * HOUR);
  assert.equal(at(NIGHT + 4 * HOUR), NIGHT + 4 * HOUR + DAY);
  assert.equal(at(NIGHT + 30 * HOUR), NIGHT + 4 * HOUR + 2 * DAY);
});

test('nobody is reminded of what is paged, acknowledged, limited or over', () => {
  const now = NIGHT;
  assert.equal(nextReminderAt(OPEN, { rule: null, urgency: 'page', now }), null);
  const taken = { at: NIGHT, by: 'Ann', note: null };
  for (const about of [{ acknowledgement: taken }, { status: 'LIMITED' } as const, over()]) {
    assert.equal(
      nextReminderAt(incident({ ...about, openedAt: NIGHT }), { ...NOTIFIED, now }),
      null,
    );
  }
});

test('a rule sets its own reminders, or none', () => {
  assert.equal(after(HOUR, null, NIGHT), NIGHT + HOUR);
  assert.equal(after(HOUR, null, NIGHT + HOUR), null);
  assert.equal(after(HOUR, HOUR, NIGHT + HOUR), NIGHT + 2 * HOUR);
  assert.equal(after(null, HOUR, NIGHT), null);
});

test('what a delivery is about is read as it was written, and nonsense as nothing', () => {
  const incidents = [`inc_${'0'.repeat(26)}` as const];
  const silence = `sil_${'0'.repeat(26)}` as const;
  const nothing = { incidents: [], silence: null, until: null };
  assert.deepEqual(aboutOf(JSON.stringify(incidents)), { ...nothing, incidents });
  const both = { incidents, silence };
  assert.deepEqual(aboutOf(JSON.stringify(both)), { ...nothing, ...both });
  assert.deepEqual(aboutOf(JSON.stringify({ until: NIGHT })), { ...nothing, until: NIGHT });
  for (const text of [null, '', '{', '[1]', '7', '{"incidents":[1,"x"],"silence":3}']) {
    assert.deepEqual(aboutOf(text), nothing);
  }
});

function at(now: number): number | null {
  return nextReminderAt(OPEN, { ...NOTIFIED, now });
}

function after(remindAfterMs: number | null, remindEveryMs: number | null, now: number) {
  return nextReminderAt(OPEN, { rule: { remindAfterMs, remindEveryMs }, urgency: 'page', now });
}
