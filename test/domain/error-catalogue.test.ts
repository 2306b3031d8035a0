import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BILLED_BY, UPSTREAM_KINDS } from '#domain/billing.ts';
import { infoSlugOf } from '#domain/catalogue-info.ts';
import { ERROR_CATALOGUE, explain } from '#domain/error-catalogue.ts';
import type { ExplanationContext } from '#domain/explanation.ts';
import type { Finding } from '#domain/finding.ts';
import { findingsOf } from '#domain/finding.ts';
import { anyReport, sha256Hex } from './samples.ts';

const DIRECT: ExplanationContext = { upstream: 'graph', billedBy: 'meta' };
const BEHIND_360: ExplanationContext = { upstream: 'dialog360', billedBy: 'unknown' };

test('every code with public evidence is explained', () => {
  const known: readonly (readonly [string, string])[] = [
    ['PHONE_NUMBER', '141000'],
    ['MESSAGE_TEMPLATE', '141002'],
    ['WABA', '141006'],
    ['BUSINESS', '141010'],
    ['WABA', '141014'],
    ['FLOW', '131000:endpoint_uri'],
    ['FLOW', '131000:app_check'],
    ['FLOW', '131000:something_new'],
    ['BUSINESS', '131000'],
    ['PHONE_NUMBER', '138024'],
    ['APP', '138025'],
    ['APP', '138026'],
    ['PHONE_NUMBER', '138000'],
    ['WABA', '138999'],
  ];
  for (const [type, code] of known) {
    assert.equal(explain(finding(type, code), DIRECT).known, true, `${type}/${code}`);
  }
});

test('a code that nobody documented keeps Meta’s own words and claims nothing', () => {
  const said = { text: 'It broke.', solution: 'Mend it.' };
  const { known, effects, meaning, remedy, actor } = explain(
    { ...finding('WABA', '141007'), ...said },
    DIRECT,
  );
  assert.equal(known, false);
  assert.deepEqual(effects, {});
  assert.match(meaning, /It broke\./);
  assert.equal(remedy.text, 'Mend it.');
  assert.equal(actor, 'account_owner');
});

test('a failed payment names who can mend it: the account owner, or the provider who bills', () => {
  const direct = failedPayment(DIRECT);
  assert.equal(direct.actor, 'account_owner');
  assert.match(direct.remedy.text, /Add a card .* default/);
  const provider = failedPayment({ upstream: 'graph', billedBy: 'provider' });
  assert.equal(provider.actor, 'provider');
  assert.match(provider.remedy.text, /the credit line is theirs/);
  const theirs = failedPayment({ upstream: 'dialog360', billedBy: 'provider' });
  assert.match(theirs.remedy.text, /360dialog: the credit line is theirs/);
  const unsure = failedPayment(BEHIND_360);
  assert.match(unsure.remedy.text, /Add a card .* default.*the credit line is theirs/);
});

test('behind 360dialog everything about the app is the provider’s, known or not', () => {
  for (const code of ['138025', 'webhook_unsubscribed', '999999']) {
    const kind = /^\d+$/.test(code) ? 'error' : 'info';
    assert.equal(explain(finding('APP', code, kind), BEHIND_360).actor, 'provider', code);
    assert.equal(explain(finding('APP', code, kind), DIRECT).actor, 'integrator', code);
  }
});

test('a code on an unusual entity keeps its meaning, except the one that Meta re-uses', () => {
  assert.equal(explain(finding('PHONE_NUMBER', '141006'), DIRECT).known, true);
  assert.equal(explain(finding('WABA', '131000'), DIRECT).known, false);
  assert.equal(explain(finding('WABA', '131000:endpoint_uri'), DIRECT).known, false);
});

test('no code about calling says anything about sending', () => {
  for (let code = 138_000; code <= 138_999; code += 1) {
    const { effects } = explain(finding('PHONE_NUMBER', String(code)), DIRECT);
    assert.deepEqual(Object.keys(effects), ['calling']);
  }
});

test('every entry can be found by what Meta says, and says what to do and where', () => {
  for (const entry of ERROR_CATALOGUE) {
    for (const upstream of UPSTREAM_KINDS) {
      for (const billedBy of BILLED_BY) {
        const type = entry.entityType ?? 'WABA';
        const told = explain(finding(type, entry.code, entry.kind), { upstream, billedBy });
        if (/^\d+-\d+$/.test(entry.code)) continue;
        assert.equal(told.meaning, entry.meaning);
        assert.match(told.remedy.text, /\.$/);
        assert.match(told.remedy.link ?? '', /^https:\/\//);
      }
    }
    if (entry.kind === 'info' && entry.wording) assert.equal(infoSlugOf(entry.wording), entry.code);
  }
});

test('no two entries claim the same finding', () => {
  const keys = ERROR_CATALOGUE.map(({ entityType, kind, code }) => `${entityType} ${kind} ${code}`);
  assert.equal(new Set(keys).size, keys.length);
});

test('whatever an upstream says can be explained', () => {
  fc.assert(
    fc.property(anyReport, fc.constantFrom(DIRECT, BEHIND_360), (said, context) => {
      for (const found of findingsOf(said, sha256Hex)) {
        assert.ok(explain(found, context).remedy.text.length > 0);
      }
    }),
  );
});

function failedPayment(context: ExplanationContext) {
  return explain(finding('WABA', '141006'), context);
}

function finding(type: string, code: string, kind: Finding['kind'] = 'error'): Finding {
  const subject = { kind: 'entity', type, id: '1' } as const;
  return { subject, kind, code, capability: 'messaging', text: null, solution: null };
}
