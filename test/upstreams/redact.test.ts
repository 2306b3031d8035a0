import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Secret } from '#domain/secret.ts';
import { redacted } from '#upstreams/transport/redact.ts';

const TOKEN = 'EAAGm0PX4ZCpsBAKZCacmesupportZBZAq0123456789ZDZD';

test('sentences of Meta and 360dialog come through as they are', () => {
  const sentences = [
    '(#100) Tried accessing nonexisting field (foo) on node type (WhatsAppBusinessPhoneNumber)',
    "Unsupported get request. Object with ID '106540352242922' does not exist, cannot be loaded",
    'There have been too many calls to this WhatsApp Business account.',
    'WhatsApp for Business API has been disabled',
    'See https://developers.facebook.com/docs/whatsapp/business-management-api/get-started',
    'Überfällige Rechnung: bitte zahlen 🙏',
  ];
  for (const sentence of sentences) assert.equal(redacted(sentence), sentence);
});

test('a known secret is taken out, whole and in pieces', () => {
  const secret = new Secret('acme-key-of-support');
  hides('Bad key acme-key-of-support here', 'Bad key [redacted] here', secret);
  hides('Bad key acme-key-of… here', 'Bad key [redacted]… here', secret);
  hides('acme-\u200bkey-of-\u202esupport', '[redacted]', secret);
});

test('tokens and keys that nobody knows are taken out by their looks', () => {
  hides(`Malformed access token ${TOKEN}`, 'Malformed access token [redacted]');
  hides('Malformed access token EAAGm0PX4', 'Malformed access token [redacted]');
  hides('token=4cme4pp5ecret0123456789', '[redacted]');
  hides(`hash ${'0123456789abcdef'.repeat(4)}.`, 'hash [redacted].');
  hides(`jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x`, 'jwt [redacted].[redacted].x');
  hides('q'.repeat(40), '[redacted]');
});

test('what could act or mislead is made inert', () => {
  assert.equal(redacted('a\u0000b\tc\r\n\u009bd\u2028e'), 'a b c d e');
  assert.equal(redacted('ab\u202ec\u2066d\ufeffe\u200f'), 'abcde');
  assert.equal(redacted('<script>alert(1)</script>'), '‹script›alert(1)‹/script›');
  assert.equal(redacted('half \ud83d pair'), 'half \ufffd pair');
});

test('a long text is cut', () => {
  const text = redacted('word '.repeat(1_000));
  assert.equal(text.length, 500);
  assert.ok(text.endsWith('…'));
});

test('no surroundings let a secret through', () => {
  const unit = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0, max: 0xffff }));
  const around = fc.array(unit, { maxLength: 300 }).map((all) => String.fromCharCode(...all));
  const key = fc.stringMatching(/^[!-~]{12,60}$/);
  fc.assert(
    fc.property(around, key, around, (before, secret, after) => {
      const text = redacted(before + secret + after, [new Secret(secret)]);
      assert.ok(!text.includes(secret), text);
      assert.ok(text.length <= 500);
      assert.ok(text.isWellFormed());
    }),
  );
});

test('a secret at the cut does not come through in part', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_940, max: 2_010 }), (length) => {
      const text = redacted('a '.repeat(length / 2) + TOKEN, [new Secret(TOKEN)]);
      assert.ok(!text.includes('EAAG'));
    }),
  );
});

function hides(text: string, shown: string, ...secrets: Secret[]): void {
  assert.equal(redacted(text, secrets), shown);
}
