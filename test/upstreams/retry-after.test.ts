import { test } from 'node:test';
import assert from 'node:assert/strict';
import { retryAfterMsOf } from '#upstreams/transport/retry-after.ts';

const NOW = Date.UTC(2026, 10, 22, 2, 47);

test('seconds are read as a wait in ms', () => {
  waits('0', 0);
  waits(' 30 ', 30_000);
});

test('a date is read as the time until then, and one that is past as no wait', () => {
  waits('Sun, 22 Nov 2026 02:48:30 GMT', 90_000);
  waits('Sunday, 22-Nov-26 02:48:30 GMT', 90_000);
  waits('Sun, 22 Nov 2026 02:40:00 GMT', 0);
});

test('nobody waits for longer than a day', () => {
  waits('999999999999', 86_400_000);
  waits('Sun, 22 Nov 2099 02:48:30 GMT', 86_400_000);
});

test('a header that says nothing asks for nothing', () => {
  for (const header of [null, '', 'soon', '-5', '1.5', '5 apples', '1e3', 'Sun, 99 Foo']) {
    waits(header, null);
  }
});

function waits(header: string | null, ms: number | null): void {
  assert.equal(retryAfterMsOf(header, NOW), ms, `${header}`);
}
