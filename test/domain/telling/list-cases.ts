/** Messages about several incidents, about the week, and about nothing: each has a golden file. */
import type { Message } from '#domain/telling/message.ts';
import type { DigestView } from '#domain/telling/texts/digest.ts';
import { digestMessage } from '#domain/telling/texts/digest.ts';
import { incidentMessage } from '#domain/telling/texts/incident-message.ts';
import type { IncidentView } from '#domain/telling/texts/incident-view.ts';
import type { ListView } from '#domain/telling/texts/list-message.ts';
import {
  baselineMessage,
  silenceEndedMessage,
  summaryMessage,
} from '#domain/telling/texts/list-message.ts';
import { trialMessage } from '#domain/telling/texts/trial-message.ts';
import { MINUTE, NIGHT } from '#test/domain/samples.ts';
import { acmeNumbers, AT_NIGHT, DAY, HOUR, later, over, PAGE, view } from './samples.ts';

const COMMAND = 'waba-health incidents list --state open';

const UMBRELLA = view({
  hit: 1,
  channels: acmeNumbers(1, 'Umbrella'),
  of: {
    number: 143,
    actor: 'integrator',
    codes: ['141000'],
    beganAt: NIGHT - 6 * DAY,
    isBaseline: true,
  },
});
const INITECH = view({
  hit: 11,
  channels: acmeNumbers(11, 'Initech'),
  of: { number: 144, status: 'LIMITED', severity: 'warning', codes: ['141010'], ...over() },
  left: { recovered: 11 },
});
const BEFORE = view({ of: { isBaseline: true, lastGoodAt: null } });
const INITECH_BEFORE = view({
  hit: 11,
  channels: acmeNumbers(11, 'Initech'),
  of: { number: 144, status: 'LIMITED', isBaseline: true, codes: ['141010'] },
});
const UNSEEN = view({
  hit: 3,
  name: 'umbrella',
  channels: acmeNumbers(3, 'Umbrella'),
  of: {
    number: 145,
    cause: { kind: 'credential', type: null, ref: 'cr_umbrella' },
    capability: null,
    status: 'UNKNOWN',
    severity: 'error',
    actor: 'integrator',
    detail: null,
  },
});
const TAKEN = view({
  of: {
    number: 139,
    acknowledgement: { at: NIGHT - 4 * DAY, by: 'Ann', note: null },
    beganAt: NIGHT - 5 * DAY,
  },
});
const QUALITY = view({
  hit: 1,
  of: {
    number: 140,
    cause: { kind: 'warning', type: 'quality', ref: 'ch_0' },
    capability: null,
    codes: ['GREEN>RED'],
  },
});

function list(incidents: readonly IncidentView[], about: Partial<ListView> = {}): ListView {
  return { incidents, total: incidents.length, numbers: 52, command: COMMAND, ...about };
}

const none = { first: [], total: 0 };

const WELL: DigestView = {
  from: NIGHT - 7 * DAY,
  until: NIGHT,
  fleet: { AVAILABLE: 8_000, LIMITED: 0, BLOCKED: 0, UNKNOWN: 0 },
  blocked: none,
  unseen: none,
  acknowledged: none,
  warnings: none,
  expiring: [],
  silences: [],
  unwatched: { count: 0, isMore: false },
  deadDeliveries: 0,
  week: { opened: 0, over: 0, longestMs: null, isMore: false },
};

export const LIST_CASES: Readonly<Record<string, () => Message>> = {
  'baseline-recovered': () =>
    incidentMessage(
      'incident.resolved',
      view({ of: over({ isBaseline: true, lastGoodAt: null }) }),
      later(3 * HOUR),
    ),
  baseline: () => baselineMessage(list([BEFORE, UMBRELLA, INITECH_BEFORE]), AT_NIGHT, 'dl_1'),
  'baseline-many': () =>
    baselineMessage(
      list(
        Array.from({ length: 8 }, () => view({ place: PAGE })),
        { total: 500, numbers: null },
      ),
      AT_NIGHT,
      'dl_1',
    ),
  'summary-of-12': () =>
    summaryMessage(
      list([view(), UMBRELLA, INITECH, UNSEEN, view(), view(), view(), view()], { total: 12 }),
      later(10 * MINUTE),
      'dl_1',
    ),
  'summary-of-3': () => summaryMessage(list([view(), UMBRELLA, INITECH]), later(3 * HOUR), 'dl_1'),
  'silence-ended': () =>
    silenceEndedMessage(list([view(), UMBRELLA]), later(9 * HOUR), {
      id: 'sil_1',
      author: 'Ann',
      reason: 'Acme moves to another provider.',
    }),
  'digest-all-well': () => digestMessage(WELL, AT_NIGHT),
  'digest-everything': () =>
    digestMessage(
      {
        ...WELL,
        fleet: { AVAILABLE: 7_948, LIMITED: 11, BLOCKED: 41, UNKNOWN: 3 },
        blocked: { first: [TAKEN, UMBRELLA, view()], total: 7 },
        unseen: { first: [UNSEEN], total: 1 },
        acknowledged: { first: [TAKEN], total: 1 },
        warnings: { first: [QUALITY], total: 1 },
        expiring: [
          { name: 'acme-main', endsAt: NIGHT + 9 * DAY },
          { name: 'umbrella', endsAt: NIGHT + 12 * DAY },
        ],
        silences: [{ author: 'Ann', reason: 'Acme moves.', endsAt: NIGHT + 2 * DAY }],
        unwatched: { count: 500, isMore: true },
        deadDeliveries: 2,
        week: { opened: 14, over: 12, longestMs: 2 * HOUR + 23 * MINUTE, isMore: false },
      },
      AT_NIGHT,
    ),
  'digest-only-dead-deliveries': () =>
    digestMessage(
      {
        ...WELL,
        fleet: null,
        deadDeliveries: 1,
        week: { opened: 500, over: 499, longestMs: 6 * DAY, isMore: true },
      },
      AT_NIGHT,
    ),
  trial: () => trialMessage({ name: 'ops-slack' }, AT_NIGHT, 'dl_1'),
};
