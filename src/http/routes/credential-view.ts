/** Credentials as the API shows them: with what Meta says about their tokens, without their secrets. */
import type { Answer } from '#api/call.ts';
import type { Credential } from '#domain/credential.ts';
import { explain } from '#domain/error-catalogue.ts';
import { credentialFindings } from '#domain/token-facts.ts';
import type { StoreView } from '#ports/store.ts';
import type { KnownToken } from '#ports/token-facts.ts';
import { UNKNOWN_TOKEN } from '#ports/token-facts.ts';
import { timestampOf, timestampOrNull } from './handler.ts';
import { failureView, findingView } from './judgement-view.ts';
import type { Link } from './names.ts';
import { appLinks } from './names.ts';

export type CredentialView = Answer<'getCredential'>['body'];

/** The last moment that a `Date` has, in ms: a token may say that it ends later. */
const TIME_MAX = 8.64e15;

export async function credentialViews(
  view: StoreView,
  credentials: readonly Credential[],
  now: number,
): Promise<CredentialView[]> {
  const apps = await appLinks(
    view,
    credentials.flatMap(({ appId }) => appId ?? []),
  );
  const tokens = await view.tokenFacts.ofCredentials(credentials.map(({ id }) => id));
  return credentials.map((credential) =>
    credentialView(credential, { apps, known: tokens.get(credential.id) ?? UNKNOWN_TOKEN, now }),
  );
}

function credentialView(
  credential: Credential,
  about: {
    readonly apps: ReadonlyMap<string, Link>;
    readonly known: KnownToken;
    readonly now: number;
  },
): CredentialView {
  const { apps, known, now } = about;
  return {
    id: credential.id,
    name: credential.name,
    upstream: credential.upstream,
    app: credential.appId === null ? null : (apps.get(credential.appId) ?? null),
    billed_by: credential.billedBy,
    secret_hint: credential.secretHint,
    token_facts: tokenFactsView(known),
    findings: findingsView(credential, known, now),
    created_at: timestampOf(credential.createdAt),
    rotated_at: timestampOf(credential.rotatedAt),
  };
}

function findingsView(
  { id, upstream, billedBy }: Credential,
  { facts }: KnownToken,
  now: number,
): CredentialView['findings'] {
  if (facts === null) return [];
  return credentialFindings(id, facts, now).map((finding) => {
    const explanation = explain(finding, { upstream, billedBy });
    return findingView({ ...finding, explanation });
  });
}

function tokenFactsView({ facts, failure, readAt }: KnownToken): CredentialView['token_facts'] {
  if (facts === null && failure === null) return null;
  return {
    meta_app_id: facts?.metaAppId ?? null,
    type: facts?.type ?? null,
    is_valid: facts?.isValid ?? null,
    expires_at: endOf(facts?.expiresAt),
    data_access_expires_at: endOf(facts?.dataAccessExpiresAt),
    scopes: facts?.scopes ? [...facts.scopes] : null,
    read_at: timestampOrNull(readAt),
    failure: failure && failureView(failure),
  };
}

function endOf(at: number | null | undefined): string | null {
  if (at === null || at === undefined || Math.abs(at) > TIME_MAX) return null;
  return timestampOf(at);
}
