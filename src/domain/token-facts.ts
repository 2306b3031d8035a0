/** What Meta says about a token when it is inspected, and what is to be told of it (docs/meta.md §6). */
import type { Finding } from './finding.ts';
import type { CredentialId } from './id.ts';

export interface TokenFacts {
  /** The Meta app that the token belongs to; null where Meta did not say, as for an unknown token. */
  readonly metaAppId: string | null;
  /** SYSTEM_USER, USER, PAGE …, as received. */
  readonly type: string | null;
  readonly isValid: boolean;
  /** When it ends, ms UTC; null for never. */
  readonly expiresAt: number | null;
  /** When its access to data ends although it lives on, ms UTC; null for never. */
  readonly dataAccessExpiresAt: number | null;
  /** The permissions that it was given; null where Meta lists none at all. */
  readonly scopes: readonly string[] | null;
  /** The WABAs that granted it, the newest first; null where Meta lists none, which is not "no access". */
  readonly targetIds: readonly string[] | null;
  /** Why it is not valid; null when it is, or when Meta did not say. */
  readonly error: TokenError | null;
}

export interface TokenError {
  readonly code: number | null;
  readonly subcode: number | null;
  /** Meta's sentence, redacted; null when it gave none. */
  readonly message: string | null;
}

/** How long before its end a token is told to be expiring: time for somebody to make another. */
export const EXPIRY_NOTICE_MS = 14 * 86_400_000;

/** What reading health takes (docs/meta.md §1.1). */
export const HEALTH_SCOPE = 'whatsapp_business_management';

/**
 * What is to be told about a credential with this token at `now`: it is dead, or it ends within
 * 14 days, or the permission that health takes is missing. Of a dead one nothing else is said.
 */
export function credentialFindings(
  credentialId: CredentialId,
  facts: TokenFacts,
  now: number,
): readonly Finding[] {
  const finding = findingAbout(credentialId);
  const over = endsOf(facts).find(({ at }) => at <= now);
  if (!facts.isValid || over !== undefined) {
    const code = over?.code ?? deathCodeOf(facts.error);
    return [
      finding(
        'credential_dead',
        code,
        facts.error?.message ?? (over && `${over.what} ended ${momentOf(over.at)}.`) ?? null,
      ),
    ];
  }
  const expiring = endsOf(facts)
    .filter(({ at }) => at - now <= EXPIRY_NOTICE_MS)
    .map(({ code, what, at }) =>
      finding('credential_expiring', code, `${what} ends ${momentOf(at)}.`),
    );
  const lacks = facts.scopes !== null && !facts.scopes.includes(HEALTH_SCOPE);
  return lacks ? [...expiring, finding('scope_missing', HEALTH_SCOPE, null)] : expiring;
}

interface End {
  readonly code: 'expired' | 'data_access_expired';
  readonly at: number;
  /** What ends, as the beginning of a sentence. */
  readonly what: string;
}

function endsOf({ expiresAt, dataAccessExpiresAt }: TokenFacts): readonly End[] {
  const ends = [
    { code: 'expired', at: expiresAt, what: 'It' },
    { code: 'data_access_expired', at: dataAccessExpiresAt, what: 'Its access to data' },
  ] as const;
  return ends.flatMap(({ at, ...end }) => (at === null ? [] : [{ at, ...end }]));
}

/** `190/467`, as Meta numbers its reasons; `invalid` where it gave none. */
function deathCodeOf(error: TokenError | null): string {
  if (error === null || error.code === null) return 'invalid';
  return error.subcode === null ? `${error.code}` : `${error.code}/${error.subcode}`;
}

/** RFC 3339 without the fraction: `2026-12-01T00:00:00Z`; as a number where no calendar has it. */
function momentOf(at: number): string {
  if (Math.abs(at) > TIME_MAX) return `at ${at}`;
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The last moment that a `Date` has, in ms. */
const TIME_MAX = 8.64e15;

function findingAbout(id: CredentialId) {
  return (
    kind: 'credential_dead' | 'credential_expiring' | 'scope_missing',
    code: string,
    text: string | null,
  ): Finding => ({
    subject: { kind: 'credential', id },
    kind,
    code,
    capability: 'messaging',
    text,
    solution: null,
  });
}
