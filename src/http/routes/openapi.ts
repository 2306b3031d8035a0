/** The OpenAPI document, for machines. */
import type { FastifyInstance } from 'fastify';
import { openApiDocument } from '#api/openapi.ts';
import type { HttpContext } from '#http/context.ts';
import { NEVER_STORED } from '#http/problem.ts';

export function registerOpenApi(
  app: FastifyInstance,
  { version }: Pick<HttpContext, 'version'>,
): void {
  let text: string | undefined;
  app.get('/openapi.json', (_request, reply) => {
    text ??= JSON.stringify(openApiDocument(version));
    return reply.headers(NEVER_STORED).type('application/json').send(text);
  });
}
