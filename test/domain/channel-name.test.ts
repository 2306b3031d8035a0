import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { NameFacts } from '#domain/channel-name.ts';
import { DEFAULT_NAME_TEMPLATE, nameFor, unknownWords } from '#domain/channel-name.ts';
import { NAME_PATTERN } from '#domain/id.ts';

const ACME: NameFacts = {
  verifiedName: 'Acme Straße Zürich GmbH',
  displayNumber: '+49 30 1234-5678',
  nodeId: '106540352242922',
  wabaId: '102290129340398',
};

test('a number is named after its verified name, else its digits, else its node', () => {
  assert.equal(named({}), 'acme-strasse-zurich-gmbh');
  assert.equal(named({ verifiedName: null }), '493012345678');
  assert.equal(named({ verifiedName: '株式会社' }), '493012345678');
  assert.equal(named({ verifiedName: null, displayNumber: null }), '106540352242922');
});

test('a template is filled with what is known', () => {
  const cases = [
    ['wa-{digits}', 'wa-493012345678'],
    ['{verified_name}-{last4}', 'acme-strasse-zurich-gmbh-5678'],
    ['{waba}/{node}', '102290129340398-106540352242922'],
  ] as const;
  for (const [template, name] of cases) assert.equal(nameFor(template, ACME, new Set()), name);
  assert.deepEqual(unknownWords('{name}-{last4}-{}'), ['name', '']);
});

test('names that are taken get a number behind them', () => {
  const taken = new Set(['acme', 'acme-2']);
  assert.equal(nameFor('acme', ACME, taken), 'acme-3');
  const long = 'a'.repeat(63);
  assert.equal(nameFor(long, ACME, new Set([long])), `${'a'.repeat(61)}-2`);
});

test('whatever Meta says, the name has the form of a name and is not taken', () => {
  const text = fc.option(fc.string({ unit: 'binary', maxLength: 80 }));
  fc.assert(
    fc.property(text, text, fc.array(fc.string()), (verifiedName, displayNumber, others) => {
      const facts = { ...ACME, verifiedName, displayNumber };
      const first = nameFor(DEFAULT_NAME_TEMPLATE, facts, new Set(others));
      const second = nameFor(DEFAULT_NAME_TEMPLATE, facts, new Set([...others, first]));
      assert.match(first, NAME_PATTERN);
      assert.match(second, NAME_PATTERN);
      assert.ok(!others.includes(first) && second !== first);
    }),
  );
});

function named(facts: Partial<NameFacts>): string {
  return nameFor(DEFAULT_NAME_TEMPLATE, { ...ACME, ...facts }, new Set());
}
