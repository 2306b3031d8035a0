/**
 * The doors through which hints come in. Each answers as soon as what came is stored, and whatever it says is
 * looked at later. Refusals have the contract's shape, `{"error": …}`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#domain/problem.ts';
import { resolveKey, unauthorized } from '#http/api-key-auth.ts';
import type { KeyContext } from '#http/api-key-auth.ts';
import type { HttpContext } from '#http/context.ts';
import { errorReply, jsonReply, retryAfter, sendReply } from '#http/reply.ts';
import type { Reply } from '#http/reply.ts';
import { apiKeyIn } from '#http/request-headers.ts';
import {
  isSubscriber,
  receiveFromDialog360,
  receiveFromMeta,
  subscriberOf,
} from '#monitor/signals/receive-webhook.ts';
import { WEBHOOK_BYTES_MAX } from '#ports/webhooks.ts';

interface Named {
  readonly Params: { readonly ref: string };
}

/** How long a sender should wait for a store that is away. */
const STORE_RETRY_MS = 5_000;

/** `GET` and `POST /webhooks/meta/<app>`. */
export function registerMetaWebhooks(app: FastifyInstance, context: HttpContext): void {
  void app.register(async (scope) => {
    takeBytes(scope, context);
    scope.get<Named>('/webhooks/meta/:ref', { exposeHeadRoute: false }, async (request, reply) =>
      take(reply, await subscription(request, context)),
    );
    scope.post<Named>(
      '/webhooks/meta/:ref',
      {
        bodyLimit: WEBHOOK_BYTES_MAX,
        // Before the body is read: what is not signed is not worth reading.
        onRequest: async ({ headers }) => void signatureIn(headers, context),
      },
      async (request, reply) => {
        const subscriber = await subscriberOf(context.monitor.deps, request.params.ref);
        const signature = signatureIn(request.headers, context);
        const body = bytesOf(request);
        await receiveFromMeta(context.monitor.deps, subscriber, { body, signature });
        return take(reply, jsonReply(200, { received: true }));
      },
    );
  });
}

/** `POST /webhooks/dialog360/<channel>`. */
export function registerDialog360Webhooks(app: FastifyInstance, about: KeyContext): void {
  const { context } = about;
  void app.register(async (scope) => {
    takeBytes(scope, context);
    scope.post<Named>(
      '/webhooks/dialog360/:ref',
      {
        bodyLimit: WEBHOOK_BYTES_MAX,
        onRequest: async (request, reply) => {
          const refusal = await refusalOf(request, about);
          return refusal === null ? undefined : take(reply, refusal);
        },
      },
      async (request, reply) => {
        const channel = await channelOf(request, context);
        if (channel === null) return take(reply, unauthorized());
        await receiveFromDialog360(context.monitor.deps, channel.id, bytesOf(request));
        return take(reply, jsonReply(200, { received: true }));
      },
    );
  });
}

/** Bodies as bytes, whatever they are called, and errors in the contract's shape. */
export function takeBytes(scope: FastifyInstance, context: HttpContext): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  scope.setErrorHandler((error, request, reply) => {
    const answer = replyOf(error);
    if (answer.status >= 500) {
      const route = request.routeOptions.url ?? '(no route)';
      const { events } = context.monitor.deps;
      events.emit('request_failed', { method: request.method, route, error });
    }
    return take(reply, answer);
  });
}

/** Sends it past Fastify's own headers. */
export function take(reply: FastifyReply, answer: Reply): FastifyReply {
  reply.hijack();
  sendReply(reply.raw, answer);
  return reply;
}

export function bytesOf({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}

/** What Meta asks once, when somebody subscribes (docs/meta.md §5.1). */
async function subscription(request: FastifyRequest<Named>, context: HttpContext): Promise<Reply> {
  const { deps } = context.monitor;
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
  const challenge = query.get('hub.challenge') ?? '';
  if (query.get('hub.mode') !== 'subscribe' || !/^[A-Za-z0-9_-]{1,200}$/.test(challenge)) {
    const error = 'Meta asks here with hub.mode=subscribe, hub.challenge and hub.verify_token.';
    return errorReply(400, error);
  }
  const subscriber = await subscriberOf(deps, request.params.ref);
  if (!isSubscriber(deps, subscriber, query.get('hub.verify_token') ?? '')) {
    const error =
      'This is not the verify token of this app: `waba-health apps show` says which one is.';
    return errorReply(403, error);
  }
  return plainReply(challenge);
}

/** Throws Problem `unauthorized` for what has not the form of a signature. */
function signatureIn(headers: FastifyRequest['headers'], { monitor }: HttpContext): string {
  const signature = headers['x-hub-signature-256'];
  if (typeof signature === 'string' && monitor.deps.webhooks.isSignature(signature)) {
    return signature;
  }
  const message = 'A webhook of Meta has a header X-Hub-Signature-256: sha256=<64 hex digits>.';
  throw new Problem('unauthorized', message);
}

/** Whether the key in the headers opens this channel; null when it does. */
async function refusalOf(request: FastifyRequest, about: KeyContext): Promise<Reply | null> {
  const { headers, socket } = request.raw;
  const key = await resolveKey(keyIn(headers), socket.remoteAddress, about);
  if ('status' in key) return key;
  const ref = String(Object(request.params).ref);
  const { store } = about.context.monitor.deps;
  const channel = await store.read((view) => view.channels.find(ref));
  return channel?.id === key.channelId ? null : unauthorized();
}

function channelOf({ params: { ref } }: FastifyRequest<Named>, { monitor }: HttpContext) {
  return monitor.deps.store.read((view) => view.channels.find(ref));
}

/** As our own header has it, or as `Authorization: Bearer`, which any relay can be told to send. */
function keyIn(headers: FastifyRequest['headers']): string | null {
  const own = headers['d360-api-key'];
  if (own !== undefined) return apiKeyIn(own);
  return apiKeyIn(/^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]);
}

/** The challenge comes from outside: it is never anything but text. */
function plainReply(body: string): Reply {
  const headers = ['Content-Type', 'text/plain', 'Content-Length', String(body.length)];
  const safe = ['X-Content-Type-Options', 'nosniff', 'Cache-Control', 'no-store'];
  return { status: 200, headers: [...headers, ...safe], body };
}

const STATUSES: Partial<Record<Problem['code'], number>> = {
  invalid_request: 400,
  unauthorized: 401,
  not_found: 404,
  store_unavailable: 503,
};

/** Our own sentences are shown; of anything else only the log knows. */
function replyOf(error: unknown): Reply {
  if (error instanceof Problem) {
    const status = STATUSES[error.code] ?? 500;
    return errorReply(status, error.message, status === 503 ? retryAfter(STORE_RETRY_MS) : []);
  }
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  if (status === 413) return errorReply(413, 'The body is larger than is taken here.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return errorReply(400, 'The body does not have the length that its Content-Length says.');
  }
  return errorReply(500, 'An error of waba-health ended this request. Send it again later.');
}
