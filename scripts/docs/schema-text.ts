/** A JSON schema in one phrase, and the named ones as tables of their fields. */
import { z } from 'zod';
import { code, table } from './markdown.ts';

const SCHEMA = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

type Schema = z.output<typeof SCHEMA>;

/** `text`, `integer from 1 to 200`, `list of [Finding](#finding)`, `Status or null`. */
export function schemaText(given: unknown): string {
  const schema = SCHEMA.parse(given ?? {});
  if (schema.$ref !== undefined) return linkTo(schema.$ref.split('/').at(-1) ?? '');
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return several.map(schemaText).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'anything'];
  return types.map((type) => typeText(type, schema)).join(' or ');
}

function linkTo(name: string): string {
  const anchor = name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '');
  return `[${name}](#${anchor})`;
}

function typeText(type: string, schema: Schema): string {
  if (type === 'array') return `list of ${schemaText(schema.items)}`;
  if (type === 'string') return schema.format === 'date-time' ? 'time' : 'text';
  if (type === 'object') return objectText(schema);
  return type + rangeText(schema);
}

function objectText({ properties, additionalProperties }: Schema): string {
  if (properties !== undefined) return `object of ${Object.keys(properties).map(code).join(', ')}`;
  return additionalProperties === undefined
    ? 'object'
    : `object of ${schemaText(additionalProperties)}`;
}

/** The largest exact integer, which schemas of integers name as their limit, says nothing to a reader. */
function rangeText({ minimum, maximum }: Schema): string {
  const from =
    minimum === undefined || minimum <= -Number.MAX_SAFE_INTEGER ? '' : ` from ${minimum}`;
  const to = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return from + to;
}

/** A section for every named schema. */
export function schemaSections(schemas: Readonly<Record<string, unknown>>): string {
  const sections = Object.entries(schemas).map(([name, given]) => {
    const schema = SCHEMA.parse(given);
    const said = schema.description === undefined ? '' : `${schema.description}\n\n`;
    return `### ${name}\n\n${said}${bodyOf(schema, given)}`;
  });
  return `## Schemas\n\n${sections.join('\n')}`;
}

function bodyOf(schema: Schema, given: unknown): string {
  if (schema.properties === undefined) return `${schemaText(given)}\n`;
  const rows = Object.entries(schema.properties).map(([name, field]) =>
    fieldRow(name, field, schema),
  );
  return rows.length === 0 ? 'An empty object.\n' : table(['Field', 'Form', '', 'Meaning'], rows);
}

function fieldRow(name: string, field: unknown, { required }: Schema): string[] {
  const { description = '', default: fallback } = SCHEMA.parse(field);
  const optional =
    fallback === undefined ? 'optional' : `default ${code(JSON.stringify(fallback))}`;
  return [code(name), schemaText(field), required.includes(name) ? '' : optional, description];
}
