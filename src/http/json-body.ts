/** Reads JSON bodies, and no others. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/problem.ts';

/** Replaces the body parsers of this part of the application. An empty body is none. */
export function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, body.byteLength === 0 ? undefined : jsonOf(body));
      } catch (error) {
        const message =
          'The body is no JSON: it must be one value in UTF-8, such as {"meta_app_id": "1234567890"}.';
        done(new Problem('invalid_request', message, { cause: error }));
      }
    },
  );
}

function jsonOf(body: Buffer): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
}
