import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceText } from '#cli/text/evidence-text.ts';
import type { Evidence } from '#cli/text/evidence-text.ts';
import { incidentText } from '#cli/text/incident-text.ts';
import type { IncidentStory } from '#cli/text/incident-text.ts';
import { PLAIN } from '#cli/text/style.ts';
import { decisionsText, whyText } from '#cli/text/why-text.ts';

const SCREEN = { style: PLAIN, width: 100, now: Date.UTC(2026, 10, 24, 2, 56) };
const SUPPORT = {
  id: 'ch_1',
  name: 'support',
  display_number: '+49 30 5550 101',
  verified_name: 'Acme',
};
// oxlint-disable-next-line no-control-regex -- control characters are what must not be there
const ACTIVE = /[\u0000-\u0009\u000b-\u001f\u202e]/;
const EVIL = '\u001b]0;title\u0007\u202e';

test('an incident says what, since when, how sure, what to do, who is hit and what happened', () => {
  assert.equal(
    incidentText(story(), SCREEN),
    `Incident 142  BLOCKED  WABA 102290129340398
Hit        40 numbers now BLOCKED, 41 in all since it began
Since      2026-11-24 02:47 UTC (8 min); last good 2026-11-24 02:46 UTC
Sure       3 reads over 1 min through 2 numbers
Says       Payment method failed.
Who        the owner of the WhatsApp account
State      open; acknowledged 2026-11-24 02:50 UTC by Ann ("asked them"); watched closely until
           2026-11-24 03:20 UTC

Why, and what to do
! The card was refused. (141006)
  Do (the owner of the WhatsApp account): Add a card. → https://business.facebook.com
  Earlier it was good 4 min to 40 min after somebody was at it (6 cases).

Numbers
  support (+49 30 5550 101, Acme)  since 2026-11-24 02:47 UTC  BLOCKED
  support (+49 30 5550 101, Acme)  since 2026-11-24 02:47 UTC  recovered 2026-11-24 02:52 UTC
  and 39 more

What happened
  2026-11-24 02:47:33 UTC  opened
  2026-11-24 02:50:00 UTC  acknowledged  support (+49 30 5550 101, Acme)  Ann: asked them

Deliveries, newest first
Since                 Incident  Receiver  What    State                                               Id
2026-11-24 02:47 UTC  142       ops       opened  delivered  taken 2026-11-24 02:47 UTC at attempt 2  dl_1`,
  );
});

test('an incident that has ended says until when and how', () => {
  const over = story();
  const text = incidentText(
    {
      ...over,
      incident: {
        ...over.incident,
        ended_at: '2026-11-24T02:52:00.000Z',
        resolved_at: '2026-11-24T02:57:00.000Z',
        resolution: 'recovered',
        acknowledgement: null,
      },
      deliveries: [],
    },
    SCREEN,
  );
  assert.match(text, /Since +2026-11-24 02:47 UTC until 2026-11-24 02:52 UTC \(4 min\)/);
  assert.match(text, /State +resolved 2026-11-24 02:57 UTC: recovered$/m);
  assert.match(text, /Nothing was to be told of it\.$/);
});

test('why tells each decision with its reason, and what would be decided where there is none', () => {
  const [delivery] = story().deliveries;
  assert.ok(delivery);
  const attempts = [
    {
      at: '2026-11-24T02:47:34.000Z',
      took_ms: 5_000,
      outcome: 'transient',
      status: 503,
      detail: 'It answered 503.',
    },
  ];
  const receiver = { id: 'rcv_2', name: 'night' };
  const dry_run = {
    receiver,
    urgency: 'page',
    is_told: false,
    state: 'withheld',
    rule: null,
    reason: 'What is LIMITED wakes nobody.',
  };
  assert.equal(
    whyText(
      [
        {
          receiver: { id: 'rcv_1', name: 'ops' },
          deliveries: [
            { ...delivery, attempts },
            { ...delivery, state: 'withheld', reason: 'Silenced by Ann.', attempts: [] },
          ],
          left_out: 3,
          dry_run: null,
        },
        { receiver, deliveries: [], left_out: 0, dry_run },
      ],
      SCREEN,
    ),
    `ops
  3 older decisions are not listed here.
  2026-11-24 02:47:33 UTC  opened: delivered, taken 2026-11-24 02:47 UTC at attempt 2. Why: The
    default rule: it is notified of everything.
    2026-11-24 02:47:34 UTC  failed for now  503  5000 ms  It answered 503.
  2026-11-24 02:47:33 UTC  opened: withheld. Silenced by Ann.

night
  Nothing was decided about it yet. It would not be told: What is LIMITED wakes nobody.`,
  );
  assert.equal(
    decisionsText([dry_run], 100),
    'night (page) does not hear: What is LIMITED wakes nobody.',
  );
});

test('evidence is a text with ids, times, traces and whole answers', () => {
  const text = evidenceText(evidence());
  assert.match(text, /^Evidence about incident 142\. All times are UTC\.$/m);
  assert.match(text, /About +WABA 102290129340398/);
  assert.match(text, /Phone number id +106540352242922/);
  assert.match(text, /AVAILABLE → BLOCKED +trace AbC123 +v26\.0 +body 0123456789ab$/m);
  assert.match(text, /SHA-256 0123456789abcdef\n\{"health_status": \{\}\}/);
  assert.doesNotMatch(text, /Labels/);
  const labelled = evidence({ labels: { tier: 'gold' } });
  assert.match(evidenceText(labelled), /Labels +tier=gold/);
});

test('whatever was said or named is shown without effect on the terminal', () => {
  const plain = story();
  const hostile: IncidentStory = JSON.parse(
    JSON.stringify(plain).replaceAll(
      /"(Acme|Ann|opened|Payment method failed\.|141006|ops|WABA|asked them|The card was refused\.|Add a card\.|open|delivered)"/g,
      JSON.stringify(EVIL),
    ),
  );
  assert.doesNotMatch(incidentText(hostile, SCREEN), ACTIVE);
  const receiver = { id: EVIL, name: EVIL };
  const dry_run = { receiver, urgency: EVIL, is_told: true, state: EVIL, rule: EVIL, reason: EVIL };
  const deliveries = hostile.deliveries.map((one) => ({
    ...one,
    state: EVIL,
    reason: EVIL,
    attempts: [{ at: one.created_at, took_ms: 1, outcome: EVIL, status: 1, detail: EVIL }],
  }));
  const items = [
    { receiver, deliveries, left_out: 0, dry_run: null },
    { receiver, deliveries: [], left_out: 0, dry_run },
  ];
  assert.doesNotMatch(whyText(items, SCREEN), ACTIVE);
  assert.doesNotMatch(decisionsText([dry_run], 100), ACTIVE);
  const bundle = evidence({ channel: EVIL, display_number: EVIL, labels: { [EVIL]: EVIL } });
  const body = { hash: '0', text: `{"a": "${EVIL}"}\r\n` };
  assert.doesNotMatch(evidenceText({ ...bundle, bodies: [body] }), ACTIVE);
});

function story(): IncidentStory {
  const at = '2026-11-24T02:47:33.000Z';
  const member = {
    channel: SUPPORT,
    status: 'BLOCKED',
    joined_at: at,
    first_bad_at: '2026-11-24T02:47:03.000Z',
    worked: true,
    replaced: 'AVAILABLE',
    left_at: null,
    left_reason: null,
  };
  return {
    incident: incident(),
    members: [member, { ...member, left_at: '2026-11-24T02:52:00.000Z', left_reason: 'recovered' }],
    events: [
      { at, kind: 'opened', channel: null, by: null, detail: null },
      {
        at: '2026-11-24T02:50:00.000Z',
        kind: 'acknowledged',
        channel: SUPPORT,
        by: 'Ann',
        detail: 'asked them',
      },
    ],
    hasMoreEvents: false,
    deliveries: [
      {
        id: 'dl_1',
        incident: { id: 'inc_1', number: 142 },
        receiver: { id: 'rcv_1', name: 'ops' },
        kind: 'opened',
        seq: 0,
        urgency: 'page',
        severity: 'critical',
        state: 'delivered',
        reason: 'The default rule: it is notified of everything.',
        rule: 'default',
        labels: null,
        created_at: at,
        next_at: null,
        attempts_made: 2,
        delivered_at: '2026-11-24T02:47:40.000Z',
        merged_into: null,
      },
    ],
  };
}

function incident(): IncidentStory['incident'] {
  return {
    id: 'inc_1',
    number: 142,
    cause: { kind: 'entity', type: 'WABA', id: '102290129340398', name: null },
    capability: 'messaging',
    upstream: 'graph',
    status: 'BLOCKED',
    severity: 'critical',
    codes: ['141006'],
    actor: 'account_owner',
    detail: 'Payment method failed.',
    began_at: '2026-11-24T02:47:03.000Z',
    opened_at: '2026-11-24T02:47:33.000Z',
    last_good_at: '2026-11-24T02:46:03.000Z',
    confirmation: { reads: 3, span_seconds: 62, channels: 2, by_webhook: false },
    is_baseline: false,
    is_flapping: false,
    inhibited_by: null,
    gather_until: null,
    acknowledgement: { at: '2026-11-24T02:50:00.000Z', by: 'Ann', note: 'asked them' },
    watch_until: '2026-11-24T03:20:00.000Z',
    unseen_since: null,
    ended_at: null,
    resolved_at: null,
    resolution: null,
    numbers: { affected: 40, ever: 41 },
    findings: [
      {
        code: '141006',
        meaning: 'The card was refused.',
        known: true,
        actor: 'account_owner',
        remedy: { text: 'Add a card.', link: 'https://business.facebook.com' },
        earlier: { from_seconds: 240, to_seconds: 2_400, cases: 6 },
      },
    ],
  };
}

function evidence(about: Partial<Evidence['members'][number]> = {}): Evidence {
  const { numbers, ...told } = incident();
  const { began_at } = told;
  return {
    made_at: '2026-11-24T02:56:00.000Z',
    incident: { ...told, numbers },
    members: [
      {
        channel: 'support',
        display_number: '+49 30 5550 101',
        phone_number_id: '106540352242922',
        waba_id: '102290129340398',
        business_id: null,
        app_id: null,
        labels: null,
        status: 'BLOCKED',
        first_bad_at: began_at,
        left_at: null,
        left_reason: null,
        reads: [
          {
            at: began_at,
            what: 'verdict:messaging',
            code: null,
            was: 'AVAILABLE',
            is: 'BLOCKED',
            detail: null,
            started_at: began_at,
            trace_id: 'AbC123',
            version: 'v26.0',
            body_before: null,
            body_after: '0123456789abcdef',
          },
        ],
        ...about,
      },
    ],
    members_left_out: 0,
    bodies: [{ hash: '0123456789abcdef', text: '{"health_status": {}}' }],
    bodies_left_out: 0,
  };
}
