/** Puts the management API, the probes and the documentation onto a Fastify application. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EXPORT_OPERATION } from '#api/export-operation.ts';
import { API_PREFIX } from '#api/operation.ts';
import type { Operation } from '#api/operation.ts';
import { OPERATIONS } from '#api/operations.ts';
import { parse } from '#api/parse.ts';
import type { HttpContext } from '#http/context.ts';
import { invalidRequest } from '#monitor/name-check.ts';
import { BadKeys } from '#http/bad-keys.ts';
import { acceptOnlyJson } from '#http/json-body.ts';
import { requireAdmin } from '#http/token-auth.ts';
import { NEVER_STORED, sendError, sendProblem } from '#http/problem.ts';
import { apiKeyRoutes } from './api-key.ts';
import { appRoutes } from './app.ts';
import { channelRoutes } from './channel.ts';
import { checkRoutes } from './check.ts';
import { credentialRoutes } from './credential.ts';
import { decisionRoutes } from './decision.ts';
import { deliveryRoutes } from './delivery.ts';
import { registerDocs } from './docs.ts';
import type { Handlers } from './handler.ts';
import { registerExport } from './export.ts';
import { historyRoutes } from './history.ts';
import { registerIncidentPages } from './incident-page.ts';
import { incidentRoutes } from './incident.ts';
import { instanceRoutes } from './instance.ts';
import { registerMetrics } from './metrics.ts';
import { registerOpenApi } from './openapi.ts';
import { receiverRoutes } from './receiver.ts';
import { ruleRoutes } from './rule.ts';
import { silenceRoutes } from './silence.ts';
import { storeRoutes } from './store.ts';
import { registerSendErrors } from './send-error.ts';
import { signalRoutes } from './signal.ts';
import { registerDialog360Webhooks, registerMetaWebhooks } from './webhook.ts';
import { statusRoutes } from './status.ts';
import { registerProbes } from './probe.ts';
import { seenNumberRoutes } from './seen-number.ts';

const BODY_BYTES_MAX = 65_536;

/** A handler for each operation of the table: one that is missing does not compile. */
const HANDLERS: Handlers = {
  ...appRoutes,
  ...credentialRoutes,
  ...channelRoutes,
  ...decisionRoutes,
  ...seenNumberRoutes,
  ...checkRoutes,
  ...apiKeyRoutes,
  ...historyRoutes,
  ...instanceRoutes,
  ...signalRoutes,
  ...statusRoutes,
  ...storeRoutes,
  ...incidentRoutes,
  ...receiverRoutes,
  ...ruleRoutes,
  ...silenceRoutes,
  ...deliveryRoutes,
};

export function registerManagement(app: FastifyInstance, context: HttpContext): void {
  registerProbes(app, context);
  registerMetrics(app, context);
  registerOpenApi(app, context);
  registerDocs(app);
  if (context.incidentLinks !== null) registerIncidentPages(app, context, context.incidentLinks);
  registerHints(app, context);
  void app.register(
    async (api) => {
      acceptOnlyJson(api);
      api.addHook('onRequest', forbidStoring);
      api.addHook('onRequest', requireAdmin(context));
      api.setErrorHandler((error, request, reply) =>
        sendError(error, { request, reply, events: context.monitor.deps.events }),
      );
      api.setNotFoundHandler(answerUnknown);
      for (const [name, operation] of Object.entries(OPERATIONS)) {
        route(api, { operation, handler: handlerOf(name), context });
      }
      registerExport(api, context);
    },
    { prefix: API_PREFIX },
  );
}

function registerHints(app: FastifyInstance, context: HttpContext): void {
  const about = { context, badKeys: new BadKeys(context.clock) };
  registerMetaWebhooks(app, context);
  registerDialog360Webhooks(app, about);
  registerSendErrors(app, about);
}

async function forbidStoring(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  void reply.headers(NEVER_STORED);
}

type AnyHandler = (
  input: { params: unknown; query: unknown; body: unknown },
  context: HttpContext,
) => Promise<{ readonly status: number; readonly body: unknown }>;

function handlerOf(name: string): AnyHandler {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table ties each name to its types
  return HANDLERS[name as keyof typeof HANDLERS] as AnyHandler;
}

function route(
  api: FastifyInstance,
  about: { operation: Operation; handler: AnyHandler; context: HttpContext },
): void {
  const { operation, handler, context } = about;
  api.route({
    method: operation.method,
    url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit: BODY_BYTES_MAX,
    handler: async (request, reply) => {
      const { status, body } = await handler(inputOf(operation, request), context);
      return reply.code(status).send(body);
    },
  });
}

/** What the request says, validated; all that is wrong with it at once as Problem `invalid_request`. */
function inputOf(operation: Operation, request: FastifyRequest) {
  const params = parse(operation.params, request.params, 'path');
  const query = parse(operation.query, request.query, 'query');
  const body = bodyOf(operation, request.body);
  if (params.ok && query.ok && body.ok) {
    return { params: params.value, query: query.value, body: body.value };
  }
  throw invalidRequest([params, query, body].flatMap((part) => (part.ok ? [] : part.items)));
}

function bodyOf(operation: Operation, given: unknown): ReturnType<typeof parse> {
  // Where every field has a default, no body says as much as {}.
  if (operation.body !== null) return parse(operation.body, given ?? {}, 'body');
  if (given === undefined) return { ok: true, value: undefined };
  return { ok: false, items: [{ at: 'body', message: 'is not taken here; send none' }] };
}

/** A path that exists with other methods is told apart from one that does not. */
function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '';
  const methods = [...Object.values(OPERATIONS), EXPORT_OPERATION]
    .filter((operation) => patternOf(operation).test(path))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  if (methods.length === 0) {
    const detail = `Nothing is answered at this path. /openapi.json lists all that is.`;
    return sendProblem(reply, { code: 'not_found', detail });
  }
  const allow = methods.join(', ');
  const detail = `This path takes ${allow}, not ${request.method}.`;
  return sendProblem(reply, { code: 'method_not_allowed', detail, headers: { allow } });
}

function patternOf({ path }: Pick<Operation, 'path'>): RegExp {
  return new RegExp(`^${API_PREFIX}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
