import type { Credential } from '#domain/credential.ts';
import { Secret } from '#domain/secret.ts';
import type { HttpContext } from '#http/context.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { putCredential, removeCredential } from '#monitor/put-credential.ts';
import { rotateCredential } from '#monitor/rotate-credential.ts';
import { inspectCredential } from '#monitor/watch-credentials.ts';
import { channelHealthView } from './channel-health-view.ts';
import type { CredentialView } from './credential-view.ts';
import { credentialViews } from './credential-view.ts';
import type { Handlers } from './handler.ts';
import { found } from './handler.ts';

export const credentialRoutes: Handlers<
  | 'listCredentials'
  | 'getCredential'
  | 'putCredential'
  | 'rotateCredential'
  | 'removeCredential'
  | 'inspectCredential'
> = {
  async listCredentials({ query }, { monitor, clock }) {
    const request = pageRequestOf(query);
    return monitor.deps.store.read(async (view) => {
      const { items, next } = await view.credentials.list(request);
      const body = {
        items: await credentialViews(view, items, clock.now()),
        next_cursor: cursorOf(next),
      };
      return { status: 200, body };
    });
  },

  async getCredential({ params: { ref } }, context) {
    return { status: 200, body: await shownByRef(ref, context) };
  },

  async inspectCredential({ params: { ref } }, context) {
    await inspectCredential(context.monitor.deps, ref);
    return { status: 200, body: await shownByRef(ref, context) };
  },

  async putCredential({ params: { ref }, body }, context) {
    const { credential, created } = await putCredential(context.monitor, ref, {
      upstream: body.upstream,
      secret: body.secret === undefined ? 'keep' : new Secret(body.secret),
      app: body.app,
      billedBy: body.billed_by,
    });
    return { status: created ? 201 : 200, body: await shown(credential, context) };
  },

  async rotateCredential({ params: { ref }, body }, context) {
    const { monitor } = context;
    const { credential, channel } = await rotateCredential(monitor, ref, new Secret(body.secret));
    const row =
      channel === null
        ? null
        : await monitor.deps.store.read((view) => view.channels.findRow(channel.id));
    const health = row && channelHealthView({ ...row, billedBy: credential.billedBy }, context);
    return { status: 200, body: { credential: await shown(credential, context), health } };
  },

  async removeCredential({ params: { ref } }, { monitor }) {
    await removeCredential(monitor, ref);
    return { status: 204, body: undefined };
  },
};

async function shownByRef(ref: string, context: HttpContext): Promise<CredentialView> {
  const { store } = context.monitor.deps;
  const credential = await store.read((view) => view.credentials.find(ref));
  return shown(found(credential, 'credential', ref), context);
}

function shown(credential: Credential, { monitor, clock }: HttpContext): Promise<CredentialView> {
  return monitor.deps.store.read(async (view) => {
    const [only] = await credentialViews(view, [credential], clock.now());
    if (only === undefined) throw new Error('one credential gave no view');
    return only;
  });
}
