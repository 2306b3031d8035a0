import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIds } from '#app/uuid-ids.ts';
import { isId } from '#domain/id.ts';

test('an id is a UUIDv7 in 26 characters of base32', () => {
  const ids = createIds({ clock: clockAt([1_795_487_400_123]), randomness: bytesOf(0xff) });
  const id = ids.next('ch');
  assert.ok(isId('ch', id), id);
  const hex = hexOf(id);
  assert.equal(Number.parseInt(hex.slice(0, 12), 16), 1_795_487_400_123);
  assert.equal(hex[12], '7');
  assert.match(hex[16] ?? '', /[89ab]/);
});

test('ids of one millisecond, and after the clock stepped back, still sort by creation', () => {
  const clock = clockAt([5_000, 5_000, 5_000, 4_000, 5_001]);
  const ids = createIds({ clock, randomness: bytesOf(0xff) });
  const made = Array.from({ length: 5 }, () => ids.next('cr'));
  assert.deepEqual(made.toSorted(), made);
  assert.equal(new Set(made).size, 5);
});

function hexOf(id: string): string {
  let value = 0n;
  for (const letter of id.split('_')[1] ?? '') {
    value = value * 32n + BigInt('0123456789abcdefghjkmnpqrstvwxyz'.indexOf(letter));
  }
  return value.toString(16).padStart(32, '0');
}

function clockAt(times: number[]) {
  return { now: () => times.shift() ?? 0, after: () => ({ cancel() {} }) };
}

function bytesOf(byte: number) {
  return { bytes: (count: number) => new Uint8Array(count).fill(byte) };
}
