/** Messages about what cannot be seen and about trouble to come, each of which has a golden file. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Message } from '#domain/telling/message.ts';
import { incidentMessage } from '#domain/telling/texts/incident-message.ts';
import { MINUTE, NIGHT } from '#test/domain/samples.ts';
import { acmeNumbers, AT_NIGHT, HOUR, later, over, view } from './samples.ts';

const NO_READ = { reads: 0, spanMs: 0, channels: 0, byWebhook: false };

const BLIND: Partial<Incident> = {
  capability: null,
  status: 'UNKNOWN',
  severity: 'error',
  beganAt: NIGHT - 16 * MINUTE,
  lastGoodAt: NIGHT - 17 * MINUTE,
  codes: ['credential_rejected'],
  actor: 'integrator',
};

const KEY: Partial<Incident> = {
  ...BLIND,
  cause: { kind: 'credential', type: null, ref: 'cr_orders' },
  upstream: 'dialog360',
  detail: '360dialog answered 401: Invalid api key.',
  confirmation: { reads: 2, spanMs: 5_000, channels: 1, byWebhook: false },
};

const TOKEN: Partial<Incident> = {
  ...BLIND,
  cause: { kind: 'credential', type: null, ref: 'cr_acme' },
  detail: 'Meta does not take the token: the session has been invalidated (190/460).',
  confirmation: { reads: 2, spanMs: 5_000, channels: 1, byWebhook: false },
};

const UNREADABLE: Partial<Incident> = {
  ...BLIND,
  cause: { kind: 'unreadable', type: null, ref: 'cr_acme/102290129340398' },
  codes: ['not_found_or_forbidden'],
  detail: 'Meta says that there is no such object, or that the token may not see it (100/33).',
  confirmation: { reads: 2, spanMs: 5_000, channels: 2, byWebhook: false },
};

const UPSTREAM: Partial<Incident> = {
  ...BLIND,
  cause: { kind: 'upstream', type: null, ref: 'graph' },
  codes: [],
  actor: 'nobody',
  detail: 'Meta does not answer reads.',
  lastGoodAt: null,
  confirmation: NO_READ,
};

const KNOWN = { AVAILABLE: 2_688, LIMITED: 0, BLOCKED: 12, UNKNOWN: 0 };

function warning(type: string, about: Partial<Incident>): Partial<Incident> {
  return {
    cause: { kind: 'warning', type, ref: 'ch_0' },
    capability: null,
    status: 'UNKNOWN',
    severity: 'warning',
    lastGoodAt: null,
    confirmation: NO_READ,
    ...about,
  };
}

const opened = (about: Parameters<typeof view>[0]) =>
  incidentMessage('incident.opened', view({ remindAt: null, ...about }), AT_NIGHT);

const resolved = (about: Parameters<typeof view>[0]) =>
  incidentMessage('incident.resolved', view(about), later(2 * HOUR + 28 * MINUTE));

export const BLIND_CASES: Readonly<Record<string, () => Message>> = {
  'credential-360dialog-key': () =>
    opened({
      hit: 1,
      of: KEY,
      name: 'orders',
      lastKnown: { AVAILABLE: 1, LIMITED: 0, BLOCKED: 0, UNKNOWN: 0 },
    }),
  'credential-360dialog-disabled': () =>
    opened({
      hit: 1,
      of: { ...KEY, codes: ['account_disabled'], detail: 'Account is disabled, unpaid invoice.' },
      name: 'orders',
    }),
  'credential-graph-token': () =>
    opened({
      of: TOKEN,
      name: 'acme-main',
      lastKnown: { AVAILABLE: 38, LIMITED: 1, BLOCKED: 1, UNKNOWN: 0 },
    }),
  'credential-graph-token-1-number': () => opened({ hit: 1, of: TOKEN, name: 'acme-main' }),
  'credential-graph-token-again': () => resolved({ of: over(TOKEN), name: 'acme-main' }),
  'credential-360dialog-key-again': () => resolved({ hit: 1, of: over(KEY), name: 'orders' }),
  'cannot-see-waba': () =>
    opened({
      of: UNREADABLE,
      name: 'acme-main',
      lastKnown: { AVAILABLE: 40, LIMITED: 0, BLOCKED: 0, UNKNOWN: 0 },
    }),
  'cannot-see-1-number': () =>
    opened({
      hit: 1,
      name: 'acme-main',
      of: {
        ...UNREADABLE,
        cause: { kind: 'unreadable', type: null, ref: 'cr_acme/ch_0' },
        codes: ['malformed_answer'],
        detail: 'Meta answered with something that is no JSON.',
        confirmation: { reads: 2, spanMs: 5_000, channels: 1, byWebhook: false },
      },
    }),
  'cannot-see-waba-again': () => resolved({ of: over(UNREADABLE), name: 'acme-main' }),
  'cannot-see-upstream': () => opened({ hit: 2_700, of: UPSTREAM, channels: [], lastKnown: KNOWN }),
  'cannot-see-upstream-worse': () =>
    incidentMessage(
      'incident.worse',
      view({
        hit: 4_100,
        of: { ...UPSTREAM, severity: 'critical' },
        channels: [],
        lastKnown: { ...KNOWN, AVAILABLE: 4_000, LIMITED: 88 },
        remindAt: null,
      }),
      later(30 * MINUTE),
    ),
  'cannot-see-upstream-again': () => resolved({ hit: 2_700, of: over(UPSTREAM), channels: [] }),
  'this-server-sees-nothing': () =>
    opened({
      hit: 8_000,
      elsewhere: null,
      of: {
        ...UPSTREAM,
        cause: { kind: 'server', type: null, ref: null },
        actor: 'integrator',
        upstream: null,
        detail: 'This server reaches nobody that it asks.',
      },
      channels: [],
      lastKnown: { ...KNOWN, UNKNOWN: 3 },
    }),
  'warning-quality-red': () =>
    opened({
      hit: 1,
      of: warning('quality', {
        codes: ['GREEN>RED'],
        detail: 'The quality rating fell from GREEN to RED.',
      }),
    }),
  'warning-quality-over': () =>
    resolved({ hit: 1, of: over(warning('quality', { codes: ['GREEN>RED'], detail: null })) }),
  'warning-flagged': () =>
    opened({
      hit: 1,
      of: warning('status', {
        codes: ['CONNECTED>FLAGGED'],
        detail: "Meta set the number's status to FLAGGED.",
      }),
    }),
  'warning-restricted': () =>
    opened({ hit: 1, of: warning('status', { codes: ['CONNECTED>RESTRICTED'], detail: null }) }),
  'warning-banned': () =>
    opened({ hit: 1, of: warning('status', { codes: ['CONNECTED>BANNED'], detail: null }) }),
  'warning-lower-limit': () =>
    opened({
      of: warning('messaging_limit', {
        cause: { kind: 'warning', type: 'messaging_limit', ref: '506914307656634' },
        codes: ['TIER_10K>TIER_2K'],
        detail: 'The messaging limit was lowered from TIER_10K to TIER_2K.',
      }),
    }),
  'warning-token-ends': () =>
    opened({
      numbers: { affected: 0, ever: 0, total: 40 },
      channels: [],
      name: 'acme-main',
      of: warning('credential_expiring', {
        cause: { kind: 'warning', type: 'credential_expiring', ref: 'cr_acme' },
        codes: ['expired'],
        actor: 'integrator',
        detail: 'It ends 2026-12-01T00:00:00Z.',
      }),
    }),
  'warning-token-lacks-permission': () =>
    opened({
      numbers: { affected: 0, ever: 0, total: 40 },
      channels: [],
      name: 'acme-main',
      of: warning('scope_missing', {
        cause: { kind: 'warning', type: 'scope_missing', ref: 'cr_acme' },
        codes: ['whatsapp_business_management'],
        actor: 'integrator',
        detail: 'It lacks the permission whatsapp_business_management.',
      }),
    }),
  'warning-webhook-lost': () =>
    opened({
      hit: 1,
      of: warning('webhook', {
        upstream: 'dialog360',
        codes: ['lost'],
        actor: 'integrator',
        detail:
          'The webhook of the number is no longer set: incoming messages reach nobody, unless one is set for the account.',
      }),
    }),
  'receiver-broken': () =>
    opened({
      numbers: { affected: 0, ever: 0, total: 0 },
      channels: [],
      elsewhere: null,
      name: 'ops-slack',
      of: warning('x', {
        cause: { kind: 'receiver', type: null, ref: 'rcv_ops' },
        codes: [],
        actor: 'integrator',
        detail: 'Slack answered 404: no_team.',
      }),
    }),
  'receiver-works-again': () =>
    resolved({
      numbers: { affected: 0, ever: 0, total: 0 },
      channels: acmeNumbers(0),
      name: 'ops-slack',
      elsewhere: null,
      of: over(
        warning('x', {
          cause: { kind: 'receiver', type: null, ref: 'rcv_ops' },
          codes: [],
          detail: null,
        }),
      ),
    }),
};
