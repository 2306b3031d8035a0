/**
 * `/livez` and `/readyz` in the format of the Kubernetes API server: machines read the status code,
 * people `?verbose`. Reasons of a failure are for the log, not for whoever can reach the port.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpContext, ReadinessCheck } from '#http/context.ts';
import { NEVER_STORED } from '#http/problem.ts';

const EXCLUDES_MAX = 20;
const NAME_CHARACTERS_MAX = 100;

/** Who can answer is alive. */
const ALIVE: readonly ReadinessCheck[] = [{ name: 'ping', ok: true, detail: null }];

export function registerProbes(app: FastifyInstance, context: Pick<HttpContext, 'ready'>): void {
  registerProbe(app, 'livez', () => ALIVE);
  registerProbe(app, 'readyz', context.ready);
}

function registerProbe(
  app: FastifyInstance,
  probe: string,
  checks: () => readonly ReadinessCheck[],
): void {
  app.get(`/${probe}`, (request, reply) => answer(reply, outcomeOf(probe, checks(), request)));
  app.get<{ Params: { name: string } }>(`/${probe}/:name`, (request, reply) => {
    const check = checks().find(({ name }) => name === request.params.name);
    if (check === undefined) return answer(reply, { status: 404, text: 'no such check\n' });
    return answer(
      reply,
      check.ok
        ? { status: 200, text: 'ok' }
        : { status: 500, text: 'internal server error: reason withheld\n' },
    );
  });
}

interface Outcome {
  readonly status: number;
  readonly text: string;
}

function answer(reply: FastifyReply, { status, text }: Outcome): FastifyReply {
  return reply.code(status).headers(NEVER_STORED).type('text/plain; charset=utf-8').send(text);
}

function outcomeOf(
  probe: string,
  checks: readonly ReadinessCheck[],
  request: FastifyRequest,
): Outcome {
  const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
  const excluded = new Set(query.getAll('exclude').slice(0, EXCLUDES_MAX));
  const considered = checks.filter(({ name }) => !excluded.has(name));
  const isGood = considered.every(({ ok }) => ok);
  if (isGood && !query.has('verbose')) return { status: 200, text: 'ok' };
  const lines = [
    ...checks.flatMap((check) => linesOf(check, excluded)),
    ...unknownExcludes(checks, excluded),
    `${probe} check ${isGood ? 'passed' : 'failed'}`,
  ];
  return { status: isGood ? 200 : 500, text: `${lines.join('\n')}\n` };
}

function linesOf({ name, ok, detail }: ReadinessCheck, excluded: ReadonlySet<string>): string[] {
  if (excluded.has(name)) return [`[+]${name} excluded: ok`];
  if (!ok) return [`[-]${name} failed: reason withheld`];
  return detail === null ? [`[+]${name} ok`] : [`[+]${name} ok`, `warn: ${name}: ${detail}`];
}

function unknownExcludes(checks: readonly ReadinessCheck[], excluded: ReadonlySet<string>) {
  const unknown = [...excluded].filter((name) => checks.every((check) => check.name !== name));
  if (unknown.length === 0) return [];
  const names = unknown.map(quoted).join(', ');
  return [`warn: some health checks cannot be excluded: no matches for ${names}`];
}

/** A name from outside: printable ASCII only, and not endless. */
function quoted(name: string): string {
  return `"${name.slice(0, NAME_CHARACTERS_MAX).replaceAll(/[^\x20-\x7e]|["\\]/g, '?')}"`;
}
