/** What becomes of a profile from read to read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  EMPTY_PROFILE,
  PROFILE_FIELDS,
  digitsOf,
  isCoexistence,
  profileAfter,
  profileChanges,
} from '#domain/profile.ts';
import type { Profile } from '#domain/profile.ts';

const SUPPORT: Profile = {
  displayNumber: '+49 30 1234',
  verifiedName: 'Acme Support',
  nameStatus: 'APPROVED',
  quality: 'GREEN',
  messagingLimit: 'TIER_10K',
  status: 'CONNECTED',
  throughput: 'STANDARD',
  accountMode: 'LIVE',
  isOnBizApp: false,
  platformType: 'CLOUD_API',
  webhook: {
    application: 'https://hooks.example/a',
    waba: null,
    number: null,
    numberAskedAt: null,
  },
};

test('a rating that is known outlives one that is not', () => {
  const cases: readonly (readonly [string | null, string | null, string | null])[] = [
    ['GREEN', 'YELLOW', 'YELLOW'],
    ['RED', 'GREEN', 'GREEN'],
    ['RED', 'NA', 'RED'],
    ['RED', 'UNKNOWN', 'RED'],
    ['RED', null, 'RED'],
    [null, 'NA', 'NA'],
    [null, null, null],
    ['NA', 'UNKNOWN', 'NA'],
    ['NA', 'GREEN', 'GREEN'],
    ['GREEN', 'PURPLE', 'PURPLE'],
  ];
  for (const [known, seen, expected] of cases) {
    const after = profileAfter({ ...SUPPORT, quality: known }, { ...SUPPORT, quality: seen });
    assert.equal(after.quality, expected, `${known} then ${seen}`);
  }
});

test('the first read is taken as it is', () => {
  assert.deepEqual(profileAfter(null, { ...SUPPORT, quality: 'NA' }), {
    ...SUPPORT,
    quality: 'NA',
  });
});

test('what a read does not report stays as it was', () => {
  assert.deepEqual(profileAfter(SUPPORT, EMPTY_PROFILE), SUPPORT);
});

test('what a read reports replaces what was known, false included', () => {
  const before = { ...SUPPORT, isOnBizApp: true };
  const seen = { ...EMPTY_PROFILE, isOnBizApp: false, status: 'FLAGGED' };
  assert.deepEqual(profileAfter(before, seen), { ...SUPPORT, status: 'FLAGGED' });
});

function webhookAt(number: string | null, numberAskedAt: number | null): Profile {
  return { ...SUPPORT, webhook: { ...SUPPORT.webhook, number, numberAskedAt } };
}

test('once the setting at 360dialog is known, only another look at it changes it', () => {
  const known = webhookAt('https://a.example/… #1', 1);
  assert.deepEqual(profileAfter(webhookAt('https://meta.example/', null), known), known);
  assert.deepEqual(profileAfter(known, webhookAt('https://meta.example/', null)), known);
  assert.deepEqual(profileAfter(known, webhookAt('none', 2)), webhookAt('none', 2));
});

test('changes name the field and both values', () => {
  const after: Profile = {
    ...SUPPORT,
    quality: 'YELLOW',
    messagingLimit: 'TIER_2K',
    isOnBizApp: true,
    webhook: { ...SUPPORT.webhook, number: 'https://elsewhere.example/' },
  };
  assert.deepEqual(profileChanges(SUPPORT, after), [
    { field: 'quality', was: 'GREEN', is: 'YELLOW' },
    { field: 'messaging_limit', was: 'TIER_10K', is: 'TIER_2K' },
    { field: 'is_on_biz_app', was: 'false', is: 'true' },
    { field: 'webhook_number', was: null, is: 'https://elsewhere.example/' },
  ]);
  assert.deepEqual(profileChanges(SUPPORT, SUPPORT), []);
});

test('every field of a profile is seen changing', () => {
  const fields = profileChanges(EMPTY_PROFILE, {
    ...SUPPORT,
    webhook: { application: 'a', waba: 'b', number: 'c', numberAskedAt: null },
  });
  assert.deepEqual(
    fields.map(({ field }) => field),
    [...PROFILE_FIELDS],
  );
});

test('a number is in coexistence when app and Cloud API have it both', () => {
  const cases: readonly (readonly [boolean | null, string | null, boolean])[] = [
    [true, 'CLOUD_API', true],
    [true, 'NOT_APPLICABLE', false],
    [true, null, false],
    [false, 'CLOUD_API', false],
    [null, 'CLOUD_API', false],
  ];
  for (const [isOnBizApp, platformType, expected] of cases) {
    assert.equal(isCoexistence({ ...SUPPORT, isOnBizApp, platformType }), expected);
  }
});

test('a display number is compared by its digits', () => {
  for (const [text, digits] of [
    ['+49 30 1234', '49301234'],
    ['15550783881', '15550783881'],
    ['+1 (555) 078-3881', '15550783881'],
    ['none', null],
    [null, null],
  ] as const) {
    assert.equal(digitsOf(text), digits);
  }
});

test('carrying on twice changes nothing more, and nothing known is ever lost', () => {
  fc.assert(
    fc.property(anyProfile, anyProfile, (known, seen) => {
      const after = profileAfter(known, seen);
      assert.deepEqual(profileAfter(after, seen), after);
      for (const { was, is } of profileChanges(known, after)) {
        assert.ok(is !== null || was === null);
      }
    }),
  );
});

const word = fc.option(fc.constantFrom('GREEN', 'RED', 'NA', 'UNKNOWN', 'PURPLE'), { nil: null });
const anyProfile: fc.Arbitrary<Profile> = fc.record({
  displayNumber: word,
  verifiedName: word,
  nameStatus: word,
  quality: word,
  messagingLimit: word,
  status: word,
  throughput: word,
  accountMode: word,
  isOnBizApp: fc.option(fc.boolean(), { nil: null }),
  platformType: word,
  webhook: fc.record({
    application: word,
    waba: word,
    number: word,
    numberAskedAt: fc.constantFrom(null, 1, 2),
  }),
});
