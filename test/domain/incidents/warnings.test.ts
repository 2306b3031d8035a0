import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '#domain/profile.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import { NO_WEBHOOK, warningChanges } from '#domain/incidents/warnings.ts';

/** `quality warning GREEN>RED`, a line for each. */
function changes(was: Partial<Profile>, is: Partial<Profile>): readonly string[] {
  return warningChanges({ ...EMPTY_PROFILE, ...was }, { ...EMPTY_PROFILE, ...is }).map((change) =>
    change.is === 'well' ? `${change.field} well` : `${change.field} warning ${change.code}`,
  );
}

function limit(was: string, is: string): readonly string[] {
  return changes({ messagingLimit: was }, { messagingLimit: is });
}

function from(was: string | null, is: string | null): readonly string[] {
  return changes({ webhook: webhook(was) }, { webhook: webhook(is) });
}

function webhook(number: string | null, numberAskedAt: number | null = null): Profile['webhook'] {
  return { application: null, waba: null, number, numberAskedAt };
}

test('a quality that falls to RED warns, and any better one ends that', () => {
  assert.deepEqual(changes({ quality: 'GREEN' }, { quality: 'RED' }), [
    'quality warning GREEN>RED',
  ]);
  assert.deepEqual(changes({ quality: 'GREEN' }, { quality: 'YELLOW' }), []);
  assert.deepEqual(changes({ quality: 'RED' }, { quality: 'YELLOW' }), ['quality well']);
  assert.deepEqual(changes({ quality: 'RED' }, { quality: 'RED' }), []);
});

test('a status of FLAGGED, RESTRICTED or BANNED warns until it is another', () => {
  for (const status of ['FLAGGED', 'RESTRICTED', 'BANNED']) {
    assert.deepEqual(changes({ status: 'CONNECTED' }, { status }), [
      `status warning CONNECTED>${status}`,
    ]);
    assert.deepEqual(changes({ status }, { status: 'CONNECTED' }), ['status well']);
  }
  assert.deepEqual(changes({ status: 'CONNECTED' }, { status: 'PENDING' }), []);
});

test('a lower messaging limit warns, a higher one is well, and unlimited is the highest', () => {
  assert.deepEqual(limit('TIER_10K', 'TIER_1K'), ['messaging_limit warning TIER_10K>TIER_1K']);
  assert.deepEqual(limit('TIER_UNLIMITED', 'TIER_100K'), [
    'messaging_limit warning TIER_UNLIMITED>TIER_100K',
  ]);
  assert.deepEqual(limit('TIER_250', 'TIER_1K'), ['messaging_limit well']);
  assert.deepEqual(limit('TIER_1K', 'SOMETHING'), []);
});

test('a webhook that is lost or leads elsewhere warns, one that is set again is well', () => {
  assert.deepEqual(from('https://a.example/', NO_WEBHOOK), ['webhook warning lost']);
  assert.deepEqual(from('https://a.example/', 'https://b.example/'), ['webhook warning changed']);
  assert.deepEqual(from(NO_WEBHOOK, 'https://a.example/'), ['webhook well']);
  assert.deepEqual(from(null, 'https://a.example/'), []);
});

test('the first look at what is set at 360dialog warns of nothing, the next ones do', () => {
  const metas = webhook('https://meta.example/');
  const first = webhook('https://a.example/… #1', 1);
  assert.deepEqual(changes({ webhook: metas }, { webhook: first }), []);
  assert.deepEqual(changes({ webhook: metas }, { webhook: webhook(NO_WEBHOOK, 1) }), []);
  assert.deepEqual(changes({ webhook: first }, { webhook: webhook(NO_WEBHOOK, 2) }), [
    'webhook warning lost',
  ]);
});
