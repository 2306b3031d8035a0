/** What `debug_token` says about a token, as facts (docs/meta.md §6). */
import type { Secret } from '#domain/secret.ts';
import { HEALTH_SCOPE } from '#domain/token-facts.ts';
import type { TokenError, TokenFacts } from '#domain/token-facts.ts';
import { fieldOf } from '#upstreams/transport/meta/meta-error.ts';
import { textOf } from '#upstreams/transport/meta/profile.ts';
import { redacted } from '#upstreams/transport/redact.ts';
import { idOf } from './node-id.ts';

/** Far more than Meta has permissions; what comes after is left out. */
const SCOPES_MAX = 200;
/** Far more WABAs than one token was seen with. */
const TARGETS_MAX = 10_000;
const WORD_LENGTH_MAX = 128;

/** The facts in a parsed body; null when it does not say whether the token is valid. */
export function tokenFactsOf(body: unknown, secrets: readonly Secret[]): TokenFacts | null {
  const data = fieldOf(body, 'data');
  const isValid = fieldOf(data, 'is_valid');
  if (typeof isValid !== 'boolean') return null;
  const granular = listOf(fieldOf(data, 'granular_scopes'));
  return {
    metaAppId: idOf(fieldOf(data, 'app_id')),
    type: textOf(fieldOf(data, 'type'), WORD_LENGTH_MAX),
    isValid,
    expiresAt: momentOf(fieldOf(data, 'expires_at')),
    dataAccessExpiresAt: momentOf(fieldOf(data, 'data_access_expires_at')),
    scopes: scopesOf(fieldOf(data, 'scopes'), granular),
    targetIds: targetsOf(granular),
    error: errorOf(fieldOf(data, 'error'), secrets),
  };
}

/** Unix seconds as ms; 0 is never, and so is what is absent. */
function momentOf(seconds: unknown): number | null {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return null;
  return Math.floor(seconds) * 1000;
}

/** Those of both lists: either may be missing. */
function scopesOf(scopes: unknown, granular: readonly unknown[]): readonly string[] | null {
  if (!Array.isArray(scopes) && granular.length === 0) return null;
  const names = [...listOf(scopes), ...granular.map((grant) => fieldOf(grant, 'scope'))];
  const words = names.flatMap((name) => textOf(name, WORD_LENGTH_MAX) ?? []);
  return [...new Set(words)].slice(0, SCOPES_MAX);
}

function targetsOf(granular: readonly unknown[]): readonly string[] | null {
  const grants = granular.filter((grant) => fieldOf(grant, 'scope') === HEALTH_SCOPE);
  const lists = grants.map((grant) => fieldOf(grant, 'target_ids')).filter(Array.isArray);
  if (lists.length === 0) return null;
  const ids = lists.flat().flatMap((id: unknown) => idOf(id) ?? []);
  return [...new Set(ids)].slice(0, TARGETS_MAX);
}

function errorOf(error: unknown, secrets: readonly Secret[]): TokenError | null {
  if (typeof error !== 'object' || error === null) return null;
  const message = fieldOf(error, 'message');
  return {
    code: integerOf(fieldOf(error, 'code')),
    subcode: integerOf(fieldOf(error, 'subcode')),
    message: typeof message === 'string' && message !== '' ? redacted(message, secrets) : null,
  };
}

function integerOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
