/** Who may use the management API: whoever has the administrator's token. Checked here and nowhere else. */
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { Budget } from '#monitor/budget.ts';
import { networkOf } from './bad-keys.ts';
import type { HttpContext } from './context.ts';
import type { ProblemReply } from './problem.ts';
import { sendProblem } from './problem.ts';

/** Wrong tokens per address and minute; a right one is never refused, so nobody locks others out. */
const WRONG_TOKENS = { times: 20, windowMs: 60_000, keysMax: 10_000 };
const TOKEN_CHARACTERS_MAX = 512;

const CHALLENGE = { 'www-authenticate': 'Bearer realm="waba-health"' };

const MISSING: ProblemReply = {
  code: 'unauthorized',
  detail:
    "The administrator's token is missing: send it as Authorization: Bearer <token>. " +
    'It is in the file admin.token of the data directory.',
  headers: CHALLENGE,
};

const WRONG: ProblemReply = {
  code: 'unauthorized',
  detail:
    "This is not the administrator's token: " +
    'compare it with the file admin.token of the data directory.',
  headers: CHALLENGE,
};

/** A hook that lets only requests with the administrator's token pass. */
export function requireAdmin({
  adminToken,
  clock,
}: Pick<HttpContext, 'adminToken' | 'clock'>): onRequestAsyncHookHandler {
  const wrongTokens = new Budget(WRONG_TOKENS);

  async function refusalOf(request: FastifyRequest): Promise<ProblemReply | null> {
    const token = bearerTokenOf(request.headers.authorization);
    if (token === null) return MISSING;
    if (token.length <= TOKEN_CHARACTERS_MAX && (await adminToken.verify(token))) return null;
    const waitMs = wrongTokens.take(networkOf(request.ip), clock.now());
    return waitMs === 0 ? WRONG : tooMany(waitMs);
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
