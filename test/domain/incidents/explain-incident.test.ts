import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAUSE_KINDS } from '#domain/incidents/cause.ts';
import { explainIncident } from '#domain/incidents/explain-incident.ts';

type Explained = Parameters<typeof explainIncident>[0];

test('the codes of an entity are explained by the catalogue, who pays being looked at', () => {
  const incident = about({ codes: ['141006', 'display_name_not_approved'] });
  const [payment, name] = explainIncident(incident, 'meta');
  assert.match(payment?.explanation.meaning ?? '', /payment method of the WABA failed/);
  assert.equal(payment?.explanation.actor, 'account_owner');
  assert.equal(name?.code, 'display_name_not_approved');
  const [provided] = explainIncident(incident, 'provider');
  assert.equal(provided?.explanation.actor, 'provider');
});

test("a code that nobody knows keeps Meta's own sentence, of the first code alone", () => {
  const incident = about({ codes: ['999001', '999002'], detail: 'Something is new.' });
  const [first, second] = explainIncident(incident, 'meta');
  assert.equal(first?.explanation.known, false);
  assert.match(first?.explanation.meaning ?? '', /Meta says: Something is new\./);
  assert.match(second?.explanation.meaning ?? '', /Meta gives no sentence/);
});

test('what is about a credential says to rotate it', () => {
  const causes = [
    about({
      cause: { kind: 'credential', type: null, ref: 'cr_1' },
      codes: ['credential_rejected'],
    }),
    about({
      cause: { kind: 'warning', type: 'credential_expiring', ref: 'cr_1' },
      codes: ['expires_at'],
    }),
  ];
  for (const incident of causes) {
    const [only] = explainIncident(incident, 'meta');
    assert.match(only?.explanation.remedy.text ?? '', /credentials rotate/);
  }
});

test('every kind of cause has something to say and to do, with codes or without', () => {
  for (const kind of CAUSE_KINDS) {
    for (const codes of [[], ['some_code']]) {
      if (kind === 'entity' && codes.length === 0) continue;
      const incident = about({ cause: { kind, type: null, ref: null }, codes });
      const [only] = explainIncident(incident, 'unknown');
      assert.match(only?.explanation.meaning ?? '', /^\S.*\.$/u, kind);
      assert.match(only?.explanation.remedy.text ?? '', /\S/u, kind);
    }
  }
});

function about(more: Partial<Explained>): Explained {
  return {
    cause: { kind: 'entity', type: 'WABA', ref: '102290129340398' },
    capability: 'messaging',
    codes: ['141006'],
    detail: null,
    upstream: 'graph',
    actor: 'unknown',
    ...more,
  };
}
