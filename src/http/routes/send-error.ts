/** `POST /v1/signals`: send errors that a client saw, reported with the API key that it asks with. */
import type { FastifyInstance } from 'fastify';
import { parse } from '#api/parse.ts';
import { sendErrorReport } from '#api/send-error.ts';
import { keyOf } from '#http/api-key-auth.ts';
import type { KeyContext } from '#http/api-key-auth.ts';
import type { Reply } from '#http/reply.ts';
import { errorReply, jsonReply, retryAfter } from '#http/reply.ts';
import { Problem } from '#domain/problem.ts';
import { valueOfJson } from '#domain/json.ts';
import { Budget } from '#monitor/budget.ts';
import { invalidRequest } from '#monitor/name-check.ts';
import { receiveSendErrors } from '#monitor/signals/receive-send-errors.ts';
import { bytesOf, take, takeBytes } from './webhook.ts';

const BODY_BYTES_MAX = 65_536;
/** One report a second is more than anybody needs: errors are counted together. */
const REPORTS = { times: 60, windowMs: 60_000, keysMax: 50_000 };

export function registerSendErrors(app: FastifyInstance, about: KeyContext): void {
  const { context } = about;
  const budget = new Budget(REPORTS);
  void app.register(async (scope) => {
    takeBytes(scope, context);
    scope.post('/v1/signals', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const key = await keyOf(request.raw, about);
      if ('status' in key) return take(reply, key);
      const waitMs = budget.take(key.channelId, context.clock.now());
      if (waitMs > 0) return take(reply, tooMany(waitMs));
      const errors = errorsIn(bytesOf(request));
      await receiveSendErrors(context.monitor.deps, key.channelId, errors);
      return take(reply, jsonReply(202, { counted: errors.length }));
    });
  });
}

function tooMany(waitMs: number): Reply {
  const error = `At most ${REPORTS.times} reports a minute are taken for a channel: count errors together.`;
  return errorReply(429, error, retryAfter(waitMs));
}

/** One error, or a list of them. Throws Problem `invalid_request`. */
function errorsIn(body: Uint8Array) {
  const given = valueOfJson(new TextDecoder().decode(body));
  if (given === undefined) {
    const message = 'The body is no JSON: send {"code": 131042, "http_status": 400, "count": 1}.';
    throw new Problem('invalid_request', message);
  }
  const parsed = parse(sendErrorReport, Array.isArray(given) ? given : [given], 'body');
  if (!parsed.ok) {
    // A single error has no place in a list.
    const place = Array.isArray(given) ? '' : '0.';
    const items = parsed.items.map(({ at, message }) => ({
      at: at.slice(place.length) || 'body',
      message,
    }));
    throw invalidRequest(items);
  }
  return parsed.value.map(({ code, http_status: httpStatus, count }) => {
    return { code: String(code), httpStatus, sends: count };
  });
}
