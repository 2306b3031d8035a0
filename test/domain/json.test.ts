import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JSON_DEPTH_MAX, valueOfJson } from '#domain/json.ts';

test('an unquoted id beyond 2^53 keeps every digit', () => {
  reads('{"id":12345678901234567890}', { id: '12345678901234567890' });
  reads('[1, -9007199254740993]', [1, '-9007199254740993']);
  reads('12345678901234567', '12345678901234567');
});

test('a shorter number, a fraction and a power stay numbers', () => {
  reads('{"error_code":141006}', { error_code: 141006 });
  reads('[123456789012345]', [123456789012345]);
  reads('[1234567890123456.5]', [1234567890123456.5]);
  reads('[1234567890123456e3]', [1234567890123456e3]);
});

test('digits inside a text are left alone, whatever stands before them', () => {
  reads('{"text":"id: 12345678901234567890"}', { text: 'id: 12345678901234567890' });
});

test('the later of two equal names wins, with its digits', () => {
  reads('{"id":1,"id":12345678901234567890}', { id: '12345678901234567890' });
  reads('{"id":12345678901234567890,"id":{"a":1}}', { id: { a: 1 } });
});

test('a byte order mark in front is ignored, one inside is not', () => {
  reads('\uFEFF{"a":1}', { a: 1 });
  reads('\uFEFF\uFEFF{"a":1}', undefined);
});

test('the name __proto__ changes nobody’s prototype', () => {
  const value = valueOfJson('{"__proto__":{"health_status":{}},"n":12345678901234567890}');
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test('what is no JSON gives undefined', () => {
  for (const text of ['', 'null!', '<html>', '{"a":', "{'a':1}", 'NaN', '{"a":1}{"b":2}']) {
    reads(text, undefined);
  }
});

test('a text nested too deep gives undefined, one at the limit is read', () => {
  assert.notEqual(valueOfJson(nested(JSON_DEPTH_MAX)), undefined);
  for (const depth of [JSON_DEPTH_MAX + 1, 10_000, 500_000]) {
    assert.equal(valueOfJson(nested(depth)), undefined);
    assert.equal(valueOfJson(nested(depth).replace('0', '12345678901234567890')), undefined);
  }
});

test('brackets inside a text do not count as nesting', () => {
  const text = '["' + '[{\\"'.repeat(1000) + '"]';
  assert.deepEqual(valueOfJson(text), ['[{"'.repeat(1000)]);
});

test('reading a text never throws', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat({ max: 40 }), fc.string(), (json, at, odd) => {
      for (const text of [odd, json.slice(at), json.slice(0, at) + odd + json.slice(at)]) {
        valueOfJson(text);
      }
    }),
  );
});

test('every JSON text without long numbers is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      if (!/\d{16}/.test(text)) assert.deepEqual(valueOfJson(text), JSON.parse(text));
    }),
  );
});

test('every long whole number comes out with the digits it went in with', () => {
  const long = fc.bigInt({ min: 10n ** 15n, max: 10n ** 30n });
  fc.assert(
    fc.property(long, fc.boolean(), (number, isNegative) => {
      const digits = `${isNegative ? '-' : ''}${number}`;
      assert.deepEqual(valueOfJson(`{ "a" : [${digits}] }`), { a: [digits] });
    }),
  );
});

function reads(text: string, value: unknown) {
  assert.deepEqual(valueOfJson(text), value, text);
}

function nested(depth: number): string {
  return '['.repeat(depth) + '0' + ']'.repeat(depth);
}
