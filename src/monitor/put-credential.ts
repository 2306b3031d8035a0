/** Adds a credential or replaces what is known of it; removes it. */
import type { BilledBy, UpstreamKind } from '#domain/billing.ts';
import type { Credential } from '#domain/credential.ts';
import type { AppId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import { hintOf } from '#domain/secret.ts';
import type { StoreChange } from '#ports/store.ts';
import { forgetCredentialWarnings } from './incidents/warn.ts';
import type { Monitor } from './monitor.ts';
import { APP_ON_DIALOG360, invalidRequest, requireName, requireSecret } from './name-check.ts';

export interface CredentialWish {
  readonly upstream: UpstreamKind;
  /** `keep` for one that is there; the secret of an existing one is replaced by `rotateCredential`. */
  readonly secret: Secret | 'keep';
  /** Name or id of the app of a Graph token. */
  readonly app: string | null;
  readonly billedBy: BilledBy;
}

/** Throws Problem `invalid_request`, `sandbox_key`, `not_found` (the app), `conflict`. */
export async function putCredential(
  monitor: Monitor,
  name: string,
  wish: CredentialWish,
): Promise<{ readonly credential: Credential; readonly created: boolean }> {
  requireName(name);
  if (wish.secret !== 'keep') requireSecret(wish.secret, wish.upstream);
  const done = await monitor.deps.store.change(async (tx) => {
    const existing = await tx.credentials.find(name);
    if (existing !== null) {
      return { credential: await replace(tx, existing, wish), created: false };
    }
    return { credential: await addCredential(tx, monitor, { name, wish }), created: true };
  });
  monitor.schedule.credentialChanged(done.credential.id);
  monitor.latest.forgetCredential(done.credential.id);
  return done;
}

/** Adds a new one within a transaction. Precondition: name and secret have the right form. */
export async function addCredential(
  tx: StoreChange,
  { deps: { ids, clock } }: Monitor,
  { name, wish }: { readonly name: string; readonly wish: CredentialWish },
): Promise<Credential> {
  const { upstream, secret, billedBy } = wish;
  if (secret === 'keep') {
    const message = 'is needed for a new credential: the token or key itself';
    throw invalidRequest([{ at: 'secret', message }]);
  }
  const now = clock.now();
  const credential = {
    id: ids.next('cr'),
    name,
    upstream,
    appId: await appOf(tx, wish),
    billedBy,
    secretHint: hintOf(secret),
    createdAt: now,
    rotatedAt: now,
  };
  await tx.credentials.add(credential, secret);
  return credential;
}

async function replace(
  tx: StoreChange,
  existing: Credential,
  wish: CredentialWish,
): Promise<Credential> {
  const { name } = existing;
  if (wish.secret !== 'keep') {
    throw new Problem(
      'conflict',
      `Credential ${name} is there already. To replace its secret, rotate it: ` +
        'that reads with the new one first, so that a wrong one cannot take its place.',
    );
  }
  if (wish.upstream !== existing.upstream) {
    throw new Problem(
      'conflict',
      `Credential ${name} is for ${existing.upstream} and cannot become one for ${wish.upstream}; ` +
        'add another one under a name of its own.',
    );
  }
  const credential = { ...existing, appId: await appOf(tx, wish), billedBy: wish.billedBy };
  await tx.credentials.replace(credential, 'keep');
  return credential;
}

async function appOf(
  tx: StoreChange,
  { upstream, app: ref }: Pick<CredentialWish, 'upstream' | 'app'>,
): Promise<AppId | null> {
  if (ref === null) return null;
  if (upstream !== 'graph') {
    throw invalidRequest([{ at: 'app', message: APP_ON_DIALOG360 }]);
  }
  const app = await tx.apps.find(ref);
  if (app === null) throw new Problem('not_found', `There is no app ${ref}; add it first.`);
  return app.id;
}

/** Throws Problem `not_found`, and `in_use` while a channel uses it. */
export async function removeCredential({ deps }: Monitor, ref: string): Promise<void> {
  await deps.store.change(async (tx) => {
    const credential = await tx.credentials.find(ref);
    if (credential === null) throw new Problem('not_found', `There is no credential ${ref}.`);
    await tx.credentials.remove(credential.id);
    await forgetCredentialWarnings(tx, deps, credential.id);
  });
}
