/** What may happen to a small fleet, as plain values: the model and the implementation are told the same. */
import fc from 'fast-check';
import type { FailureCode } from '#domain/failure.ts';

/**
 * Five numbers, two accounts, one portfolio and one aggregate are nine causes: one less than make a storm,
 * which would tell of all of them as one.
 */
export const CHANNELS_MAX = 5;
/** The only channel whose answers may leave all words to Meta's aggregate. */
export const AGGREGATED = 0;

export const TYPES = ['PHONE_NUMBER', 'WABA', 'BUSINESS'] as const;
export type EntityType = (typeof TYPES)[number];

/** What is said of sending, and whether a reason is given. */
export interface Word {
  readonly word: string;
  readonly hasCode: boolean;
}

export const FINE: Word = { word: 'AVAILABLE', hasCode: false };

/** How one answer differs from what is so: an entity that it leaves out, or of which it says something else. */
export interface Slip {
  readonly missing: EntityType | null;
  readonly instead: { readonly type: EntityType; readonly said: Word } | null;
}

export type Step =
  /** From now on every answer says this of it; `which` is the number, or the account. */
  | {
      readonly kind: 'turn';
      readonly type: EntityType;
      readonly which: number;
      readonly said: Word;
    }
  /** From now on a number says this of calling; null: nothing. */
  | { readonly kind: 'calls'; readonly which: number; readonly word: string | null }
  /** From now on only Meta's aggregate says anything about sending; null: the entities do again. */
  | { readonly kind: 'aggregate'; readonly word: string | null }
  | { readonly kind: 'read'; readonly which: number; readonly slip: Slip }
  /** So many rounds of reading all that is watched, so far apart. */
  | { readonly kind: 'live'; readonly rounds: number; readonly seconds: number }
  | { readonly kind: 'fail'; readonly which: number; readonly code: FailureCode }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'pause' | 'resume' | 'remove' | 'move'; readonly which: number }
  | { readonly kind: 'resolve' | 'acknowledge'; readonly which: number }
  /** The look at what turned outdated. */
  | { readonly kind: 'round' };

const which = fc.nat(CHANNELS_MAX - 1);
const word = fc.constantFrom('BLOCKED', 'BLOCKED', 'LIMITED', 'AVAILABLE', 'AVAILABLE', 'DREAMING');
const said = fc.record({ word, hasCode: fc.boolean() });
const type = fc.constantFrom(...TYPES);
const slip: fc.Arbitrary<Slip> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ missing: null, instead: null }) },
  { weight: 1, arbitrary: type.map((missing) => ({ missing, instead: null })) },
  {
    weight: 2,
    arbitrary: fc.record({
      missing: fc.constant(null),
      instead: fc.record({ type, said }),
    }),
  },
);
const seconds = fc.constantFrom(3, 10, 30, 31, 60, 120, 300, 301, 601, 1_800, 3_600, 7_200, 90_000);

function about<K extends string>(...kinds: readonly K[]) {
  return fc.record({ kind: fc.constantFrom(...kinds), which });
}

/** One step; those that incidents come and go by are the most frequent. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('turn' as const), type, which, said }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('calls' as const),
      which,
      word: fc.option(word),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('aggregate' as const),
      word: fc.option(word),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), which, slip }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('live' as const),
      rounds: fc.integer({ min: 1, max: 4 }),
      seconds: fc.constantFrom(20, 30, 60, 120, 300),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      which,
      code: fc.constantFrom<FailureCode>(
        'upstream_error',
        'credential_rejected',
        'credential_rejected',
        'not_found_or_forbidden',
        'account_disabled',
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds }) },
  { weight: 2, arbitrary: about('pause', 'resume') },
  { weight: 1, arbitrary: about('remove', 'move') },
  { weight: 1, arbitrary: about('resolve', 'acknowledge') },
  { weight: 2, arbitrary: fc.constant({ kind: 'round' as const }) },
);
