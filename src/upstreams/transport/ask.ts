/** Asks, and tells a good read from everything else (ARCHITECTURE.md invariant 3). */
import type { Failure } from '#domain/failure.ts';
import { isJsonObject } from '#domain/json.ts';
import { reportOf } from '#domain/health-report.ts';
import type { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type { Answer, FieldsAnswer, Usage } from '#ports/upstream.ts';
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

/** What came back, and what must not be told of it. */
export interface Heard {
  readonly reply: Answered;
  /** The body's JSON value; undefined when it is none. */
  readonly value: unknown;
  readonly usage: readonly Usage[];
  readonly secrets: () => readonly Secret[];
}

/** The value of a good answer, or why there is none. */
export type ValueAnswer =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly failure: Failure; readonly heard: Heard | null };

export async function askHealth(
  asking: Asking,
  request: Request,
  secrets: () => readonly Secret[],
): Promise<Answer> {
  const reply = await asking.outlet.ask(request);
  if (!reply.ok) return { ok: false, failure: reply.failure, usage: [] };
  return healthAnswer(asking, heardFrom(reply, secrets));
}

/**
 * The answer in a reply, whether it came alone or in a batch. Good is a 200 whose body is a JSON object
 * with an object `health_status` and no `error`.
 */
export function healthAnswer(asking: Asking, heard: Heard): Answer {
  const { reply, value, usage } = heard;
  const report = reply.status === 200 ? reportOf(value) : null;
  if (report !== null) {
    return { ok: true, body: reply.body, report, served: servedOf(reply.headers), usage };
  }
  const failure = asking.failureOf(refusalOf(asking, heard, 'health_status'));
  return { ok: false, failure, usage };
}

/** Good is a 200 whose body is a JSON object without `error`. */
export async function askFields(
  asking: Asking,
  request: Request,
  secrets: () => readonly Secret[],
): Promise<FieldsAnswer> {
  const reply = await asking.outlet.ask(request);
  if (!reply.ok) return reply;
  const heard = heardFrom(reply, secrets);
  if (reply.status === 200 && isGoodObject(heard.value)) return { ok: true, body: reply.body };
  return { ok: false, failure: asking.failureOf(refusalOf(asking, heard, 'health_status')) };
}

/** The same for an answer of which the value is wanted, not the bytes. */
export async function askValue(
  asking: Asking,
  request: Request,
  secrets: () => readonly Secret[],
): Promise<ValueAnswer> {
  const reply = await asking.outlet.ask(request);
  if (!reply.ok) return { ...reply, heard: null };
  return valueAnswer(asking, heardFrom(reply, secrets));
}

/** The value in a reply, whether it came alone or in a batch. */
export function valueAnswer(asking: Asking, heard: Heard): ValueAnswer {
  const { reply, value } = heard;
  if (reply.status === 200 && isGoodObject(value)) return { ok: true, value };
  const failure = asking.failureOf(refusalOf(asking, heard, 'an error that says why'));
  return { ok: false, failure, heard };
}

export function heardFrom(reply: Answered, secrets: () => readonly Secret[]): Heard {
  return { reply, value: valueOfBody(reply.body), usage: usageOf(reply.headers), secrets };
}

/** `wanted` names what a good answer would have had. */
export function refusalOf(asking: Asking, heard: Heard, wanted: string): Refusal {
  const { reply, value, usage, secrets } = heard;
  const now = asking.clock.now();
  return { by: asking.by, wanted, reply, value, usage, secrets: secrets(), now };
}

function isGoodObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isJsonObject(value) && (value['error'] === undefined || value['error'] === null);
}
