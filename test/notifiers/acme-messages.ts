/** Messages about Acme, and some of the worst that a message can hold. */
import type { Message, MessageIncident, MessageLine } from '#domain/telling/message.ts';

const OPENED_AT = Date.UTC(2026, 2, 1, 2, 47);
const ENDED_AT = Date.UTC(2026, 2, 1, 5, 10);

const INCIDENT: MessageIncident = {
  id: 'inc_01j0000000000000000000acme',
  number: 142,
  status: 'BLOCKED',
  capability: 'messaging',
  cause: { kind: 'entity', type: 'WABA', id: '102290129340398' },
  codes: ['141006'],
  actor: 'account_owner',
  began_at: '2026-03-01T02:47:00.000Z',
  opened_at: '2026-03-01T02:48:02.000Z',
  ended_at: null,
  resolved_at: null,
  numbers: { affected: 2, ever: 2, total: 2 },
  channels: [
    {
      id: 'ch_01j000000000000000000sales',
      name: 'sales',
      display_number: '+49 30 1234',
      verified_name: 'Acme Sales',
    },
    {
      id: 'ch_01j00000000000000000support',
      name: 'support',
      display_number: '+49 30 5678',
      verified_name: 'Acme & Söhne <Support>',
    },
  ],
};

export const OPENED: Message = {
  kind: 'incident.opened',
  severity: 'critical',
  phase: 'firing',
  title: 'BLOCKED since 02:47 UTC (03:47 Berlin): Acme GmbH, 2 of its 2 numbers',
  lines: [
    { label: null, text: 'New conversations fail; replies limited.', link: null },
    { label: 'Why', text: 'payment method failed (141006)', link: null },
    { label: 'Who', text: 'Acme (account owner); nothing for on-call to repair', link: null },
    {
      label: 'Do',
      text: 'add a card and make it the default',
      link: 'https://business.facebook.com/billing?a=1&b=2',
    },
  ],
  link: 'https://health.acme.example/i/142?until=1&sig=abc',
  dedupKey: 'waba-health:main:inc_01j0000000000000000000acme',
  at: OPENED_AT,
  incident: INCIDENT,
  labels: { cause: 'entity', 'entity-type': 'WABA', capability: 'messaging' },
};

export const RESOLVED: Message = {
  ...OPENED,
  kind: 'incident.resolved',
  phase: 'ended',
  title: 'RECOVERED 05:10 UTC: Acme GmbH can send again, 2 of 2',
  lines: [{ label: null, text: 'Lasted 2 h 23 min.', link: null }],
  at: ENDED_AT,
  incident: {
    ...INCIDENT,
    ended_at: '2026-03-01T05:10:00.000Z',
    resolved_at: '2026-03-01T05:15:00.000Z',
    numbers: { affected: 0, ever: 2, total: 2 },
    channels: [],
  },
};

export const DIGEST: Message = {
  kind: 'digest',
  severity: 'info',
  phase: 'note',
  title: 'The week: all well',
  lines: [{ label: null, text: '8,000 numbers watched.', link: null }],
  link: null,
  dedupKey: 'waba-health:main:digest:2026-09',
  at: ENDED_AT,
  incident: null,
  labels: {},
};

/** Mentions, markup of every service, header injection, bidi controls, half a character. */
const HOSTILE_NAME =
  '<!channel> @everyone @here <@U012AB> </b><script>alert(1)</script> [x](https://evil.example) *b* _i_ `c` ' +
  'a&amp;b "q" \'s\' \\n {{key}} \r\nBcc: evil@evil.example\r\n\r\nbody \u202Egnp.exe\u200B \u0007 \uD83D half';

export const HOSTILE: Message = {
  ...OPENED,
  title: `BLOCKED: ${HOSTILE_NAME}`,
  lines: [
    { label: HOSTILE_NAME, text: HOSTILE_NAME, link: 'javascript:alert(1)' },
    { label: 'Do', text: 'see', link: 'https://evil.example/"><script>|<!channel>)](x)' },
  ],
  incident: {
    ...INCIDENT,
    cause: { kind: 'entity', type: 'WABA', id: HOSTILE_NAME },
    channels: [
      { id: 'ch_x', name: 'sales', display_number: HOSTILE_NAME, verified_name: HOSTILE_NAME },
    ],
  },
  labels: { 'bad name\n"': HOSTILE_NAME, instance: HOSTILE_NAME },
};

/** Longer than anything may be: every text ends in emoji, `shift` moves where a cut falls. */
export function endless(shift = 0): Message {
  const long = `${'x'.repeat(shift)}${'😀&<'.repeat(1_200)}`;
  const line: MessageLine = {
    label: long,
    text: long,
    link: `https://acme.example/${'y'.repeat(900)}`,
  };
  const channel = { id: 'ch_x', name: 'sales', display_number: long, verified_name: long };
  return {
    ...OPENED,
    title: long,
    lines: Array.from({ length: 40 }, () => line),
    dedupKey: `waba-health:main:${'k'.repeat(400)}`,
    incident: { ...INCIDENT, channels: Array.from({ length: 60 }, () => channel) },
    labels: { instance: long, other: long },
  };
}
