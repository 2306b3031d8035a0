/**
 * Who may import whom. This table is the documentation and the test: `architecture.test.ts` holds every
 * import of `src`, types included, against it. A new arrow is a decision (docs/decisions/0002-layers.md).
 */
export interface Layer {
  /** Other folders of `src` that it may import. */
  readonly may: readonly string[];
  /** npm packages that it may import; `node:` stands for all of Node's own modules. */
  readonly packages: readonly string[];
}

/** A folder named `x/*` stands for each folder below `x`; siblings do not see each other. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  domain: { may: [], packages: [] },
  ports: { may: ['domain'], packages: [] },
  monitor: { may: ['domain', 'ports'], packages: [] },
  api: { may: ['domain'], packages: ['zod'] },
  config: { may: ['domain'], packages: ['zod'] },
  client: { may: ['api', 'domain'], packages: [] },
  'upstreams/*': {
    may: ['domain', 'ports', 'upstreams/transport'],
    packages: ['undici', 'node:'],
  },
  'notifiers/*': {
    may: ['domain', 'ports', 'notifiers/transport'],
    packages: ['undici', 'nodemailer', 'node:'],
  },
  'notifiers/transport': {
    may: ['domain', 'ports', 'upstreams/transport'],
    packages: ['node:'],
  },
  'stores/*': { may: ['domain', 'ports', 'stores/sql'], packages: ['kysely', 'pg', 'node:'] },
  http: {
    may: ['domain', 'ports', 'monitor', 'api'],
    packages: ['fastify', '@scalar/fastify-api-reference', 'prom-client', 'node:'],
  },
  app: {
    may: [
      'domain',
      'ports',
      'monitor',
      'api',
      'config',
      'client',
      'upstreams/*',
      'notifiers/*',
      'stores/*',
      'http',
    ],
    packages: ['pino', 'node:'],
  },
  cli: {
    may: ['api', 'client', 'config', 'domain'],
    packages: ['commander', 'csv-parse', 'node:'],
  },
  simulator: { may: [], packages: ['fastify', 'node:'] },
};

/** Single files that may import more than their folder, each with its reason. */
export const EXCEPTIONS: readonly { file: RegExp; may: readonly string[]; because: string }[] = [
  {
    file: /^src\/cli\/commands\/(serve|demo|db-admin-token|db-copy|db-restore|db-status)\.ts$/,
    may: ['app'],
    because:
      'these commands are the server, or open its store while it is stopped; all others are clients',
  },
];

/** The only files that may read `process.env`: everything else is told its options. */
export const ENVIRONMENT_READERS: readonly string[] = ['src/cli/main.ts', 'src/simulator/main.ts'];
