/** What is told about a token that was looked at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '#domain/error-catalogue.ts';
import { findingKey } from '#domain/finding.ts';
import { credentialFindings, EXPIRY_NOTICE_MS } from '#domain/token-facts.ts';
import type { TokenFacts } from '#domain/token-facts.ts';

const ID = 'cr_00000000000000000000000001';
const NOW = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

const WELL: TokenFacts = {
  metaAppId: '634974688087057',
  type: 'SYSTEM_USER',
  isValid: true,
  expiresAt: null,
  dataAccessExpiresAt: null,
  scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
  targetIds: ['102290129340398'],
  error: null,
};
const REVOKED = { code: 190, subcode: 467, message: 'The user logged out.' };

test('of a token that is well nothing is told', () => {
  for (const facts of [
    WELL,
    { ...WELL, targetIds: null },
    { ...WELL, scopes: null },
    { ...WELL, expiresAt: NOW + EXPIRY_NOTICE_MS + 1 },
  ]) {
    assert.deepEqual(credentialFindings(ID, facts, NOW), []);
  }
});

test('an end within two weeks, death and a missing permission are told', () => {
  const table: readonly (readonly [string, Partial<TokenFacts>, readonly string[]])[] = [
    ['in two weeks', { expiresAt: NOW + EXPIRY_NOTICE_MS }, ['credential_expiring/expired']],
    ['at once', { expiresAt: NOW + 1 }, ['credential_expiring/expired']],
    ['now', { expiresAt: NOW }, ['credential_dead/expired']],
    ['long ago', { expiresAt: NOW - DAY_MS, isValid: false }, ['credential_dead/expired']],
    [
      'data access soon',
      { dataAccessExpiresAt: NOW + DAY_MS },
      ['credential_expiring/data_access_expired'],
    ],
    ['no data access', { dataAccessExpiresAt: NOW }, ['credential_dead/data_access_expired']],
    ['revoked', { isValid: false, error: REVOKED }, ['credential_dead/190/467']],
    ['invalid for no reason', { isValid: false }, ['credential_dead/invalid']],
    ['dead and without scopes', { isValid: false, scopes: [] }, ['credential_dead/invalid']],
    [
      'no scope',
      { scopes: ['whatsapp_business_messaging'] },
      ['scope_missing/whatsapp_business_management'],
    ],
    [
      'two at once',
      { scopes: [], expiresAt: NOW + DAY_MS },
      ['credential_expiring/expired', 'scope_missing/whatsapp_business_management'],
    ],
  ];
  for (const [what, about, expected] of table) {
    const findings = credentialFindings(ID, { ...WELL, ...about }, NOW);
    assert.deepEqual(
      findings.map(({ kind, code }) => `${kind}/${code}`),
      expected,
      what,
    );
  }
});

test('a finding says when, or why in the words of Meta', () => {
  const soon = { ...WELL, expiresAt: Date.UTC(2026, 2, 8, 12, 30) };
  assert.equal(credentialFindings(ID, soon, NOW)[0]?.text, 'It ends 2026-03-08T12:30:00Z.');
  const dead = { ...WELL, isValid: false, error: REVOKED };
  assert.equal(credentialFindings(ID, dead, NOW)[0]?.text, 'The user logged out.');
});

test('an end that no calendar has does not stop the reading', () => {
  for (const expiresAt of [8.64e15 + 1, Number.MAX_SAFE_INTEGER]) {
    assert.deepEqual(credentialFindings(ID, { ...WELL, expiresAt }, NOW), []);
  }
  const before = { ...WELL, expiresAt: -8.64e15 - 1 };
  assert.equal(credentialFindings(ID, before, NOW)[0]?.kind, 'credential_dead');
});

test('every finding about a credential is explained and has a key of its own', () => {
  const findings = [
    ...credentialFindings(ID, { ...WELL, scopes: [], expiresAt: NOW + DAY_MS }, NOW),
    ...credentialFindings(ID, { ...WELL, isValid: false }, NOW),
  ];
  assert.equal(new Set(findings.map(findingKey)).size, 3);
  for (const finding of findings) {
    const { known, actor, remedy } = explain(finding, { upstream: 'graph', billedBy: 'meta' });
    assert.deepEqual([known, actor], [true, 'integrator']);
    assert.match(remedy.text, /credentials rotate/);
  }
});
