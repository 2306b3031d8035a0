import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSupport } from './acme.ts';
import { startWorld } from './management-world.ts';

const HOUR = 3_600_000;
const SAID = { author: 'Ann', reason: 'the move to another WABA' };

test('a silence is added, is in force, and ends at its time', async () => {
  await using world = await startWorld();
  const ends_at = '2026-03-01T02:00:00Z';
  const body = { ...SAID, match: { code: ['141006'] }, ends_at };
  const added = await world.api('POST', '/silences', { body });
  assert.equal(added.status, 201, added.text);
  assert.deepEqual(added.body, {
    id: added.body.id,
    state: 'in_force',
    match: { code: ['141006'] },
    ...SAID,
    starts_at: '2026-03-01T00:00:00.000Z',
    ends_at: '2026-03-01T02:00:00.000Z',
    exclude_from_uptime: false,
    created_at: '2026-03-01T00:00:00.000Z',
    ended_at: null,
  });
  const inForce = '/silences?in_force=true';
  assert.deepEqual((await world.api('GET', inForce)).body.items, [added.body]);
  await world.clock.advance(2 * HOUR);
  assert.deepEqual((await world.api('GET', inForce)).body.items, []);
  assert.equal((await world.api('GET', '/silences')).body.items[0].state, 'over');
  const late = await world.api('POST', `/silences/${added.body.id}/end`);
  assert.equal(late.status, 409);
});

test('a silence ends before its time, and one that had not begun leaves nothing to be told', async () => {
  await using world = await startWorld();
  const ends_at = '2026-03-02T00:00:00Z';
  const now = await world.api('POST', '/silences', { body: { ...SAID, ends_at } });
  await world.clock.advance(HOUR);
  const ended = await world.api('POST', `/silences/${now.body.id}/end`);
  assert.deepEqual(
    [ended.body.state, ended.body.ends_at, ended.body.ended_at],
    ['over', '2026-03-01T01:00:00.000Z', null],
  );
  const starts_at = '2026-03-01T12:00:00Z';
  const later = await world.api('POST', '/silences', { body: { ...SAID, starts_at, ends_at } });
  assert.equal(later.body.state, 'planned');
  const never = await world.api('POST', `/silences/${later.body.id}/end`);
  assert.equal(never.body.state, 'over');
  assert.equal(never.body.ended_at, '2026-03-01T01:00:00.000Z');
  assert.equal((await world.api('POST', `/silences/sil_${'0'.repeat(26)}/end`)).status, 404);
});

test('a silence has an author, a reason and an end within 30 days', async () => {
  await using world = await startWorld();
  const rows: [object, RegExp][] = [
    [{ ends_at: undefined }, /ends_at is missing/],
    [{ author: '' }, /author must be text of 1 to 100 characters/],
    [{ reason: 'a\u0007b' }, /reason must be text of 1 to 500 characters without control/],
    [{ ends_at: '2026-02-01T00:00:00Z' }, /ends_at must be after starts_at/],
    [
      { starts_at: '2026-01-01T00:00:00Z', ends_at: '2026-01-02T00:00:00Z' },
      /ends_at must be in the future/,
    ],
    [{ ends_at: '2026-04-01T00:00:00Z' }, /ends_at must be at most 30 days after it starts/],
    [
      { exclude_from_uptime: true, match: { severity: ['critical'] } },
      /match must have labels, without_labels, channel, subject alone/,
    ],
  ];
  for (const [about, sentence] of rows) {
    const body = { ...SAID, ends_at: '2026-03-02T00:00:00Z', ...about };
    const refused = await world.api('POST', '/silences', { body });
    assert.equal(refused.status, 400, JSON.stringify(about));
    assert.match(refused.body.detail, sentence);
  }
});

test('planned work is no part of the uptime of the channels that it is about', async () => {
  await using world = await startWorld();
  await addSupport(world, { labels: { tier: 'gold' } });
  const planned = { ...SAID, exclude_from_uptime: true, ends_at: '2026-03-01T00:05:00Z' };
  const about = (match: object) => ({ body: { ...planned, match } });
  await world.api('POST', '/silences', about({ labels: { tier: 'silver' } }));
  await world.clock.advance(600_000);
  const whole = await uptime();
  const early = { starts_at: '2026-03-01T00:02:00Z', ends_at: '2026-03-01T00:20:00Z' };
  await world.api('POST', '/silences', {
    body: { ...planned, ...early, match: { channel: ['support'] } },
  });
  const without = await uptime();
  assert.equal(whole.unmeasured_ms, 0);
  assert.equal(without.unmeasured_ms, 480_000);
  assert.equal(without.up_ms, 120_000);
  assert.equal(without.uptime, 1);

  async function uptime() {
    const range = 'from=2026-03-01T00:00:00Z&until=2026-03-01T00:10:00Z';
    return (await world.api('GET', `/channels/support/uptime?${range}`)).body.messaging;
  }
});
