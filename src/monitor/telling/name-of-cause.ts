/** How we call what an incident is about, where it is something of ours: a credential, an app, a receiver. */
import type { Cause } from '#domain/incidents/cause.ts';
import type { StoreView } from '#ports/store.ts';

/** Apps that are looked through: few have more than a handful. */
const APPS_MAX = 500;

/** Null where it has no name of ours, or where that is gone. */
export async function nameOfCause(
  view: StoreView,
  { kind, type, ref }: Cause,
): Promise<string | null> {
  if (ref === null) return null;
  if (kind === 'receiver') return (await view.receivers.find(ref))?.name ?? null;
  if (kind === 'entity' && type === 'APP') return appName(view, ref);
  const [credential = ''] = ref.split('/');
  if (!credential.startsWith('cr_')) return null;
  return (await view.credentials.find(credential))?.name ?? null;
}

async function appName(view: StoreView, metaAppId: string): Promise<string | null> {
  const { items } = await view.apps.list({ after: null, limit: APPS_MAX });
  return items.find((app) => app.metaAppId === metaAppId)?.name ?? null;
}
