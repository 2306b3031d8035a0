/** Asks, and tells a good read from everything else (ARCHITECTURE.md invariant 3). */
import type { Failure } from '#domain/failure.ts';
import { isJsonObject } from '#domain/json.ts';
import { reportOf } from '#domain/health-report.ts';
import type { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type { Answer, FieldsAnswer } from '#ports/upstream.ts';
import { valueOfBody } from './body-value.ts';
import type { Request } from './exchange.ts';
import { servedOf } from './meta/served.ts';
import { usageOf } from './meta/usage.ts';
import type { Outlet } from './outlet.ts';
import type { Refusal } from './refusal.ts';
import type { Answered } from './reply.ts';

/** One upstream's way of being asked. */
export interface Asking {
  /** Its name in sentences. */
  readonly by: string;
  readonly outlet: Outlet;
  readonly clock: Clock;
  /** The failure behind an answer that is no good read. */
  failureOf(refusal: Refusal): Failure;
}

/** Good is a 200 whose body is a JSON object with an object `health_status` and no `error`. */
export async function askHealth(
  asking: Asking,
  request: Request,
  secrets: () => readonly Secret[],
): Promise<Answer> {
  const reply = await asking.outlet.get(request);
  if (!reply.ok) return { ok: false, failure: reply.failure, usage: [] };
  const usage = usageOf(reply.headers);
  const value = valueOfBody(reply.body);
  const report = reply.status === 200 ? reportOf(value) : null;
  if (report !== null) {
    return { ok: true, body: reply.body, report, served: servedOf(reply.headers), usage };
  }
  const refusal = { ...about(asking, reply, value), usage, secrets: secrets() };
  return { ok: false, failure: asking.failureOf(refusal), usage };
}

/** Good is a 200 whose body is a JSON object without `error`. */
export async function askFields(
  asking: Asking,
  request: Request,
  secrets: () => readonly Secret[],
): Promise<FieldsAnswer> {
  const reply = await asking.outlet.get(request);
  if (!reply.ok) return reply;
  const value = valueOfBody(reply.body);
  if (reply.status === 200 && isGoodObject(value)) return { ok: true, body: reply.body };
  const usage = usageOf(reply.headers);
  const refusal = { ...about(asking, reply, value), usage, secrets: secrets() };
  return { ok: false, failure: asking.failureOf(refusal) };
}

function about(asking: Asking, reply: Answered, value: unknown) {
  return { by: asking.by, reply, value, now: asking.clock.now() };
}

function isGoodObject(value: unknown): boolean {
  return isJsonObject(value) && (value['error'] === undefined || value['error'] === null);
}
