/** Histories that chance finds too rarely, each with what once went wrong in it. */
import { NO_SLIP } from './answers.ts';
import type { Slip, Step } from './steps.ts';
import { FINE } from './steps.ts';

const CARD = { word: 'BLOCKED', hasCode: true };
const SILENT = { word: 'BLOCKED', hasCode: false };
const LIMITED = { word: 'LIMITED', hasCode: true };

const SAYS_BLOCKED: Slip = { missing: null, instead: { type: 'WABA', said: CARD } };

const read = (which: number): Step => ({ kind: 'read', which, slip: NO_SLIP });
const live = (rounds: number, seconds: number): Step => ({ kind: 'live', rounds, seconds });
const pass = (seconds: number): Step => ({ kind: 'pass', seconds });
const waba = (said: typeof CARD): Step => ({ kind: 'turn', type: 'WABA', which: 0, said });
const rejected: Step = { kind: 'fail', which: 0, code: 'credential_rejected' };
const failed: Step = { kind: 'fail', which: 0, code: 'upstream_error' };
const flap: readonly Step[] = [waba(CARD), live(2, 31), waba(FINE), live(4, 120)];

export const HISTORIES: Readonly<Record<string, readonly Step[]>> = {
  'every limit is met to the second': [
    live(1, 60),
    waba(CARD),
    read(0),
    pass(29),
    read(0),
    pass(1),
    read(0),
    waba(FINE),
    read(0),
    pass(299),
    read(0),
    pass(1),
    read(0),
    waba(LIMITED),
    read(0),
    pass(300),
    read(0),
    pass(1),
    read(0),
    waba(FINE),
    read(0),
    pass(601),
    read(0),
    pass(299),
    read(0),
    pass(1),
    read(0),
  ],
  'a number without a reason mirrors its account': [
    live(1, 60),
    { kind: 'turn', type: 'PHONE_NUMBER', which: 0, said: SILENT },
    waba(CARD),
    live(3, 31),
    waba(LIMITED),
    live(3, 31),
    waba(FINE),
    live(4, 120),
  ],
  'the key is rejected again before it has recovered': [
    live(1, 60),
    rejected,
    pass(10),
    rejected,
    read(0),
    pass(60),
    rejected,
    pass(10),
    rejected,
    pass(300),
    read(0),
    pass(301),
    read(0),
  ],
  'the aggregate was bad, and entities that speak again are well': [
    live(1, 60),
    { kind: 'aggregate', word: 'BLOCKED' },
    live(3, 31),
    { kind: 'aggregate', word: null },
    live(4, 120),
  ],
  'the aggregate was bad, and so is an entity that speaks in its place': [
    live(1, 60),
    { kind: 'aggregate', word: 'BLOCKED' },
    live(3, 31),
    waba(CARD),
    { kind: 'aggregate', word: null },
    live(3, 31),
    waba(FINE),
    live(4, 120),
  ],
  'a number could not be read from its first day on': [
    failed,
    pass(601),
    failed,
    { kind: 'round' },
    read(0),
    pass(301),
    read(0),
  ],
  'a word that nobody knows was the last that was seen': [
    waba({ word: 'DREAMING', hasCode: false }),
    live(1, 60),
    failed,
    pass(601),
    { kind: 'round' },
    waba(FINE),
    live(4, 120),
  ],
  'another number than the sentinel finds it blocked': [
    live(1, 60),
    waba(LIMITED),
    live(4, 120),
    { kind: 'read', which: 2, slip: SAYS_BLOCKED },
    pass(31),
    { kind: 'read', which: 2, slip: SAYS_BLOCKED },
  ],
  'a paused number is read and resumed while it is as bad as before': [
    live(1, 60),
    waba(CARD),
    live(3, 31),
    { kind: 'pause', which: 0 },
    read(0),
    { kind: 'resume', which: 0 },
    live(2, 31),
    waba(FINE),
    live(4, 120),
    { kind: 'pause', which: 0 },
    { kind: 'resume', which: 0 },
    read(0),
  ],
  'it comes back again and again': [live(1, 60), ...flap, ...flap, ...flap, ...flap, ...flap],
  'it is watched closely, its sentinel goes, and it is closed by hand': [
    live(1, 60),
    waba(LIMITED),
    live(4, 120),
    { kind: 'acknowledge', which: 0 },
    { kind: 'move', which: 0 },
    live(2, 60),
    { kind: 'resolve', which: 0 },
    live(3, 120),
    waba(FINE),
    live(1, 60),
    waba(CARD),
    live(2, 31),
  ],
};
