/** Three days of sixty numbers; `npm run soak truth` plays a month of a thousand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delaysText, judge } from './judge.ts';
import type { Played } from './world.ts';
import { THREE_DAYS } from './script.ts';
import { play } from './world.ts';

let played: Played | null = null;

test('in three days every true incident is told once, and none is invented', async (context) => {
  played = await play(THREE_DAYS);
  const { delays, incidents, messages } = judge(played);
  context.diagnostic(
    `${incidents} incidents, ${messages} messages, found after ${delaysText(delays)}`,
  );
  assert.ok(delays.length > 10);
});

test('the judge bites: what is missed, invented, told twice or ended too soon is noticed', () => {
  const all = played;
  assert.ok(all);
  const { incidents, told } = all;
  const [first] = incidents;
  const opened = told.find(({ message }) => message.kind === 'incident.opened');
  assert.ok(first && opened);
  const withOther = (about: Partial<Played>) => () => judge({ ...all, ...about });
  assert.throws(withOther({ incidents: incidents.slice(1) }), /never found/);
  const invented = { ...first, cause: { ...first.cause, ref: '999' } };
  assert.throws(withOther({ incidents: [...incidents, invented] }), /invented/);
  assert.throws(withOther({ told: [...told, opened] }), /told twice/);
  const soon = incidents.map((one) =>
    one.id === first.id ? { ...one, endedAt: one.openedAt + 1 } : one,
  );
  assert.throws(withOther({ incidents: soon }), /still so/);
});
