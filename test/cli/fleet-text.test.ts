import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusExitCode } from '#cli/commands/status.ts';
import { fleetText } from '#cli/text/fleet-text.ts';
import type { FleetStatus } from '#cli/text/fleet-text.ts';
import { PLAIN } from '#cli/text/style.ts';

const SCREEN = { style: PLAIN, width: 100 };

const ACME = {
  ...named('acme-1'),
  display_number: '+49 30 5550 101',
  verified_name: 'Acme \u202e',
};

const WELL: FleetStatus = {
  counted_at: '2026-11-24T02:56:01.000Z',
  channels: { total: 8_012, available: 8_000, limited: 0, blocked: 0, unknown: 0, paused: 12 },
  unknown_reasons: [],
  causes: [],
  causes_left_out: 0,
  troubled: [],
  schedule: {
    late_seconds: 0.4,
    next_due_at: '2026-11-24T02:56:01.000Z',
    lag_p50_seconds: 0.1,
    lag_p99_seconds: 0.3,
    checks: 1_200,
    round_trips: 24,
    reads_in_flight: 31,
    breakers: [{ upstream: 'graph', state: 'closed', since: null }],
  },
  budgets: {
    buckets: 900,
    stretched: 0,
    held: 0,
    closed: 0,
    stretch_max: 1,
    used_percent_max: 34,
    allowed_per_hour: 4_500_000,
    taken_per_hour: 240_000,
    neediest: [],
  },
};

const BAD: FleetStatus = {
  ...WELL,
  channels: { total: 8_012, available: 7_901, limited: 3, blocked: 40, unknown: 56, paused: 12 },
  unknown_reasons: [
    { reason: 'outdated', channels: 50 },
    { reason: 'never_read', channels: 6 },
  ],
  causes: [
    { status: 'BLOCKED', cause: 'WABA/141006', channels: 40, examples: [ACME, named('acme-2')] },
    {
      status: 'LIMITED',
      cause: 'APP/1\u001b[31m',
      channels: 2,
      examples: [named('sales'), named('orders')],
    },
    { status: 'LIMITED', cause: null, channels: 1, examples: [named('support')] },
  ],
  causes_left_out: 2,
  schedule: {
    ...WELL.schedule,
    late_seconds: 75,
    breakers: [{ upstream: 'graph', state: 'open', since: '2026-11-24T02:31:00.000Z' }],
  },
  budgets: {
    ...WELL.budgets,
    stretched: 3,
    stretch_max: 1.7,
    neediest: [
      {
        bucket: 'waba:634974688087057/102290129340398',
        allowed_per_hour: 5_000,
        scheduled_per_hour: 3_800,
        needed_per_hour: 6_460,
        stretch: 1.7,
        used_percent: null,
        used_reported_at: null,
        held_until: null,
        closed_until: null,
      },
    ],
  },
};

test('a fleet that is well fits on a few lines', () => {
  assert.equal(
    fleetText(WELL, SCREEN),
    `8,012 channels, 12 paused  2026-11-24 02:56:01 UTC
  AVAILABLE  8,000  can send
  LIMITED        0
  BLOCKED        0
  UNKNOWN        0

Schedule   on time, 31 reads under way
Quota      5 % of what upstreams allow is taken (240,000 of 4,500,000 reads an hour); the highest
           use reported is 34 %`,
  );
});

test('what is wrong is told with its causes, names and reasons, foreign text inert', () => {
  assert.equal(
    fleetText(BAD, SCREEN),
    `8,012 channels, 12 paused  2026-11-24 02:56:01 UTC
  AVAILABLE  7,901  can send
  LIMITED        3  can send, with limits
  BLOCKED       40  cannot send
  UNKNOWN       56  unseen: the last good read is too old: 50; never read yet: 6

Causes
  BLOCKED  WABA/141006        40  acme-1 (+49 30 5550 101, Acme <U+202E>), acme-2 …
  LIMITED  APP/1<U+001B>[31m   2  sales, orders
  LIMITED  no known cause      1  support
  and 2 more causes

Schedule   1 min late, 31 reads under way
Quota      5 % of what upstreams allow is taken (240,000 of 4,500,000 reads an hour); the highest
           use reported is 34 %
Upstream   graph fails as a whole since 2026-11-24 02:31 UTC; it is asked only now and then
Stretched  intervals are up to ×1.7 as long for 3 of 900 budgets, because they do not suffice
           waba:634974688087057/102290129340398: ×1.7, its channels need 6,460 reads an hour and may
           take 3,800 of 5,000`,
  );
});

test('the exit code is that of the worst, as monitoring plugins have them', () => {
  assert.equal(codeOf({}), 0);
  assert.equal(codeOf({}, 3), 1);
  assert.equal(codeOf({ limited: 1, unknown: 5 }), 1);
  assert.equal(codeOf({ blocked: 1, limited: 1, unknown: 5 }), 2);
  assert.equal(codeOf({ unknown: 1 }, 3), 3);
});

test('trouble with the watching itself is a warning, and the screen says which', () => {
  const { schedule, budgets } = WELL;
  const breakers = [{ upstream: 'graph', state: 'open', since: null }] as const;
  const troubles: [Partial<FleetStatus>, RegExp][] = [
    [{ schedule: { ...schedule, late_seconds: 121 } }, /^Late +the channel that waits longest/m],
    [{ schedule: { ...schedule, lag_p99_seconds: 61 } }, /^Late +of the reads .* 1 min late/m],
    [{ schedule: { ...schedule, breakers: [...breakers] } }, /^Upstream +graph fails as a whole;/m],
    [{ budgets: { ...budgets, closed: 2 } }, /^Closed +nothing is asked on 2 of 900 budgets/m],
    [{ budgets: { ...budgets, stretched: 1 } }, /^Stretched +intervals are up to ×1\.0/m],
  ];
  for (const [trouble, line] of troubles) {
    const status = { ...WELL, ...trouble };
    assert.equal(statusExitCode(status), 1, String(line));
    assert.match(fleetText(status, SCREEN), line);
  }
  const inTime = { ...schedule, late_seconds: 120, lag_p99_seconds: 60 };
  assert.equal(statusExitCode({ ...WELL, schedule: inTime }), 0);
  assert.equal(statusExitCode({ ...WELL, schedule: { ...schedule, lag_p99_seconds: null } }), 0);
});

function codeOf(channels: Partial<FleetStatus['channels']>, stretched = 0): number {
  return statusExitCode({
    ...WELL,
    channels: { ...WELL.channels, ...channels },
    budgets: { ...WELL.budgets, stretched },
  });
}

function named(name: string) {
  return { id: `ch_${name}`, name, display_number: null, verified_name: null };
}
