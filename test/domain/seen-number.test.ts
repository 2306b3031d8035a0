import assert from 'node:assert/strict';
import test from 'node:test';
import { standingOfSeen } from '#domain/seen-number.ts';

const NOON = Date.UTC(2026, 2, 1, 12);

function watchedIn(wabaId: string | null) {
  return { identity: { phoneNumberId: '1', wabaId, businessId: null, appId: null } };
}

test('a number that is seen and one that is watched fit together, or it is said how they do not', () => {
  const cases = [
    [{ wabaId: '100', goneAt: null }, watchedIn('100'), 'watched'],
    [{ wabaId: '100', goneAt: null }, watchedIn(null), 'watched'],
    [{ wabaId: '100', goneAt: null }, { identity: null }, 'watched'],
    [{ wabaId: '100', goneAt: null }, watchedIn('200'), 'moved'],
    [{ wabaId: '100', goneAt: NOON }, watchedIn('100'), 'gone'],
    [{ wabaId: '100', goneAt: NOON }, watchedIn('200'), 'gone'],
    [{ wabaId: '100', goneAt: null }, null, 'unwatched'],
    [{ wabaId: '100', goneAt: NOON }, null, 'forgotten'],
  ] as const;
  for (const [seen, channel, standing] of cases) {
    assert.equal(standingOfSeen(seen, channel), standing);
  }
});
