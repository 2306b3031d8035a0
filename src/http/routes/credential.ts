import type { Answer } from '#api/call.ts';
import type { Credential } from '#domain/credential.ts';
import { Secret } from '#domain/secret.ts';
import type { HttpContext } from '#http/context.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { putCredential, removeCredential } from '#monitor/put-credential.ts';
import { rotateCredential } from '#monitor/rotate-credential.ts';
import type { StoreView } from '#ports/store.ts';
import { channelHealthView } from './channel-health-view.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf } from './handler.ts';
import type { Link } from './names.ts';
import { appLinks } from './names.ts';

type View = Answer<'getCredential'>['body'];

export const credentialRoutes: Handlers<
  'listCredentials' | 'getCredential' | 'putCredential' | 'rotateCredential' | 'removeCredential'
> = {
  async listCredentials({ query }, { monitor }) {
    const request = pageRequestOf(query);
    return monitor.deps.store.read(async (view) => {
      const { items, next } = await view.credentials.list(request);
      const body = { items: await viewsOf(view, items), next_cursor: cursorOf(next) };
      return { status: 200, body };
    });
  },

  async getCredential({ params: { ref } }, { monitor }) {
    return monitor.deps.store.read(async (view) => {
      const credential = found(await view.credentials.find(ref), 'credential', ref);
      return { status: 200, body: await viewOf(view, credential) };
    });
  },

  async putCredential({ params: { ref }, body }, { monitor }) {
    const { credential, created } = await putCredential(monitor, ref, {
      upstream: body.upstream,
      secret: body.secret === undefined ? 'keep' : new Secret(body.secret),
      app: body.app,
      billedBy: body.billed_by,
    });
    return { status: created ? 201 : 200, body: await shown(credential, monitor) };
  },

  async rotateCredential({ params: { ref }, body }, context) {
    const { monitor } = context;
    const { credential, channel } = await rotateCredential(monitor, ref, new Secret(body.secret));
    const row =
      channel === null
        ? null
        : await monitor.deps.store.read((view) => view.channels.findRow(channel.id));
    const health = row && channelHealthView({ ...row, billedBy: credential.billedBy }, context);
    return { status: 200, body: { credential: await shown(credential, monitor), health } };
  },

  async removeCredential({ params: { ref } }, { monitor }) {
    await removeCredential(monitor, ref);
    return { status: 204, body: undefined };
  },
};

function shown(credential: Credential, { deps }: HttpContext['monitor']): Promise<View> {
  return deps.store.read((view) => viewOf(view, credential));
}

async function viewOf(view: StoreView, credential: Credential): Promise<View> {
  return credentialView(credential, await linksFor(view, [credential]));
}

async function viewsOf(view: StoreView, credentials: readonly Credential[]): Promise<View[]> {
  const apps = await linksFor(view, credentials);
  return credentials.map((credential) => credentialView(credential, apps));
}

function linksFor(view: StoreView, credentials: readonly Credential[]) {
  return appLinks(
    view,
    credentials.flatMap(({ appId }) => appId ?? []),
  );
}

function credentialView(credential: Credential, apps: ReadonlyMap<string, Link>): View {
  return {
    id: credential.id,
    name: credential.name,
    upstream: credential.upstream,
    app: credential.appId === null ? null : (apps.get(credential.appId) ?? null),
    billed_by: credential.billedBy,
    secret_hint: credential.secretHint,
    created_at: timestampOf(credential.createdAt),
    rotated_at: timestampOf(credential.rotatedAt),
  };
}
