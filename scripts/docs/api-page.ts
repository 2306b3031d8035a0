/** `docs/api.md`: the OpenAPI document as a page to read. */
import { z } from 'zod';
import { code, generatedFrom, table } from './markdown.ts';
import { schemaText, schemaSections } from './schema-text.ts';

const CONTENT = z.record(z.string(), z.object({ schema: z.unknown().optional() }));
const PARAMETER = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  description: z.string().default(''),
  schema: z.unknown(),
});
const OPERATION = z.object({
  tags: z.array(z.string()),
  summary: z.string().default(''),
  description: z.string().default(''),
  parameters: z.array(PARAMETER).default([]),
  requestBody: z.object({ content: CONTENT }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string().default(''), content: CONTENT.default({}) }),
  ),
});
const DOCUMENT = z.object({
  info: z.object({ description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), OPERATION)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

type Operation = z.output<typeof OPERATION>;

const HEAD = `
# The API

The same as [openapi.json](openapi.json), to read. A running server shows it under \`/docs\`.
What each problem means stands in [error-codes.md](error-codes.md).

`;

/** The page, complete. */
export function apiPage(openApi: unknown): string {
  const { info, tags, paths, components } = DOCUMENT.parse(openApi);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `## ${name}\n\n${description}\n\n${own.map(operationSection).join('')}`;
  });
  const schemas = schemaSections(components.schemas);
  return [generatedFrom('src/api'), HEAD, `${info.description}\n\n`, ...sections, schemas].join('');
}

interface Located {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function operationSection({ path, method, operation }: Located): string {
  const { summary, description, parameters, requestBody, responses } = operation;
  const rows = parameters.map((parameter) => [
    code(parameter.name),
    parameter.required ? `${parameter.in}, required` : parameter.in,
    schemaText(parameter.schema),
    parameter.description,
  ]);
  return [
    `### ${method.toUpperCase()} ${path}\n\n`,
    ...[summary, description]
      .filter((text) => text !== '')
      .map((text) => `${text}.\n\n`.replace('..', '.')),
    rows.length === 0 ? '' : `${table(['Parameter', 'In', 'Form', 'Meaning'], rows)}\n`,
    requestBody === undefined ? '' : `Body: ${contentText(requestBody.content)}\n\n`,
    `${table(['Answer', 'Body', 'When'], Object.entries(responses).map(responseRow))}\n`,
  ].join('');
}

function responseRow([status, { description, content }]: [
  string,
  Operation['responses'][string],
]): string[] {
  return [status, contentText(content), codesOf(description) || description];
}

/** An answer with problems names them only: what they mean stands in error-codes.md, once. */
function codesOf(description: string): string {
  return [...description.matchAll(/^(`\w+`): /gm)].map(({ 1: name = '' }) => name).join(', ');
}

function contentText(content: z.output<typeof CONTENT>): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (schema === undefined ? code(type) : schemaText(schema)))
    .join(' or ');
}
