import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '#api/openapi.ts';
import { EXPORT_OPERATION } from '#api/export-operation.ts';
import { API_PREFIX } from '#api/operation.ts';
import { OPERATIONS } from '#api/operations.ts';
import { PROBLEMS } from '#api/problem.ts';

const CONTRACT = JSON.parse(
  readFileSync('test/fixtures/contract/messaging-api-health.openapi.json', 'utf8'),
);

/** The document as a client gets it. */
const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3')));

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  assert.deepEqual(result.errors ?? [], []);
  assert.equal(result.valid, true);
  assert.equal(validator.version, '3.1');
});

test('the validator would notice a document that is not valid', async () => {
  const broken = structuredClone(document);
  broken.paths['/api/v1/apps'].get.responses = 'none';
  assert.equal((await new Validator().validate(broken)).valid, false);
});

test('the public contract is in it word for word', () => {
  for (const [name, schema] of Object.entries(CONTRACT.components.schemas)) {
    assert.deepEqual(document.components.schemas[name], schema, name);
  }
  assert.deepEqual(
    document.components.securitySchemes['D360-API-KEY'],
    CONTRACT.components.securitySchemes['D360-API-KEY'],
  );
  const promised = CONTRACT.paths['/health_status'].get;
  const ours = document.paths['/health_status'].get;
  assert.equal(ours.operationId, promised.operationId);
  assert.equal(ours.summary, promised.summary);
  for (const [status, response] of Object.entries<{ content: unknown }>(promised.responses)) {
    assert.deepEqual(ours.responses[status].content, response.content, status);
  }
});

test('the headers that a worker acts on are documented', () => {
  const { headers } = document.paths['/health_status'].get.responses['200'];
  for (const name of ['Age', 'ETag', 'Cache-Status', 'Waba-Health-Verdict', 'Waba-Health-Since']) {
    assert.equal(typeof headers[name]?.description, 'string', name);
  }
});

test('every operation and the export are in the document, and nothing else below the prefix', () => {
  const documented = Object.entries<Record<string, { operationId: string }>>(document.paths)
    .filter(([path]) => path.startsWith(API_PREFIX))
    .flatMap(([path, item]) =>
      Object.entries(item).map(
        ([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`,
      ),
    );
  const expected = Object.entries({ ...OPERATIONS, exportTransitions: EXPORT_OPERATION }).map(
    ([name, { method, path }]) => `${name} ${method} ${API_PREFIX}${path}`,
  );
  assert.deepEqual(documented.toSorted(), expected.toSorted());
});

test('every reference leads to a schema, and every schema is referred to', () => {
  const text = JSON.stringify(document);
  const targets = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(new Set(targets), new Set(Object.keys(document.components.schemas)));
});

test('each problem that an operation can give is documented with its status', () => {
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const { responses } =
      document.paths[API_PREFIX + operation.path][operation.method.toLowerCase()];
    for (const code of operation.problems) {
      assert.match(responses[PROBLEMS[code].status].description, new RegExp(code), name);
    }
  }
});

test('secrets are write-only: a field of that name is in no answer', () => {
  const fields = new Set<string>();
  for (const item of Object.values<Record<string, { responses: unknown }>>(document.paths)) {
    for (const { responses } of Object.values(item)) collectFields(responses, fields);
  }
  assert.ok(fields.has('secret_hint'), 'the fields of answers were looked at');
  assert.deepEqual(
    [...fields].filter((field) => /^(secret|token|password)$/.test(field)),
    [],
  );
});

/** The names of all fields that a schema describes, those of the schemas it refers to included. */
function collectFields(schema: unknown, into: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref') {
      collectFields(document.components.schemas[String(value).split('/').at(-1) ?? ''], into);
    } else {
      if (key === 'properties') for (const field of Object.keys(value)) into.add(field);
      collectFields(value, into);
    }
  }
}
