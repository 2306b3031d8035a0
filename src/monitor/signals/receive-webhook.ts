/**
 * Webhooks as they come in: held against their signature, stored, and answered. What they say is looked at
 * afterwards, so that whoever sent one waits for one commit at most.
 */
import type { App } from '#domain/app.ts';
import type { ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { Deps } from '#monitor/deps.ts';
import type { ReceivedWebhook } from '#ports/signals.ts';
import type { WebhookReading } from '#ports/webhooks.ts';
import { WEBHOOK_UPDATES_MAX } from '#ports/webhooks.ts';

export interface Subscriber {
  readonly app: App;
  readonly secret: Secret;
}

/** The app by name or id, with its secret. Throws Problem `not_found` where either is missing. */
export async function subscriberOf({ store }: Pick<Deps, 'store'>, ref: string) {
  return store.read(async (view): Promise<Subscriber> => {
    const app = await view.apps.find(ref);
    const secret = app && (await view.apps.secretOf(app.id));
    if (app !== null && secret !== null) return { app, secret };
    const what =
      app === null
        ? 'There is no app of this name here: its webhooks go to /webhooks/meta/<name of the app>.'
        : 'The secret of this app is not known here, so that no webhook of it can be believed: ' +
          'give it with `waba-health apps add`.';
    throw new Problem('not_found', what);
  });
}

/** What Meta wants to see when somebody subscribes: the same verify token. */
export function isSubscriber({ webhooks }: Pick<Deps, 'webhooks'>, by: Subscriber, token: string) {
  return webhooks.isSame(webhooks.verifyTokenOf(by.app.metaAppId, by.secret), token);
}

/**
 * Stores a webhook from Meta that has its signature. Throws Problem `unauthorized` for another signature,
 * `invalid_request` for what is no webhook, `store_unavailable`.
 */
export async function receiveFromMeta(
  deps: Deps,
  { app, secret }: Subscriber,
  sent: { readonly body: Uint8Array; readonly signature: string },
): Promise<void> {
  if (!deps.webhooks.isSigned(sent.body, sent.signature, secret)) {
    const message =
      'The signature is not that of this app over this body: X-Hub-Signature-256 must be made with ' +
      'the secret of the app over the bytes as they are sent.';
    throw new Problem('unauthorized', message);
  }
  await receive(deps, sent.body, { source: 'meta', ref: app.id });
}

/** Stores a webhook that 360dialog passes on for this channel, and throws as `receiveFromMeta` does. */
export async function receiveFromDialog360(
  deps: Deps,
  channelId: ChannelId,
  body: Uint8Array,
): Promise<void> {
  await receive(deps, body, { source: 'dialog360', ref: channelId });
}

async function receive(
  { webhooks, store, digest, clock }: Deps,
  body: Uint8Array,
  from: Pick<ReceivedWebhook, 'source' | 'ref'>,
): Promise<void> {
  const read = webhooks.read(body);
  if (!read.ok) throw new Problem('invalid_request', SENTENCES[read.why]);
  const { kept } = read;
  // Most are messages without an error: of them there is nothing to remember.
  if (kept === null) return;
  const received = { hash: digest.sha256Hex(body), receivedAt: clock.now(), body: kept, ...from };
  await store.change((tx) => tx.signals.receive(received));
}

const SENTENCES: Readonly<Record<Extract<WebhookReading, { ok: false }>['why'], string>> = {
  no_json: 'The body is no JSON in UTF-8, or nests too deep.',
  no_envelope: 'The body is no webhook of Meta: it needs "object" and a list "entry".',
  too_many_updates: `The body has more than the ${WEBHOOK_UPDATES_MAX} updates that a webhook may have.`,
};
