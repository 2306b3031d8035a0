/** What Acme's token can see: a business with one WABA of its own and one that is shared with it. */
import type { Failure } from '#domain/failure.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import type { TokenFacts } from '#domain/token-facts.ts';
import type { FakeDirectory } from '#test/fakes/directory.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';
import { SALES_NUMBER, SUPPORT_NUMBER, TOKEN } from './acme-monitor.ts';

export const ACME_WABA = '102290129340398';
export const CLIENT_WABA = '202290129340398';
export const ACME_BUSINESS = '300000000000001';
export const ORDERS_NUMBER = '106540352242944';

export const GOOD_TOKEN: TokenFacts = {
  metaAppId: '900000000000001',
  type: 'SYSTEM_USER',
  isValid: true,
  expiresAt: null,
  dataAccessExpiresAt: null,
  scopes: ['whatsapp_business_management'],
  targetIds: null,
  error: null,
};

export function number(id: string, displayNumber: string, verifiedName: string | null = null) {
  return { id, profile: { ...EMPTY_PROFILE, displayNumber, verifiedName } };
}

/** Support and sales in its own WABA, orders in the one that is shared with it. */
export function acmeIsSeen(directory: FakeDirectory): void {
  directory.tokens.set(TOKEN, { ok: true, facts: GOOD_TOKEN });
  directory.businessesOf.set(TOKEN, [{ id: ACME_BUSINESS, name: 'Acme' }]);
  directory.owned.set(ACME_BUSINESS, [{ id: ACME_WABA, name: 'Acme WABA' }]);
  directory.shared.set(ACME_BUSINESS, [{ id: CLIENT_WABA, name: 'Client' }]);
  directory.numbersOf.set(ACME_WABA, [
    number(SUPPORT_NUMBER, '+49 30 1'),
    number(SALES_NUMBER, '+49 30 2', 'Acme Sales'),
  ]);
  directory.numbersOf.set(CLIENT_WABA, [number(ORDERS_NUMBER, '+49 30 3', 'Client Orders')]);
}

export function failureOf(code: Failure['code']): Failure {
  const answer = failedAnswer(code);
  if (answer.ok) throw new Error('a failed answer');
  return answer.failure;
}
