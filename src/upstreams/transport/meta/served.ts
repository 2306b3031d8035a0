/** What the headers tell about the one who served the answer (docs/meta.md §4.2). */
import type { Served } from '#domain/snapshot.ts';
import { headerOf } from '#upstreams/transport/reply.ts';
import type { ReplyHeaders } from '#upstreams/transport/reply.ts';
import { traceIdOf } from './meta-error.ts';

/** The version that really served it, and Meta's support handle; null where the headers are silent. */
export function servedOf(headers: ReplyHeaders): Served {
  const version = headerOf(headers, 'facebook-api-version');
  return {
    version: version !== null && /^v\d{1,3}\.\d{1,3}$/.test(version) ? version : null,
    traceId:
      traceIdOf(headerOf(headers, 'x-fb-trace-id')) ??
      traceIdOf(headerOf(headers, 'x-fb-request-id')),
  };
}
