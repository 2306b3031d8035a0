/** The OpenAPI 3.1 document: the public contract and our own API, derived from their declarations. */
import { z } from 'zod';
import { EXPORT_OPERATION, EXPORT_TYPES } from './export-operation.ts';
import { COMPONENTS } from './field.ts';
import { HINT_PATHS } from './hints-api.ts';
import {
  HEALTH_STATUS_PATH,
  MESSAGING_API_SCHEMAS,
  MESSAGING_API_SECURITY,
} from './messaging-api.ts';
import type { Operation } from './operation.ts';
import { API_PREFIX, COMMON_PROBLEMS } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import type { ApiProblemCode } from './problem.ts';
import { PROBLEMS } from './problem.ts';
import { PROCESS_PATHS } from './process-api.ts';

type JsonObject = Record<string, unknown>;

const ADMINISTRATOR = 'administrator-token';

const DESCRIPTION = `Can your WhatsApp numbers send right now? If not: since when, why, and who must act.

\`GET /health_status\` answers as the Messaging API of 360dialog does, with the same header and bodies.
Everything below \`${API_PREFIX}\` manages the installation and needs the administrator's token. It only grows:
expect fields and words that are new to you. Times are RFC 3339 in UTC. Errors are problem documents (RFC 9457).`;

/** The document of this version of the program: a JSON value. */
export function openApiDocument(version: string): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'waba-health',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: tags(),
    paths: {
      '/health_status': HEALTH_STATUS_PATH,
      ...HINT_PATHS,
      ...managementPaths(),
      ...PROCESS_PATHS,
    },
    components: {
      schemas: { ...MESSAGING_API_SCHEMAS, ...componentSchemas() },
      securitySchemes: {
        ...MESSAGING_API_SECURITY,
        [ADMINISTRATOR]: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token in `admin.token` of the data directory.',
        },
      },
    },
  };
}

function tags(): { name: string; description: string }[] {
  return [
    { name: 'Health', description: 'The public contract: the answer for one API key.' },
    { name: 'hints', description: 'What makes us look: webhooks and reported send errors.' },
    { name: 'channels', description: 'The numbers that are watched.' },
    { name: 'history', description: 'What changed, since when, and how long it was up.' },
    { name: 'incidents', description: 'Causes that keep channels from sending or being seen.' },
    { name: 'receivers', description: 'Where messages go.' },
    { name: 'rules', description: 'Who hears of which incidents.' },
    { name: 'silences', description: 'For a while nobody is told; planned work.' },
    { name: 'deliveries', description: 'What was sent, what was not, and why.' },
    { name: 'checks', description: 'Asking now.' },
    { name: 'keys', description: 'API keys: each opens one channel.' },
    { name: 'credentials', description: 'What lets us ask: Graph tokens and 360dialog keys.' },
    { name: 'apps', description: 'Meta apps, to which Graph tokens are bound.' },
    { name: 'instance', description: 'This installation.' },
    { name: 'process', description: 'Is the process alive, is it ready.' },
  ];
}

function componentSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(COMPONENTS, { io: 'input', uri: referenceTo });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
}

function referenceTo(id: string): string {
  return `#/components/schemas/${id}`;
}

/** Without the identity that a schema has only as a document of its own. */
function bare(schema: JsonObject): JsonObject {
  const { $schema: _, $id: __, ...rest } = schema;
  return rest;
}

function managementPaths(): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const [operationId, operation] of Object.entries(OPERATIONS)) {
    const path = (paths[API_PREFIX + operation.path] ??= {});
    path[operation.method.toLowerCase()] = operationObject(operationId, operation);
  }
  paths[API_PREFIX + EXPORT_OPERATION.path] = { get: exportObject() };
  return paths;
}

/** A good answer is a stream: each line of it is a transition. */
function exportObject(): JsonObject {
  const { tag, summary, query, problems } = EXPORT_OPERATION;
  const schema = { type: 'string' };
  const types = Object.values(EXPORT_TYPES).map((type) => [type, { schema }]);
  return {
    tags: [tag],
    operationId: 'exportTransitions',
    summary,
    security: [{ [ADMINISTRATOR]: [] }],
    parameters: parameters(query, 'query'),
    responses: {
      200: {
        description:
          'A stream that ends with the last transition; one that breaks off before was not all. In ' +
          'NDJSON each line is a `Transition`; in CSV the first line names the columns.',
        content: Object.fromEntries(types),
      },
      ...problemResponses({ problems, body: null }),
    },
  };
}

function operationObject(operationId: string, operation: Operation): JsonObject {
  const { body } = operation;
  return {
    tags: [operation.tag],
    operationId,
    summary: operation.summary,
    security: [{ [ADMINISTRATOR]: [] }],
    parameters: [...parameters(operation.params, 'path'), ...parameters(operation.query, 'query')],
    ...(body === null
      ? {}
      : { requestBody: { required: !body.safeParse({}).success, ...contentOf(body) } }),
    responses: { ...goodResponses(operation), ...problemResponses(operation) },
  };
}

function parameters(object: z.ZodObject, where: 'path' | 'query'): JsonObject[] {
  return Object.entries(object.shape).map(([name, field]) => {
    const { description, ...schema } = bare(z.toJSONSchema(field, { io: 'input' }));
    return {
      name,
      in: where,
      ...(where === 'path' ? { required: true } : {}),
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
}

const GOOD: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Created',
  204: 'Done; there is nothing to tell',
};

function goodResponses(operation: Operation): JsonObject {
  const responses: JsonObject = {};
  for (const [status, schema] of Object.entries(operation.responses)) {
    responses[status] = { description: GOOD[status], ...(schema ? contentOf(schema) : {}) };
  }
  return responses;
}

function contentOf(schema: z.ZodType): JsonObject {
  const id = COMPONENTS.get(schema)?.id;
  if (id === undefined) throw new Error('A body in the table of operations is no component.');
  return { content: { 'application/json': { schema: { $ref: referenceTo(id) } } } };
}

/** One response for each status; several codes may share one. */
function problemResponses(operation: Pick<Operation, 'problems' | 'body'>): JsonObject {
  const codes: ApiProblemCode[] = [...operation.problems, ...COMMON_PROBLEMS];
  if (operation.body !== null) codes.push('too_large', 'unsupported_media_type');
  const responses: JsonObject = {};
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    const sharing = codes.filter((other) => PROBLEMS[other].status === status);
    responses[status] = {
      description: sharing.map((one) => `\`${one}\`: ${PROBLEMS[one].doc}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: referenceTo('Problem') } } },
    };
  }
  return responses;
}
