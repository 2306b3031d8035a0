/** The access with which a credential asks: its secret, and for a Graph token its app's. */
import type { Credential } from '#domain/credential.ts';
import type { Access } from '#ports/upstream.ts';
import type { StoreView } from '#ports/store.ts';

/** Reads the secrets of this credential within a transaction. */
export async function accessOf(view: StoreView, credential: Credential): Promise<Access> {
  const secret = await view.credentials.secretOf(credential.id);
  if (credential.appId === null) return { secret, app: null };
  const app = await view.apps.find(credential.appId);
  if (app === null) return { secret, app: null };
  const appSecret = app.hasSecret ? await view.apps.secretOf(app.id) : null;
  return { secret, app: { metaAppId: app.metaAppId, secret: appSecret } };
}
