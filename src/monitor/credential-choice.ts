/** The credential that a channel is to ask with: one that is there, or a new one with a secret of its own. */
import type { Credential } from '#domain/credential.ts';
import { Problem } from '#domain/problem.ts';
import type { StoreChange, StoreView } from '#ports/store.ts';
import type { Access } from '#ports/upstream.ts';
import { accessOf } from './access.ts';
import type { ChannelWish, CredentialChoice } from './channel-wish.ts';
import type { Monitor } from './monitor.ts';
import { addCredential } from './put-credential.ts';

type Choice = Pick<ChannelWish, 'credential' | 'upstream'>;

/** Throws Problem `not_found` (credential, app), `conflict` (of another upstream). */
export async function accessOfChoice(
  view: StoreView,
  { credential: choice, upstream }: Choice,
): Promise<Access> {
  if ('ref' in choice) return accessOf(view, await namedCredential(view, choice.ref, upstream));
  if (choice.app === null) return { secret: choice.secret, app: null };
  const app = await view.apps.find(choice.app);
  if (app === null) throw new Problem('not_found', `There is no app ${choice.app}; add it first.`);
  const secret = await view.apps.secretOf(app.id);
  return { secret: choice.secret, app: { metaAppId: app.metaAppId, secret } };
}

/** Looked up, or added under `name`: only what holds in this transaction counts. Throws as above. */
export async function credentialOfChoice(
  tx: StoreChange,
  monitor: Monitor,
  {
    name,
    wish: { credential: choice, upstream },
  }: { readonly name: string; readonly wish: Choice },
): Promise<Credential> {
  if ('ref' in choice) return namedCredential(tx, choice.ref, upstream);
  return addCredential(tx, monitor, { name, wish: { ...choice, upstream } });
}

async function namedCredential(
  view: StoreView,
  ref: Extract<CredentialChoice, { ref: string }>['ref'],
  upstream: ChannelWish['upstream'],
): Promise<Credential> {
  const credential = await view.credentials.find(ref);
  if (credential === null) {
    throw new Problem('not_found', `There is no credential ${ref}; add it first.`);
  }
  if (credential.upstream === upstream) return credential;
  throw new Problem(
    'conflict',
    `Credential ${credential.name} is for ${credential.upstream}, the channel is for ${upstream}; ` +
      'name a credential of the same upstream.',
  );
}
