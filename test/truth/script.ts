/**
 * What really happens, written down so that a person can check it: the truth that is replayed, and against which
 * everything that was told is held. Times are `2d 14:30`, the second day at half past two.
 */

/** A fleet: WABAs with so many numbers each, in business portfolios and on tokens of so many WABAs each. */
interface FleetTruth {
  readonly wabas: number;
  readonly numbersPerWaba: number;
  readonly wabasPerBusiness: number;
  readonly wabasPerToken: number;
}

/** `waba 3`, `business 1`, `number 17`: counted from 0. */
export type Subject = `${'waba' | 'business' | 'number'} ${number}`;

export type Happening =
  /** The subject says this word, with this code, from then until then. */
  | {
      readonly what: 'bad';
      readonly subject: Subject;
      readonly word: 'BLOCKED' | 'LIMITED';
      readonly code: string;
      readonly from: string;
      readonly until: string;
    }
  /** One read of one number says BLOCKED, and the next one does not. */
  | { readonly what: 'glitch'; readonly subject: Subject; readonly at: string }
  /** Blocked for so many minutes, fine for so many, so many times. */
  | {
      readonly what: 'flaps';
      readonly subject: Subject;
      readonly code: string;
      readonly from: string;
      readonly times: number;
      readonly badMinutes: number;
      readonly fineMinutes: number;
    }
  /** Meta answers nobody. */
  | {
      readonly what: 'outage';
      readonly failure: 'upstream_error' | 'timeout';
      readonly from: string;
      readonly until: string;
    }
  /** A token is asked too often. */
  | {
      readonly what: 'throttled';
      readonly token: number;
      readonly from: string;
      readonly until: string;
    }
  /** A token has expired, until somebody replaces it. */
  | {
      readonly what: 'expired';
      readonly token: number;
      readonly from: string;
      readonly until: string;
    }
  /** A number moves to another WABA of the same business. */
  | { readonly what: 'moved'; readonly subject: Subject; readonly to: number; readonly at: string };

export interface Script {
  readonly fleet: FleetTruth;
  readonly days: number;
  readonly happenings: readonly Happening[];
}

const CARD = '141006';
const BAN = '141014';
const UNVERIFIED = '141010';

/** Three days of sixty numbers. */
export const THREE_DAYS: Script = {
  fleet: { wabas: 20, numbersPerWaba: 3, wabasPerBusiness: 2, wabasPerToken: 7 },
  days: 3,
  happenings: [
    // A card fails in the night, and is mended in the morning.
    bad('waba 3', 'BLOCKED', CARD, '1d 02:47', '1d 05:10'),
    // Two causes at once, on the same numbers.
    bad('waba 5', 'BLOCKED', CARD, '1d 09:00', '1d 12:00'),
    bad('business 2', 'LIMITED', UNVERIFIED, '1d 10:00', '1d 18:00'),
    // One number alone.
    bad('number 40', 'BLOCKED', '141000', '1d 11:15', '1d 11:50'),
    // Answers that were wrong once.
    { what: 'glitch', subject: 'number 7', at: '1d 13:00' },
    { what: 'glitch', subject: 'number 8', at: '1d 13:01' },
    { what: 'glitch', subject: 'waba 9', at: '2d 16:20' },
    // Meta is away for a moment, for a while, and slow.
    { what: 'outage', failure: 'upstream_error', from: '1d 14:00', until: '1d 14:01' },
    { what: 'outage', failure: 'upstream_error', from: '1d 15:00', until: '1d 15:40' },
    { what: 'outage', failure: 'timeout', from: '2d 03:00', until: '2d 03:20' },
    // A block that begins while nobody can see it.
    bad('waba 11', 'BLOCKED', CARD, '1d 15:10', '1d 20:00'),
    // A token is throttled for some minutes, another one expires and is replaced.
    { what: 'throttled', token: 1, from: '1d 21:00', until: '1d 21:06' },
    { what: 'expired', token: 2, from: '2d 06:00', until: '2d 08:30' },
    // A card that works every other time.
    {
      what: 'flaps',
      subject: 'waba 13',
      code: CARD,
      from: '2d 10:00',
      times: 6,
      badMinutes: 3,
      fineMinutes: 9,
    },
    // Banned for good.
    bad('waba 17', 'BLOCKED', BAN, '2d 12:34', '3d 24:00'),
    // LIMITED for a few reads only: nothing to tell. Then LIMITED that becomes BLOCKED.
    bad('waba 1', 'LIMITED', '131000', '2d 14:00', '2d 14:03'),
    bad('waba 2', 'LIMITED', '131000', '2d 14:00', '2d 15:00'),
    bad('waba 2', 'BLOCKED', CARD, '2d 15:00', '2d 17:00'),
    // A number of a blocked WABA moves to one that is fine.
    bad('waba 6', 'BLOCKED', CARD, '2d 18:00', '2d 21:00'),
    { what: 'moved', subject: 'number 18', to: 7, at: '2d 19:00' },
    // The end of the month: cards fail one after the other.
    ...[0, 1, 3, 4, 5, 7, 8, 10, 12, 14, 15, 16].map((waba, at) =>
      bad(
        `waba ${waba}`,
        'BLOCKED',
        CARD,
        `3d 00:0${Math.floor(at / 2)}`,
        `3d 0${4 + (at % 3)}:30`,
      ),
    ),
  ],
};

/** A month of many numbers, from rules instead of a list. */
export function aMonthOf(numbers: number): Script {
  const wabas = Math.ceil(numbers / 5);
  const happenings: Happening[] = [];
  for (let day = 1; day <= 30; day += 1) {
    for (let no = 0; no < 6; no += 1) {
      const waba = (day * 37 + no * 11) % wabas;
      const hour = (day * 5 + no * 3) % 20;
      const until = `${day}d ${pad(hour + 1 + (no % 3))}:30`;
      happenings.push(
        bad(`waba ${waba}`, 'BLOCKED', no === 5 ? BAN : CARD, `${day}d ${pad(hour)}:12`, until),
      );
      happenings.push({
        what: 'glitch',
        subject: `number ${(day * 101 + no * 7) % numbers}`,
        at: `${day}d ${pad(no * 4)}:31`,
      });
    }
    if (day % 6 === 0) {
      happenings.push({
        what: 'outage',
        failure: 'upstream_error',
        from: `${day}d 21:00`,
        until: `${day}d 21:25`,
      });
    }
    if (day % 10 === 0) {
      happenings.push({
        what: 'expired',
        token: day % 7,
        from: `${day}d 22:00`,
        until: `${day}d 23:00`,
      });
    }
  }
  return {
    fleet: { wabas, numbersPerWaba: 5, wabasPerBusiness: 4, wabasPerToken: Math.ceil(wabas / 8) },
    days: 30,
    happenings,
  };
}

/** `2d 14:30` in ms from the beginning of the first day. */
export function msOf(time: string): number {
  const match = /^(\d+)d (\d\d):(\d\d)$/.exec(time);
  if (match === null) throw new Error(`a time is written "2d 14:30", not "${time}"`);
  const [day = 1, hours = 0, minutes = 0] = match.slice(1).map(Number);
  return ((day - 1) * 24 * 60 + hours * 60 + minutes) * 60_000;
}

function bad(
  subject: Subject,
  word: 'BLOCKED' | 'LIMITED',
  ...[code, from, until]: [string, string, string]
): Happening {
  return { what: 'bad', subject, word, code, from, until };
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
