import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inert } from '#cli/text/inert.ts';
import { labelled, tableText, wrapped } from '#cli/text/layout.ts';
import { ageText, momentText } from '#domain/moment-text.ts';
import { PLAIN, styleFor } from '#cli/text/style.ts';

test('foreign text cannot repaint the terminal or reorder what is read', () => {
  assert.equal(inert('a\u001b[31mb'), 'a<U+001B>[31mb');
  assert.equal(inert('pay\u202egnp.exe'), 'pay<U+202E>gnp.exe');
  assert.equal(inert('two\nlines\tand\r\n more '), 'two lines and more');
  assert.equal(inert('zero\u200bwidth\ufeff'), 'zero<U+200B>width<U+FEFF>');
  assert.equal(inert('Müller 東京 👍'), 'Müller 東京 👍');
});

test('whatever text comes, no active character is left in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(inert(text), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test('ages are as precise as they are useful', () => {
  assert.equal(ageText(-5), '0 s');
  assert.equal(ageText(59_999), '59 s');
  assert.equal(ageText(9 * 60_000), '9 min');
  assert.equal(ageText(133 * 60_000), '2 h 13 min');
  assert.equal(ageText(120 * 60_000), '2 h');
  assert.equal(ageText(72 * 3_600_000), '3 d');
});

test('moments are shown in UTC and say so', () => {
  assert.equal(momentText(Date.UTC(2026, 10, 24, 2, 47, 3)), '2026-11-24 02:47 UTC');
});

test('columns line up, and colour does not move them', () => {
  const table = {
    head: ['Name', 'Messaging'],
    rows: [
      ['support', 'AVAILABLE'],
      ['é👍', 'BLOCKED'],
    ],
  };
  assert.equal(tableText(table), 'Name     Messaging\nsupport  AVAILABLE\né👍       BLOCKED');
  const painted = tableText({ ...table, paint: (cell) => `\u001b[1m${cell}\u001b[22m` });
  // oxlint-disable-next-line no-control-regex -- the colour that was added above
  assert.equal(painted.replaceAll(/\u001b\[\d+m/g, '').replaceAll(/ +$/gm, ''), tableText(table));
});

test('long sentences are broken beside their label', () => {
  assert.equal(wrapped('one two three four five', 24, 4), 'one two three four\n    five');
  assert.equal(labelled('Do', 'Add a card', { width: 80, column: 6 }), 'Do    Add a card');
});

test('colour is for a person at a terminal who did not refuse it', () => {
  assert.notEqual(styleFor(true, {}), PLAIN);
  assert.equal(styleFor(false, {}), PLAIN);
  assert.equal(styleFor(true, { NO_COLOR: '1' }), PLAIN);
  assert.equal(styleFor(true, { TERM: 'dumb' }), PLAIN);
});
