/** Adds a Meta app or replaces what is known of it; removes it. */
import type { App } from '#domain/app.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Monitor } from './monitor.ts';
import { invalidRequest, isMetaId, requireName } from './name-check.ts';

export interface AppWish {
  readonly metaAppId: string;
  readonly ours: boolean;
  /** `keep`: the one that is stored; null: none. */
  readonly secret: Secret | null | 'keep';
}

/** Throws Problem `invalid_request`, `conflict`. The name is the identity: a known one is replaced. */
export async function putApp(
  monitor: Monitor,
  name: string,
  wish: AppWish,
): Promise<{ readonly app: App; readonly created: boolean }> {
  requireName(name);
  if (!isMetaId(wish.metaAppId)) {
    throw invalidRequest([{ at: 'meta_app_id', message: 'must be an id of Meta: 1 to 32 digits' }]);
  }
  const done = await monitor.deps.store.change(async (tx) => {
    const existing = await tx.apps.find(name);
    if (existing === null) return { app: await add(tx, monitor, { name, wish }), created: true };
    return { app: await replace(tx, monitor, { existing, wish }), created: false };
  });
  monitor.schedule.credentialChanged(done.app.id);
  return done;
}

async function add(
  tx: StoreChange,
  { deps: { ids, clock } }: Monitor,
  { name, wish }: { readonly name: string; readonly wish: AppWish },
): Promise<App> {
  const now = clock.now();
  const { metaAppId, ours } = wish;
  const secret = wish.secret === 'keep' ? null : wish.secret;
  const hasSecret = secret !== null;
  const app = { id: ids.next('app'), name, metaAppId, ours, hasSecret, createdAt: now };
  await tx.apps.add({ ...app, updatedAt: now }, secret);
  return { ...app, updatedAt: now };
}

async function replace(
  tx: StoreChange,
  { deps: { clock } }: Monitor,
  { existing, wish }: { readonly existing: App; readonly wish: AppWish },
): Promise<App> {
  const { metaAppId, ours, secret } = wish;
  const hasSecret = secret === 'keep' ? existing.hasSecret : secret !== null;
  const app = { ...existing, metaAppId, ours, hasSecret, updatedAt: clock.now() };
  await tx.apps.replace(app, secret);
  return app;
}

/** Throws Problem `not_found`, and `in_use` while a credential belongs to it. */
export async function removeApp({ deps: { store } }: Monitor, ref: string): Promise<void> {
  await store.change(async (tx) => {
    const app = await tx.apps.find(ref);
    if (app === null) throw new Problem('not_found', `There is no app ${ref}.`);
    await tx.apps.remove(app.id);
  });
}
