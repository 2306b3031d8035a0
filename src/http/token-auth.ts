/** Who may come in by a bearer token: the administrator, and whoever reads the metrics. Checked here alone. */
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { Budget } from '#monitor/budget.ts';
import type { Clock } from '#ports/clock.ts';
import { networkOf } from './bad-keys.ts';
import type { HttpContext, TokenCheck } from './context.ts';
import type { ProblemReply } from './problem.ts';
import { sendProblem } from './problem.ts';

/** Wrong tokens per address and minute; a right one is never refused, so nobody locks others out. */
const WRONG_TOKENS = { times: 20, windowMs: 60_000, keysMax: 10_000 };
const TOKEN_CHARACTERS_MAX = 512;

const CHALLENGE = { 'www-authenticate': 'Bearer realm="waba-health"' };

/** The sentences for a request without a token, and with a wrong one. */
interface Sentences {
  readonly missing: string;
  readonly wrong: string;
}

const ADMIN: Sentences = {
  missing:
    "The administrator's token is missing: send it as Authorization: Bearer <token>. " +
    'It is in the file admin.token of the data directory.',
  wrong:
    "This is not the administrator's token: " +
    'compare it with the file admin.token of the data directory.',
};

const METRICS: Sentences = {
  missing:
    'The token for the metrics is missing: send the one of --metrics-token-file as ' +
    'Authorization: Bearer <token>.',
  wrong: 'This is not the token of --metrics-token-file.',
};

const NO_METRICS_TOKEN: ProblemReply = {
  code: 'unauthorized',
  detail:
    'Nobody may read the metrics here: start the server with --metrics-token-file <file>, or with ' +
    '--metrics-listen <host:port>.',
  headers: CHALLENGE,
};

/** A hook that lets only requests with the administrator's token pass. */
export function requireAdmin({
  adminToken,
  clock,
}: Pick<HttpContext, 'adminToken' | 'clock'>): onRequestAsyncHookHandler {
  return requireToken(adminToken, clock, ADMIN);
}

/** A hook that lets only requests with the token for the metrics pass. */
export function requireMetricsToken({
  metricsToken,
  clock,
}: Pick<HttpContext, 'metricsToken' | 'clock'>): onRequestAsyncHookHandler {
  if (metricsToken !== null) return requireToken(metricsToken, clock, METRICS);
  return async (_request, reply) => void (await sendProblem(reply, NO_METRICS_TOKEN));
}

function requireToken(
  right: TokenCheck,
  clock: Clock,
  { missing, wrong }: Sentences,
): onRequestAsyncHookHandler {
  const wrongTokens = new Budget(WRONG_TOKENS);

  async function refusalOf(request: FastifyRequest): Promise<ProblemReply | null> {
    const token = bearerTokenOf(request.headers.authorization);
    if (token === null) return { code: 'unauthorized', detail: missing, headers: CHALLENGE };
    if (token.length <= TOKEN_CHARACTERS_MAX && (await right.verify(token))) return null;
    const waitMs = wrongTokens.take(networkOf(request.ip), clock.now());
    if (waitMs > 0) return tooMany(waitMs);
    return { code: 'unauthorized', detail: wrong, headers: CHALLENGE };
  }

  return async (request, reply) => {
    const refusal = await refusalOf(request);
    if (refusal !== null) await sendProblem(reply, refusal);
  };
}

function tooMany(waitMs: number): ProblemReply {
  const seconds = Math.ceil(waitMs / 1000);
  return {
    code: 'too_many_requests',
    detail: `Too many wrong tokens came from this address; try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
  };
}

function bearerTokenOf(header: string | undefined): string | null {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}
