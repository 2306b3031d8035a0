import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { createClient } from '#client/create-client.ts';
import { PLAIN, styleFor } from '#cli/text/style.ts';
import { frameLines } from '#cli/watch/frame.ts';
import type { Change, Seen } from '#cli/watch/frame.ts';
import { LineReport } from '#cli/watch/line-report.ts';
import { runWatch } from '#cli/watch/run-watch.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';
import { addSupport, exampleFor, SUPPORT_ID } from '#test/http/acme.ts';
import { startWorld, TOKEN } from '#test/http/management-world.ts';

const NOW = Date.UTC(2026, 10, 24, 2, 56);

const SEEN: Seen = {
  notice: null,
  status: {
    counted_at: '2026-11-24T02:56:00.000Z',
    channels: { total: 8_000, available: 7_959, limited: 0, blocked: 40, unknown: 1, paused: 0 },
    unknown_reasons: [{ reason: 'never_read', channels: 1 }],
    causes: [],
    causes_left_out: 0,
    troubled: [
      trouble('acme-1', 'BLOCKED', 'WABA/141006'),
      trouble('acme-2', 'BLOCKED', 'WABA/141006'),
      { ...trouble('new\u001b[2J', 'UNKNOWN', null), unknown_reason: 'never_read', since: null },
    ],
    schedule: {
      late_seconds: 0,
      next_due_at: null,
      lag_p50_seconds: null,
      lag_p99_seconds: null,
      checks: null,
      round_trips: null,
      reads_in_flight: null,
      breakers: [],
    },
    budgets: {
      buckets: 0,
      stretched: 0,
      held: 0,
      closed: 0,
      stretch_max: 1,
      used_percent_max: null,
      allowed_per_hour: 0,
      taken_per_hour: 0,
      neediest: [],
    },
  },
  changes: [
    change('tr_2', '2026-11-24T02:48:10.000Z', 'acme-2'),
    change('tr_1', '2026-11-24T02:47:03.000Z', 'acme-1'),
  ],
};

test('a picture has counts on top, trouble below, and what changed last', () => {
  const lines = frameLines(SEEN, { columns: 80, rows: 24, style: PLAIN, now: NOW });
  assert.equal(
    lines.join('\n'),
    `8,000 channels  2026-11-24 02:56:00 UTC
  AVAILABLE  7,959  can send
  LIMITED        0
  BLOCKED       40  cannot send
  UNKNOWN        1  unseen: never read yet: 1

Not available
  acme-1 (+49 30 5550 101, Acme)  BLOCKED  WABA/141006     for 9 min
  acme-2                          BLOCKED  WABA/141006     for 9 min
  new<U+001B>[2J                  UNKNOWN  never read yet

Last changes
  02:48:10 acme-2: messaging AVAILABLE → BLOCKED
  02:47:03 acme-1 (+49 30 5550 101, Acme): messaging AVAILABLE → BLOCKED

Schedule   on time
Quota      nothing was asked yet
q ends`,
  );
});

test('a picture is never wider nor higher than its terminal, in colour or without', () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    trouble(`channel-${index}`, 'BLOCKED', 'WABA/141006'),
  );
  const seen = { ...SEEN, status: { ...SEEN.status, troubled: many } };
  const sizes = fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.nat(100) });
  fc.assert(
    fc.property(sizes, fc.boolean(), ({ columns, rows }, isColoured) => {
      const style = isColoured ? styleFor(true, {}) : PLAIN;
      const lines = frameLines(seen, { columns, rows, style, now: NOW });
      assert.ok(lines.length <= rows);
      for (const line of lines) assert.ok(stripVTControlCharacters(line).length <= columns, line);
    }),
  );
});

test('on a full screen changes keep their place beside a long list of trouble', () => {
  const many = Array.from({ length: 300 }, (_, index) => trouble(`c-${index}`, 'BLOCKED', null));
  const seen = { ...SEEN, status: { ...SEEN.status, troubled: many } };
  const lines = frameLines(seen, { columns: 80, rows: 24, style: PLAIN, now: NOW });
  assert.equal(lines.length, 24);
  assert.ok(lines.some((line) => line.includes('02:48:10 acme-2')));
  assert.equal(lines.at(-1), 'q ends');
});

test('lines tell counts when they differ and each change once, the oldest first', () => {
  const report = new LineReport(({ id }) => id);
  assert.deepEqual(report.linesFor(SEEN), [
    '2026-11-24 02:56:00 UTC AVAILABLE 7,959, LIMITED 0, BLOCKED 40, UNKNOWN 1',
  ]);
  assert.deepEqual(report.linesFor(SEEN), []);
  const next = ['tr_4', 'tr_3'].map((id) => change(id, '2026-11-24T02:57:00.000Z', 'acme-3'));
  const later = { ...SEEN, changes: [...next, ...SEEN.changes] };
  assert.deepEqual(report.linesFor(later), ['tr_3', 'tr_4']);
  const away = { ...later, notice: 'Since 02:58 UTC: gone' };
  assert.deepEqual(report.linesFor(away), ['Since 02:58 UTC: gone']);
  assert.deepEqual(report.linesFor(away), []);
});

test('a watch without a terminal tells what the server saw change', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const ended = new AbortController();
  let looks = 0;
  const terminal = createFakeTerminal({
    async pause() {
      looks += 1;
      if (looks > 1) ended.abort();
      await world.clock.advance(15_000);
      world.upstreams.graph.answers(() => blocked());
      await world.api('POST', '/channels/support/checks', { body: {} });
      await world.clock.advance(15_000);
    },
  });
  const client = createClient({ baseUrl: world.url, token: TOKEN, timeoutMs: 10_000 });
  await runWatch({ client, terminal, everyMs: 1, ended: ended.signal });
  assert.match(
    terminal.written.out,
    /AVAILABLE 1, .*\n\d\d:\d\d:\d\d support: messaging AVAILABLE → BLOCKED\n[^]*BLOCKED 1, UNKNOWN 0\n$/,
  );
});

test('a watch on a terminal paints in place, again when the size changes, and cleans up', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const ended = new AbortController();
  let written = '';
  const size = { columns: 80, rows: 24 };
  const hearers: (() => void)[] = [];
  const screen = {
    size: () => size,
    onResize: (hear: () => void) => void hearers.push(hear),
    write: (text: string) => void (written += text),
  };
  const terminal = createFakeTerminal({
    screen,
    async pause() {
      await Promise.resolve();
      size.rows = 3;
      written += '(resized)';
      for (const hear of hearers) hear();
      ended.abort();
    },
  });
  const client = createClient({ baseUrl: world.url, token: TOKEN, timeoutMs: 10_000 });
  await runWatch({ client, terminal, everyMs: 1, ended: ended.signal });
  const [before = '', after = ''] = written.split('(resized)');
  assert.ok(before.startsWith('\u001b[?1049h'), 'a screen of its own');
  assert.match(before, /1 channel /);
  assert.equal(after.split('\r\n').length, 3);
  assert.ok(after.endsWith('\u001b[?25h\u001b[?1049l'), 'the screen of before, cursor shown');
  assert.equal(terminal.written.out, '');
});

function trouble(name: string, status: 'BLOCKED' | 'UNKNOWN', cause: string | null) {
  const since = '2026-11-24T02:47:00.000Z';
  return { ...named(name), status, unknown_reason: null, cause, since };
}

/** Of the first one the profile was read. */
function named(name: string) {
  const isKnown = name === 'acme-1';
  return {
    id: `ch_${name}`,
    name,
    display_number: isKnown ? '+49 30 5550 101' : null,
    verified_name: isKnown ? 'Acme' : null,
  };
}

function change(id: string, at: string, name: string): Change {
  return {
    id,
    at,
    channel: named(name),
    capability: 'messaging',
    was: 'AVAILABLE',
    is: 'BLOCKED',
    unknown_reason: null,
  };
}

function blocked() {
  return exampleFor('phone-blocked-payment', SUPPORT_ID);
}
