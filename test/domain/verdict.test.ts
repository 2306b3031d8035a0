import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HealthReport } from '#domain/health-report.ts';
import { STATUSES, statusOfWord, worstOf } from '#domain/status.ts';
import { verdictsOf } from '#domain/verdict.ts';
import { anyReport, entity, error, report, saying } from './samples.ts';

test('the worst vote wins, and UNKNOWN stands between AVAILABLE and LIMITED', () => {
  isJudged(['AVAILABLE', 'AVAILABLE'], 'AVAILABLE');
  isJudged(['AVAILABLE', 'PAUSED'], 'UNKNOWN');
  isJudged(['PAUSED', 'LIMITED'], 'LIMITED');
  isJudged(['LIMITED', 'PAUSED', 'BLOCKED', 'AVAILABLE'], 'BLOCKED');
});

test('an entity that does not report sending has no vote', () => {
  isJudged(['AVAILABLE', null], 'AVAILABLE');
  isJudged([null, 'BLOCKED'], 'BLOCKED');
});

test('a word that we do not know votes UNKNOWN, a literal UNKNOWN and lower case too', () => {
  for (const word of ['UNKNOWN', 'available', 'FINE', ' AVAILABLE']) isJudged([word], 'UNKNOWN');
  assert.equal(verdictsOf(report(saying('WABA', 'FINE'))).messaging.reason, 'unrecognised_word');
});

test('a type that we do not know votes with the words that we know', () => {
  const { messaging } = verdictsOf(report(saying('MESSAGING_ACCOUNT', 'BLOCKED')));
  assert.equal(messaging.status, 'BLOCKED');
  assert.deepEqual(messaging.decidedBy, [{ type: 'MESSAGING_ACCOUNT', id: 'MESSAGING_ACCOUNT-1' }]);
});

test('nobody decided that all is well, and only the worst decided that it is not', () => {
  const fine = verdictsOf(report(saying('WABA', 'AVAILABLE'), saying('APP', 'AVAILABLE')));
  assert.deepEqual(fine.messaging.decidedBy, []);
  const limited = verdictsOf(report(saying('WABA', 'LIMITED'), saying('APP', 'AVAILABLE')));
  assert.deepEqual(limited.messaging.decidedBy, [{ type: 'WABA', id: 'WABA-1' }]);
});

test('the aggregate never overrides entities that report', () => {
  const said = { ...report(saying('WABA', 'AVAILABLE')), reported: 'BLOCKED' };
  assert.equal(verdictsOf(said).messaging.status, 'AVAILABLE');
  assert.equal(verdictsOf(said).messaging.basis, 'entities');
  assert.equal(verdictsOf(said).reported, 'BLOCKED');
});

test('where no entity reports sending, the verdict is the aggregate and says so', () => {
  const said: HealthReport = { ...report(saying('WABA', null)), reported: 'LIMITED' };
  const { messaging, calling } = verdictsOf(said);
  assert.deepEqual(messaging, {
    status: 'LIMITED',
    basis: 'reported',
    reason: null,
    decidedBy: [],
  });
  assert.equal(calling, null);
});

test('an answer that says nothing at all is UNKNOWN, not AVAILABLE', () => {
  const { messaging, calling } = verdictsOf({ nodeId: null, reported: null, entities: [] });
  assert.equal(messaging.status, 'UNKNOWN');
  assert.equal(messaging.reason, 'not_reported');
  assert.equal(calling, null);
});

test('calling is judged by its own words, and a code about calling never touches sending', () => {
  const phone = entity({ words: { messaging: 'AVAILABLE', calling: 'BLOCKED' } });
  const said = report({ ...phone, errors: [error('138024'), error('138999')] });
  assert.equal(verdictsOf(said).messaging.status, 'AVAILABLE');
  assert.equal(verdictsOf(said).calling?.status, 'BLOCKED');
});

test('making one entity worse never makes a verdict better', () => {
  fc.assert(
    fc.property(anyReport, fc.nat(), fc.constantFrom(...STATUSES), (said, at, status) => {
      const chosen = said.entities[at % Math.max(1, said.entities.length)];
      const word = chosen?.words.messaging ?? null;
      if (!chosen || word === null || worstOf([statusOfWord(word), status]) !== status) return;
      const worse = { ...chosen, words: { ...chosen.words, messaging: status } };
      const entities = said.entities.map((each) => (each === chosen ? worse : each));
      const before = verdictsOf(said).messaging.status;
      const after = verdictsOf({ ...said, entities }).messaging.status;
      assert.equal(worstOf([before, after]), after);
    }),
  );
});

test('a verdict has a reason exactly when it is UNKNOWN', () => {
  fc.assert(
    fc.property(anyReport, (said) => {
      const { messaging, calling } = verdictsOf(said);
      assert.equal(messaging.status === 'UNKNOWN', messaging.reason !== null);
      if (calling) assert.equal(calling.status === 'UNKNOWN', calling.reason !== null);
    }),
  );
});

function isJudged(words: readonly (string | null)[], status: string) {
  const said = report(...words.map((word, at) => saying(`TYPE_${at}`, word)));
  assert.equal(verdictsOf(said).messaging.status, status, `[${words.join()}] → ${status}`);
}
