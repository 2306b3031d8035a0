import assert from 'node:assert/strict';
import test from 'node:test';
import { OPERATIONS } from '#api/operations.ts';
import { parse } from '#api/parse.ts';
import type { z } from 'zod';

const { putApp, putChannel, putCredential, addApiKey, listChannels, listApps } = OPERATIONS;

const SUPPORT = {
  upstream: 'graph',
  credential: { ref: 'acme-token' },
  node_id: '106540352242922',
};

test('a good request comes out with its defaults', () => {
  assert.deepEqual(good(putChannel.body, SUPPORT), {
    ...SUPPORT,
    external_id: null,
    labels: {},
    check_interval_seconds: null,
    check: true,
  });
});

test('all wrong fields are named at once', () => {
  says(
    putChannel.body,
    { ...SUPPORT, upstream: 'twilio', node_id: 7, check: 'yes' },
    {
      upstream: 'must be graph or dialog360',
      node_id: 'must be an id of Meta as a text of 1 to 32 digits, such as "106540352242922"',
      check: 'must be true or false',
    },
  );
});

test('a missing field says that it is missing, and what it must be', () => {
  says(
    putApp.body,
    {},
    {
      meta_app_id:
        'is missing; it must be an id of Meta as a text of 1 to 32 digits, such as "106540352242922"',
    },
  );
});

test('an unknown field is refused with the fields that are known', () => {
  says(
    putApp.body,
    { meta_app_id: '1', apsecret: 'x' },
    {
      apsecret: 'is not known here; known are meta_app_id, ours, secret',
    },
  );
});

test('a body that is no object says so', () => {
  for (const body of [[], 'text', 7, null]) {
    says(putApp.body, body, { body: 'must be a JSON object' });
  }
});

test('a credential in the body is one of two forms', () => {
  const sentence =
    'must be {"ref": "<name or id of a credential>"} or {"secret": "<token or key>"}, ' +
    'the latter with "billed_by" and "app" where known';
  for (const credential of ['acme-token', {}, { ref: 'a', secret: 'long enough' }, { refs: 'a' }]) {
    says(putChannel.body, { ...SUPPORT, credential }, { credential: sentence });
  }
});

test('labels are few, named and short', () => {
  const rule = 'a label has a name of 1 to 63 letters, digits, ".", "_", "/" or "-"';
  says(
    putChannel.body,
    { ...SUPPORT, labels: { 'my team': 'x', team: 7 } },
    {
      'labels.my team': `is not a name for a label: ${rule}`,
      'labels.team': 'must be text of at most 128 characters without control characters',
    },
  );
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`label${n}`, 'x']));
  says(putChannel.body, { ...SUPPORT, labels: many }, { labels: 'must be at most 32 labels' });
  says(
    putChannel.body,
    { ...SUPPORT, labels: ['a'] },
    {
      labels: 'must be an object of texts, such as {"team": "support"}',
    },
  );
});

test('a field that would poison a prototype is an unknown field like any other', () => {
  const body: unknown = JSON.parse('{"meta_app_id":"1","__proto__":{"ours":false}}');
  const result = parse(putApp.body, body, 'body');
  assert.deepEqual(result.ok ? [] : result.items.map(({ at }) => at), ['__proto__']);
});

test('a secret with a space or a line break in it is refused without being repeated', () => {
  const secret = 'EAAG secret';
  const result = parse(putCredential.body, { upstream: 'graph', secret }, 'body');
  assert.ok(!result.ok);
  assert.doesNotMatch(JSON.stringify(result), /EAAG/);
});

test('times are RFC 3339 in UTC', () => {
  const must = 'must be a time in UTC as RFC 3339 writes it, such as "2027-01-31T00:00:00Z"';
  good(addApiKey.body, { expires_at: '2027-01-31T00:00:00Z' });
  for (const expires_at of ['tomorrow', '2027-01-31', '2027-02-30T00:00:00Z', 1_800_000_000]) {
    says(addApiKey.body, { expires_at }, { expires_at: must });
  }
});

test('a query arrives as text and comes out as numbers, flags and lists', () => {
  assert.deepEqual(
    good(listChannels.query, { limit: '7', archived: 'true', label: 'team=support' }, 'query'),
    { limit: 7, archived: true, label: ['team=support'] },
  );
  assert.deepEqual(good(listApps.query, {}, 'query'), { limit: 50 });
});

test('a wrong query says where and what would be right', () => {
  const limit = 'must be a whole number from 1 to 200';
  for (const word of ['0', '201', '-1', '1e2', ' 5', '', 'many', ['1', '2']]) {
    says(listApps.query, { limit: word }, { 'query.limit': limit });
  }
  says(
    listChannels.query,
    { archived: 'yes', label: ['team'], cursor: ['a', 'b'] },
    {
      'query.cursor': 'must be given once',
      'query.label.0': 'must be <name>=<value>, such as team=support',
      'query.archived': 'must be true or false',
    },
  );
});

test('a name of a field from outside is shown short and inert', () => {
  const result = parse(putApp.body, { meta_app_id: '1', [`\u202e${'x'.repeat(300)}`]: 1 }, 'body');
  assert.ok(!result.ok);
  const [item] = result.items;
  assert.equal(item?.at.length, 120);
  assert.ok(item?.at.startsWith('\u{fffd}xxx'));
});

test('no request makes a list of complaints without end', () => {
  const body = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`field${n}`, 1]));
  const result = parse(putApp.body, body, 'body');
  assert.equal(result.ok ? 0 : result.items.length, 50);
});

function good(schema: z.ZodType, given: unknown, where: 'body' | 'query' = 'body'): unknown {
  const result = parse(schema, given, where);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function says(schema: z.ZodType, given: unknown, expected: Record<string, string>): void {
  const where = Object.keys(expected).some((at) => at.startsWith('query.')) ? 'query' : 'body';
  const result = parse(schema, given, where);
  const items = result.ok ? [] : result.items.map(({ at, message }) => [at, message]);
  assert.deepEqual(Object.fromEntries(items), expected);
}
