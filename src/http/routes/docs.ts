/**
 * The API documentation, for people: Scalar's page over `/openapi.json`. Everything comes from here; the
 * policy forbids the browser to load or send anything elsewhere, whatever the page tries.
 */
import { createHash } from 'node:crypto';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';

const SCRIPT_PATH = '/docs/js/scalar.js';
const SCRIPT_KEPT_S = 3600;

/** Off: fonts from elsewhere, telemetry, links to their service, and tokens kept in the browser. */
const CONFIGURATION = {
  url: '/openapi.json',
  pageTitle: 'waba-health API',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  persistAuth: false,
  proxyUrl: '',
  agent: { disabled: true },
  mcp: { disabled: true },
} as const;

interface Docs {
  readonly page: string;
  readonly policy: string;
  readonly script: Buffer;
}

export function registerDocs(app: FastifyInstance): void {
  let loading: Promise<Docs> | undefined;
  const load = () => {
    loading ??= loadDocs().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  app.get('/docs', (_request, reply) => reply.redirect('/docs/', 301));
  app.get('/docs/', async (_request, reply) => {
    const { page, policy } = await load();
    return reply
      .headers({
        'content-security-policy': policy,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      .type('text/html; charset=utf-8')
      .send(page);
  });
  app.get(SCRIPT_PATH, async (_request, reply) => {
    const { script } = await load();
    return reply
      .headers({
        'cache-control': `public, max-age=${SCRIPT_KEPT_S}`,
        'x-content-type-options': 'nosniff',
      })
      .type('text/javascript; charset=utf-8')
      .send(script);
  });
}

/** Scalar is five megabytes, so that it is loaded when somebody reads the page, not at each start. */
async function loadDocs(): Promise<Docs> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  await using workshop = fastify();
  await workshop.register(scalar, { routePrefix: '/docs', configuration: CONFIGURATION });
  const page = await workshop.inject('/docs/');
  const script = await workshop.inject(SCRIPT_PATH);
  if (page.statusCode !== 200 || script.statusCode !== 200) {
    throw new Error(`Scalar answered ${page.statusCode} and ${script.statusCode}.`);
  }
  return { page: page.body, policy: policyOf(page.body), script: script.rawPayload };
}

/** Only our own script runs, and the one within the page by its hash. Scalar styles elements inline. */
function policyOf(page: string): string {
  const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = inline.map(([, text = '']) => {
    return ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  });
  return [
    "default-src 'none'",
    `script-src 'self'${hashes.join('')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
