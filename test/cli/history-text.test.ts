import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyText } from '#cli/text/history-text.ts';
import type { TransitionView } from '#cli/text/history-text.ts';
import { PLAIN } from '#cli/text/style.ts';
import { fleetUptimeText, uptimeText } from '#cli/text/uptime-text.ts';
import type { ChannelUptime } from '#cli/text/uptime-text.ts';

const WABA = { type: 'WABA', id: '102290129340398' };
const HOUR = 3_600_000;
const SUPPORT = {
  id: 'ch_1',
  name: 'support',
  display_number: '+49 30 5550 101',
  verified_name: 'Acme',
};
const ORDERS = { id: 'ch_2', name: 'orders', display_number: null, verified_name: null };

test('history is a line for each change: when, what, from what to what, and why', () => {
  const items = [
    change({ kind: 'watch', was: 'watched', is: 'removed' }),
    change({ kind: 'verdict', capability: 'messaging', was: 'AVAILABLE', is: 'BLOCKED' }),
    change({
      kind: 'verdict',
      capability: 'messaging',
      was: 'BLOCKED',
      is: 'UNKNOWN',
      detail: 'outdated',
    }),
    change({ kind: 'verdict', capability: 'calling', was: 'AVAILABLE', is: null }),
    change({
      kind: 'entity',
      subject: WABA,
      capability: 'messaging',
      was: 'AVAILABLE',
      is: 'BLOCKED',
    }),
    change({ kind: 'finding', subject: WABA, code: '141006', is: 'present', detail: 'Pay first.' }),
    change({
      kind: 'finding',
      subject: WABA,
      code: '141006',
      was: 'present',
      detail: 'Pay first.',
    }),
    change({ kind: 'identity', code: 'waba', was: '1', is: '2' }),
    change({ kind: 'profile', code: 'quality', was: 'GREEN', is: 'RED' }),
    change({ kind: 'watch', is: 'watched' }),
  ];
  assert.equal(
    historyText(items, { style: PLAIN, isFleet: false }),
    `support (+49 30 5550 101, Acme)
When                     What                            Change
2026-11-24 02:47:03 UTC  watching                        removed
2026-11-24 02:47:03 UTC  messaging                       AVAILABLE → BLOCKED
2026-11-24 02:47:03 UTC  messaging                       BLOCKED → UNKNOWN    the last good read is too old
2026-11-24 02:47:03 UTC  calling                         AVAILABLE → –
2026-11-24 02:47:03 UTC  WABA 102290129340398 messaging  AVAILABLE → BLOCKED
2026-11-24 02:47:03 UTC  WABA 102290129340398 141006     new                  Pay first.
2026-11-24 02:47:03 UTC  WABA 102290129340398 141006     gone                 Pay first.
2026-11-24 02:47:03 UTC  identity waba                   1 → 2
2026-11-24 02:47:03 UTC  profile quality                 GREEN → RED
2026-11-24 02:47:03 UTC  watching                        added`,
  );
});

test('the history of a fleet names the channel of each change', () => {
  const items = [
    change({ kind: 'verdict', capability: 'messaging', was: 'UNKNOWN', is: 'LIMITED' }),
    change({ channel: ORDERS, kind: 'watch', is: 'watched' }),
  ];
  assert.equal(
    historyText(items, { style: PLAIN, isFleet: true }),
    `When                     Channel                          What       Change
2026-11-24 02:47:03 UTC  support (+49 30 5550 101, Acme)  messaging  UNKNOWN → LIMITED
2026-11-24 02:47:03 UTC  orders                           watching   added`,
  );
});

test('whatever the upstream said is shown without effect on the terminal', () => {
  const evil = '\u001b]0;title\u0007\u202e';
  const items = [
    change({ kind: 'finding', subject: { type: evil, id: evil }, code: evil, detail: evil }),
    change({ kind: 'entity', subject: { type: evil, id: null }, was: evil, is: evil }),
    change({ kind: evil, code: evil, was: evil, is: evil }),
    change({ channel: { ...SUPPORT, display_number: evil, verified_name: evil }, kind: 'watch' }),
  ];
  const text = historyText(items, { style: PLAIN, isFleet: true });
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test('uptime is told with the part of the time that was seen, entities below', () => {
  assert.equal(
    uptimeText(told(), { style: PLAIN }),
    `support (+49 30 5550 101, Acme), 2026-10-25 02:47 UTC to 2026-11-24 02:47 UTC
                                  Uptime     Up    Limited  Blocked  Seen
  Messaging                       99.861 %   29 d  2 h      1 h      100.000 %
  Calling                         not known  –     –        –        0.000 %
  WABA 102290129340398 messaging  80.000 %   8 h   –        2 h      1.388 %`,
  );
});

test('a fleet has a line for each channel', () => {
  const { messaging } = told();
  const orders = { ...told(), channel: ORDERS };
  const never = { ...messaging, uptime: null, coverage: 0, up_ms: 0, limited_ms: 0, down_ms: 0 };
  assert.equal(
    fleetUptimeText([told(), { ...orders, messaging: never }]),
    `Messaging, 2026-10-25 02:47 UTC to 2026-11-24 02:47 UTC
Name                             Uptime     Up    Limited  Blocked  Seen
support (+49 30 5550 101, Acme)  99.861 %   29 d  2 h      1 h      100.000 %
orders                           not known  –     –        –        0.000 %`,
  );
});

test('uptime is never rounded up', () => {
  const { messaging } = told();
  const almost = { ...told(), messaging: { ...messaging, uptime: 0.999_999_9 } };
  assert.match(uptimeText(almost, { style: PLAIN }), /Messaging +99\.999 %/);
  for (const whole of [0.29, 0.57, 0.8, 1]) {
    const exact = { ...told(), messaging: { ...messaging, uptime: whole } };
    assert.ok(uptimeText(exact, { style: PLAIN }).includes(`${(whole * 100).toFixed(3)} %`));
  }
});

function told(): ChannelUptime {
  return {
    channel: SUPPORT,
    from: '2026-10-25T02:47:00.000Z',
    until: '2026-11-24T02:47:00.000Z',
    messaging: {
      uptime: 719 / 720,
      coverage: 1,
      up_ms: 717 * HOUR,
      limited_ms: 2 * HOUR,
      down_ms: HOUR,
      unmeasured_ms: 0,
    },
    calling: {
      uptime: null,
      coverage: 0,
      up_ms: 0,
      limited_ms: 0,
      down_ms: 0,
      unmeasured_ms: 720 * HOUR,
    },
    entities: [
      {
        ...WABA,
        capability: 'messaging',
        uptime: 0.8,
        coverage: 10 / 720,
        up_ms: 8 * HOUR,
        limited_ms: 0,
        down_ms: 2 * HOUR,
        unmeasured_ms: 710 * HOUR,
      },
    ],
  };
}

function change(about: Partial<TransitionView>): TransitionView {
  return {
    id: 'tr_1',
    at: '2026-11-24T02:47:03.000Z',
    channel: SUPPORT,
    kind: 'verdict',
    series: 'verdict:messaging',
    capability: null,
    subject: null,
    code: null,
    was: null,
    is: null,
    detail: null,
    evidence: null,
    ...about,
  };
}
