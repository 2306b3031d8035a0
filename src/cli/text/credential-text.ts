/** A credential, what Meta says about its token, and what is to be done, for a person. */
import type { Answer } from '#api/call.ts';
import { factsText } from './facts.ts';
import { inert } from './inert.ts';
import { wrapped } from './layout.ts';

type Credential = Answer<'getCredential'>['body'];

export function credentialText(credential: Credential, width: number): string {
  const { token_facts: token, findings } = credential;
  const facts = factsText({
    Name: credential.name,
    Id: credential.id,
    Upstream: credential.upstream,
    App: credential.app?.name ?? null,
    'Billed by': credential.billed_by,
    Secret: `ends with ${credential.secret_hint}`,
    Added: credential.created_at,
    'Secret of': credential.rotated_at,
    Token: token?.type ?? null,
    'Meta app': token?.meta_app_id ?? null,
    Ends: token?.is_valid === true ? (token.expires_at ?? 'never') : null,
    Permissions: token?.scopes?.join(', ') ?? null,
    Inspected: token?.read_at ?? null,
  });
  const failed = token?.failure
    ? `  The last inspection told nothing: ${inert(token.failure.detail)}`
    : '';
  const said = findings.map((finding) => {
    const own = finding.text === null ? '' : ` ${inert(finding.text)}`;
    const todo = inert(finding.remedy.text).replace('<name>', inert(credential.name));
    return wrapped(`! ${inert(finding.meaning)}${own} ${todo}`, width, 2);
  });
  return [facts, failed, ...said].filter((part) => part !== '').join('\n');
}
