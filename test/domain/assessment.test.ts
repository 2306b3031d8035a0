import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AssessmentContext } from '#domain/assessment.ts';
import { assessmentOf } from '#domain/assessment.ts';
import { NEVER_READ, stateAfter } from '#domain/channel-state.ts';
import { EFFECTS } from '#domain/effect.ts';
import type { HealthReport } from '#domain/health-report.ts';
import {
  anyReport,
  entity,
  error,
  failedRead,
  MINUTE,
  NIGHT,
  readState,
  report,
  saying,
  sha256Hex,
  snapshot,
} from './samples.ts';

const ABOUT: AssessmentContext = {
  checkIntervalMs: 120_000,
  upstream: 'graph',
  billedBy: 'meta',
  now: NIGHT,
  sha256Hex,
};

test('a BLOCKED entity without a known code stops both kinds of sending', () => {
  means(report(saying('WABA', 'BLOCKED')), 'no no unknown unknown');
  means(report(saying('WABA', 'BLOCKED', { errors: [error('199999')] })), 'no no unknown unknown');
  means({ ...report(), reported: 'BLOCKED' }, 'no no unknown unknown');
});

test('a LIMITED entity without a known code limits both kinds of sending', () => {
  means(report(saying('WABA', 'LIMITED')), 'limited limited yes unknown');
  means(
    report(entity({ words: { messaging: 'LIMITED', calling: null }, errors: [error('138024')] })),
    'limited limited yes no',
  );
});

test('a known code explains a block, a harmless one beside it does not', () => {
  means(report(saying('WABA', 'BLOCKED', { errors: [error('141006')] })), 'no limited yes unknown');
  means(
    report(saying('BUSINESS', 'BLOCKED', { errors: [error('141010')] })),
    'no no unknown unknown',
  );
});

test('an error on an AVAILABLE entity takes nothing away from sending', () => {
  means(report(saying('WABA', 'AVAILABLE', { errors: [error('141014')] })), 'yes yes yes unknown');
});

test('a word that we do not know makes sending unknown, not impossible', () => {
  const said = report(saying('WABA', 'PAUSED'));
  means(said, 'unknown unknown yes unknown');
  const { reason } = assessed(said);
  assert.equal(reason?.kind, 'unrecognised_word');
  assert.equal(reason?.code, 'PAUSED');
});

test('calling follows its own word, and is unknown where nobody reports it', () => {
  means(calling('AVAILABLE'), 'yes yes yes yes');
  means(calling('LIMITED'), 'yes yes yes limited');
  means(calling('BLOCKED'), 'yes yes yes no');
  means(calling('RINGING'), 'yes yes yes unknown');
  means(calling(null), 'yes yes yes unknown');
});

test('of two claims about one effect the worse counts, of equal ones the surer', () => {
  const said = report(
    saying('FLOW', 'BLOCKED', { errors: [error('131000')] }),
    saying('WABA', 'BLOCKED', { errors: [error('141014')] }),
  );
  const { effects } = assessed(said);
  assert.deepEqual(effects.replies, { level: 'no', certainty: 'documented' });
});

test('the reason is the worst cause on an entity that decided, not the first one listed', () => {
  const said = report(
    saying('PHONE_NUMBER', 'LIMITED', { info: ['Your display name has not been approved yet.'] }),
    saying('WABA', 'BLOCKED', { errors: [error('141006'), error('141014')] }),
  );
  assert.equal(assessed(said).reason?.code, '141014');
});

test('an error outweighs a note on the same entity, however bad the note sounds', () => {
  const both = { info: ['The number must be registered.'], errors: [error('141006')] };
  assert.equal(assessed(report(saying('WABA', 'BLOCKED', both))).reason?.code, '141006');
});

test('a cause about calling is never the reason why sending is limited', () => {
  const words = { messaging: 'LIMITED', calling: 'BLOCKED' };
  const said = report(entity({ words, errors: [error('138024')] }));
  assert.equal(assessed(said).reason, null);
});

test('where nothing usable is known, every effect is unknown and the findings are the last ones', () => {
  const state = readState(
    snapshot({ report: report(saying('WABA', 'BLOCKED', { errors: [error('141006')] })) }),
  );
  const outdated = assessmentOf(state, { ...ABOUT, now: NIGHT + 11 * MINUTE });
  assert.equal(outdated.standing.verdicts.messaging.status, 'UNKNOWN');
  assert.ok(EFFECTS.every((name) => outdated.effects[name].level === 'unknown'));
  assert.deepEqual(
    outdated.findings.map(({ code }) => code),
    ['141006'],
  );
  assert.equal(outdated.reason, null);
  const never = assessmentOf(NEVER_READ, ABOUT);
  assert.ok(EFFECTS.every((name) => never.effects[name].level === 'unknown'));
});

test('a credential that answers about another number is a finding on the credential', () => {
  const state = stateAfter(readState(snapshot()), failedRead(2, 'identity_changed'));
  const credentialId = 'cr_00000000000000000000000001';
  const { findings, standing } = assessmentOf(state, { ...ABOUT, credentialId });
  assert.deepEqual(
    findings.map(({ subject }) => subject),
    [{ kind: 'credential', id: credentialId }],
  );
  assert.equal(standing.verdicts.messaging.status, 'AVAILABLE');
});

test('no answer that leaves sending BLOCKED is said to let new conversations through', () => {
  fc.assert(
    fc.property(anyReport, (said) => {
      const { standing, effects } = assessed(said);
      const { status } = standing.verdicts.messaging;
      if (status === 'BLOCKED') assert.equal(effects.business_initiated.level, 'no');
      if (status === 'UNKNOWN') assert.notEqual(effects.business_initiated.level, 'yes');
    }),
  );
});

function assessed(said: HealthReport) {
  return assessmentOf(readState(snapshot({ report: said })), ABOUT);
}

function means(said: HealthReport, levels: string) {
  const { effects } = assessed(said);
  assert.equal(EFFECTS.map((name) => effects[name].level).join(' '), levels);
}

function calling(word: string | null): HealthReport {
  return report(entity({ words: { messaging: 'AVAILABLE', calling: word } }));
}
