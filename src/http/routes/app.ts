import type { Answer } from '#api/call.ts';
import type { App } from '#domain/app.ts';
import { Secret } from '#domain/secret.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { putApp, removeApp } from '#monitor/put-app.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf } from './handler.ts';

export const appRoutes: Handlers<'listApps' | 'getApp' | 'putApp' | 'removeApp'> = {
  async listApps({ query }, { monitor }) {
    const page = pageRequestOf(query);
    const { items, next } = await monitor.deps.store.read((view) => view.apps.list(page));
    return { status: 200, body: { items: items.map(appView), next_cursor: cursorOf(next) } };
  },

  async getApp({ params: { ref } }, { monitor }) {
    const { store, webhooks } = monitor.deps;
    return store.read(async (view) => {
      const app = found(await view.apps.find(ref), 'app', ref);
      const secret = await view.apps.secretOf(app.id);
      const webhook = secret && {
        path: `/webhooks/meta/${app.name}`,
        verify_token: webhooks.verifyTokenOf(app.metaAppId, secret),
      };
      return { status: 200, body: { ...appView(app), webhook } };
    });
  },

  async putApp({ params: { ref }, body }, { monitor }) {
    const { app, created } = await putApp(monitor, ref, {
      metaAppId: body.meta_app_id,
      ours: body.ours,
      secret: secretOf(body.secret),
    });
    return { status: created ? 201 : 200, body: appView(app) };
  },

  async removeApp({ params: { ref } }, { monitor }) {
    await removeApp(monitor, ref);
    return { status: 204, body: undefined };
  },
};

function secretOf(given: string | null | undefined): Secret | null | 'keep' {
  if (given === undefined) return 'keep';
  return given === null ? null : new Secret(given);
}

function appView(app: App): Answer<'listApps'>['body']['items'][number] {
  return {
    id: app.id,
    name: app.name,
    meta_app_id: app.metaAppId,
    ours: app.ours,
    has_secret: app.hasSecret,
    created_at: timestampOf(app.createdAt),
    updated_at: timestampOf(app.updatedAt),
  };
}
