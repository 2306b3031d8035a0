/** Messages about losses, each of which has a golden file: opened, worse, again, over. */
import type { Message } from '#domain/telling/message.ts';
import { incidentMessage } from '#domain/telling/texts/incident-message.ts';
import { MINUTE, NIGHT } from '#test/domain/samples.ts';
import { acmeNumbers, AT_NIGHT, DAY, HOUR, later, over, PAGE, view } from './samples.ts';

const opened = (about: Parameters<typeof view>[0], at = AT_NIGHT) =>
  incidentMessage('incident.opened', view(about), at);

const PHONE = { kind: 'entity', type: 'PHONE_NUMBER', ref: '106540352242922' } as const;
const HOSTILE = `<!channel> Evil\u202Egnp.exe\n\n@everyone ${'A'.repeat(300)}`;

export const LOSS_CASES: Readonly<Record<string, () => Message>> = {
  'opened-waba-40-of-40': () =>
    opened({ earlier: { fromMs: 4 * MINUTE, toMs: 40 * MINUTE, cases: 6 } }),
  'opened-waba-with-page': () =>
    opened({ place: PAGE, elsewhere: { numbers: 7_960, incidents: 2 } }),
  'opened-1-number': () =>
    opened({
      hit: 1,
      of: { cause: PHONE, codes: ['141000'], actor: 'integrator', detail: null },
      elsewhere: null,
    }),
  'opened-1-number-of-a-waba': () => opened({ hit: 1 }),
  'opened-1-of-40': () => opened({ hit: 1, numbers: { affected: 1, ever: 1, total: 40 } }),
  'opened-2-numbers': () => opened({ hit: 2 }),
  'opened-app-8000-numbers': () =>
    opened({
      hit: 8_000,
      name: 'acme-shop',
      of: {
        cause: { kind: 'entity', type: 'APP', ref: '204812345677777' },
        codes: [],
        actor: 'integrator',
        detail: null,
        confirmation: { reads: 2, spanMs: 31_000, channels: 2, byWebhook: true },
      },
      channels: [...acmeNumbers(1), ...acmeNumbers(2, 'Umbrella'), ...acmeNumbers(1, 'Initech')],
    }),
  'opened-no-name-known': () =>
    opened({
      channels: acmeNumbers(2, null).map((one) => ({ ...one, displayNumber: null })),
      hit: 2,
    }),
  'opened-1-number-no-name-known': () =>
    opened({
      channels: acmeNumbers(1, null).map((one) => ({ ...one, displayNumber: null })),
      hit: 1,
    }),
  'opened-hostile-names': () =>
    opened({
      hit: 2,
      channels: acmeNumbers(2, HOSTILE).map((one) => ({ ...one, displayNumber: HOSTILE })),
      of: { codes: ['666'], detail: HOSTILE, actor: 'account_owner' },
    }),
  'opened-unknown-code': () =>
    opened({ of: { codes: ['141099'], detail: 'Something new is the matter with this account.' } }),
  'opened-several-codes': () =>
    opened({ of: { codes: ['141006', '141010', '141014', '131000', '141000'] } }),
  'opened-provider-billed': () =>
    opened({
      billedBy: 'provider',
      of: { upstream: 'dialog360', actor: 'provider' },
    }),
  'opened-banned': () => opened({ of: { codes: ['141014'], detail: 'The WABA is banned.' } }),
  'opened-limited': () =>
    opened({
      of: {
        status: 'LIMITED',
        severity: 'warning',
        codes: ['messaging_limit_reached'],
        detail: 'Messaging limit reached',
        confirmation: { reads: 4, spanMs: 6 * MINUTE, channels: 1, byWebhook: false },
      },
      remindAt: null,
    }),
  'opened-calling': () =>
    opened({
      hit: 1,
      of: {
        cause: PHONE,
        capability: 'calling',
        severity: 'error',
        codes: ['138024'],
        actor: 'integrator',
        detail: 'WhatsApp Business calling cannot use SIP because it is not enabled',
      },
    }),
  'opened-over-midnight': () =>
    opened(
      { of: { beganAt: NIGHT - 3 * HOUR, lastGoodAt: NIGHT - 3 * HOUR - MINUTE } },
      { ...AT_NIGHT, zone: 'America/Argentina/Buenos_Aires' },
    ),
  'opened-last-year': () =>
    opened(
      { of: { beganAt: Date.UTC(2026, 11, 31, 23, 50), lastGoodAt: null }, remindAt: null },
      { ...AT_NIGHT, now: Date.UTC(2027, 0, 1, 0, 3) },
    ),
  'opened-clocks-changed-between': () => {
    const beganAt = Date.UTC(2026, 9, 25, 0, 30);
    return opened(
      { of: { beganAt, lastGoodAt: beganAt - MINUTE }, remindAt: beganAt + 4 * HOUR },
      { ...AT_NIGHT, now: beganAt + 2 * MINUTE },
    );
  },
  'opened-no-zone': () => opened({}, { ...AT_NIGHT, zone: null }),
  'opened-unknown-zone': () => opened({}, { ...AT_NIGHT, zone: 'Moon/Tranquility' }),
  'opened-only-labelled': () =>
    opened({
      labels: { customer: 'acme', tier: 'gold' },
      elsewhere: null,
      numbers: { affected: 12, ever: 12, total: 12 },
      channels: acmeNumbers(12),
    }),
  'opened-named-by-webhook': () =>
    opened({
      signals: ['webhook account_update'],
      of: { confirmation: { reads: 1, spanMs: 0, channels: 1, byWebhook: true } },
    }),
  'worse-limited-to-blocked': () => incidentMessage('incident.worse', view(), later(23 * MINUTE)),
  'reminder-after-4-hours': () =>
    incidentMessage('incident.reminder', view({ remindAt: NIGHT + 28 * HOUR }), later(4 * HOUR)),
  flapping: () =>
    incidentMessage(
      'incident.flapping',
      view({ opens: 4, of: { isFlapping: true } }),
      later(50 * MINUTE),
    ),
  'resolved-40-of-40': () =>
    incidentMessage('incident.resolved', view({ of: over() }), later(2 * HOUR + 28 * MINUTE)),
  'resolved-1-number': () =>
    incidentMessage(
      'incident.resolved',
      view({ hit: 1, of: over() }),
      later(2 * HOUR + 28 * MINUTE),
    ),
  'resolved-37-of-40': () =>
    incidentMessage(
      'incident.resolved',
      view({
        left: { recovered: 37, retired: 2, moved: 1 },
        of: over({
          acknowledgement: { at: NIGHT + HOUR, by: 'Ann', note: 'Acme adds a card.' },
        }),
      }),
      later(2 * HOUR + 28 * MINUTE),
    ),
  'resolved-but-held': () =>
    incidentMessage(
      'incident.resolved',
      view({ hit: 3, stillHeld: 1, elsewhere: { numbers: 7_997, incidents: 1 }, of: over() }),
      later(2 * HOUR + 28 * MINUTE),
    ),
  'resolved-1-number-but-held': () =>
    incidentMessage(
      'incident.resolved',
      view({ hit: 1, stillHeld: 1, elsewhere: { numbers: 7_999, incidents: 1 }, of: over() }),
      later(2 * HOUR + 28 * MINUTE),
    ),
  'resolved-8000': () =>
    incidentMessage(
      'incident.resolved',
      view({ hit: 8_000, left: null, of: over() }),
      later(2 * HOUR + 28 * MINUTE),
    ),
  'resolved-calling': () =>
    incidentMessage(
      'incident.resolved',
      view({ hit: 1, of: over({ capability: 'calling', cause: PHONE, codes: ['138024'] }) }),
      later(2 * HOUR + 28 * MINUTE),
    ),
  'resolved-after-days': () =>
    incidentMessage(
      'incident.resolved',
      view({ of: over({ endedAt: NIGHT + 6 * DAY, resolvedAt: NIGHT + 6 * DAY + 5 * MINUTE }) }),
      later(6 * DAY + 5 * MINUTE),
    ),
  'passed-before-it-was-told': () =>
    incidentMessage(
      'incident.passed',
      view({ of: over({ endedAt: NIGHT + 14 * MINUTE, resolvedAt: NIGHT + 19 * MINUTE }) }),
      later(20 * MINUTE),
    ),
  'ended-number-retired': () =>
    incidentMessage(
      'incident.ended',
      view({ hit: 1, left: { retired: 1 }, of: over({ resolution: 'gone' }) }),
      later(3 * HOUR),
    ),
  'ended-mixed': () =>
    incidentMessage(
      'incident.ended',
      view({ hit: 3, left: { removed: 2, paused: 1 }, of: over({ resolution: 'gone' }) }),
      later(3 * HOUR),
    ),
  'ended-closed-by-hand': () =>
    incidentMessage(
      'incident.ended',
      view({ closedBy: 'Ann', left: { manual: 40 }, of: over({ resolution: 'manual' }) }),
      later(3 * HOUR),
    ),
  'silence-ended-still-blocked': () =>
    incidentMessage('silence.ended', view({ remindAt: NIGHT + 28 * HOUR }), later(9 * HOUR)),
  'fleet-opened': () =>
    opened({
      hit: 412,
      causes: 38,
      of: {
        cause: { kind: 'fleet', type: null, ref: 'graph' },
        capability: null,
        codes: [],
        actor: 'unknown',
        detail: null,
        lastGoodAt: null,
        confirmation: { reads: 0, spanMs: 0, channels: 0, byWebhook: false },
      },
      channels: [],
    }),
  'fleet-over': () =>
    incidentMessage(
      'incident.resolved',
      view({
        hit: 412,
        causes: 38,
        channels: [],
        of: over({ cause: { kind: 'fleet', type: null, ref: 'graph' }, codes: [], detail: null }),
      }),
      later(3 * HOUR),
    ),
  'fleet-told-singly': () =>
    incidentMessage(
      'incident.ended',
      view({
        hit: 412,
        causes: 38,
        channels: [],
        left: {},
        of: over({
          cause: { kind: 'fleet', type: null, ref: 'graph' },
          codes: [],
          detail: null,
          resolution: 'gone',
        }),
      }),
      later(3 * HOUR),
    ),
  'opened-out-of-sight': () =>
    incidentMessage(
      'incident.reminder',
      view({ of: { unseenSince: NIGHT + HOUR } }),
      later(4 * HOUR),
    ),
  'ended-number-moved': () =>
    incidentMessage(
      'incident.ended',
      view({ hit: 1, left: { moved: 1 }, of: over({ resolution: 'gone' }) }),
      later(3 * HOUR),
    ),
  'sends-fail': () =>
    opened({
      hit: 1,
      remindAt: null,
      of: {
        cause: { kind: 'sends', type: 'PHONE_NUMBER', ref: '106540352242922' },
        severity: 'warning',
        codes: ['131042'],
        actor: 'account_owner',
        detail: '7 sends within 5 min ended with 131042',
        lastGoodAt: null,
        confirmation: { reads: 0, spanMs: 0, channels: 0, byWebhook: false },
      },
    }),
};
