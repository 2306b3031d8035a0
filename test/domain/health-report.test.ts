import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { reportOf } from '#domain/health-report.ts';
import { valueOfJson } from '#domain/json.ts';
import { verdictsOf } from '#domain/verdict.ts';

test('a body without an object health_status is no good read', () => {
  for (const body of [null, [], 'ok', 1, {}, { health_status: null }, { health_status: [] }]) {
    assert.equal(reportOf(body), null, JSON.stringify(body));
  }
});

test('a top-level error makes it no good read, an error of null does not', () => {
  assert.equal(reportOf({ health_status: {}, error: 'Invalid API key' }), null);
  assert.equal(reportOf({ health_status: {}, error: { code: 190 } }), null);
  assert.notEqual(reportOf({ health_status: {}, error: null }), null);
});

test('an empty health_status is a good read that says nothing', () => {
  assert.deepEqual(reportOf({ health_status: {} }), { nodeId: null, reported: null, entities: [] });
});

test('lists that are null, absent, empty or no lists are all nothing', () => {
  const lists = [undefined, null, [], {}, 5, 'x'];
  for (const entities of lists) assert.deepEqual(reportOfStatus({ entities })?.entities, []);
  for (const errors of lists) {
    assert.deepEqual(reportOfStatus({ entities: [{ errors }] })?.entities[0]?.errors, []);
  }
  for (const additional_info of [undefined, null, [], {}, 5, [null, 7]]) {
    assert.deepEqual(reportOfStatus({ entities: [{ additional_info }] })?.entities[0]?.info, []);
  }
});

test('an error code is the same whether a proxy sends it as a number or as text', () => {
  const errors = [{ error_code: 141006 }, { error_code: '141006' }, { error_code: ' 141006 ' }];
  const said = reportOfStatus({ entities: [{ errors }] });
  assert.deepEqual(
    said?.entities[0]?.errors.map(({ code }) => code),
    ['141006', '141006', '141006'],
  );
});

test('an entity without id or type is kept, an item that is no object is not', () => {
  const said = reportOfStatus({ entities: [null, 'WABA', [], { can_send_message: 'BLOCKED' }] });
  assert.deepEqual(said?.entities, [
    {
      type: 'UNKNOWN',
      id: null,
      words: { messaging: 'BLOCKED', calling: null },
      errors: [],
      info: [],
    },
  ]);
});

test('types and words that are new to us are kept as received', () => {
  const entities = [{ entity_type: 'MESSAGING_ACCOUNT', id: '7', can_send_message: 'THROTTLED' }];
  const [seen] = reportOfStatus({ entities })?.entities ?? [];
  assert.equal(seen?.type, 'MESSAGING_ACCOUNT');
  assert.equal(seen?.words.messaging, 'THROTTLED');
});

test('a status word of the wrong type never passes for AVAILABLE', () => {
  for (const can_send_message of [true, 0, '', {}, ['AVAILABLE'], { status: 'AVAILABLE' }]) {
    const said = reportOfStatus({
      entities: [{ can_send_message: 'AVAILABLE' }, { can_send_message }],
    });
    assert.ok(said);
    assert.equal(verdictsOf(said).messaging.status, 'UNKNOWN', JSON.stringify(can_send_message));
  }
});

test('half a surrogate pair is read as it would be stored', () => {
  const body = valueOfJson(
    String.raw`{"health_status":{"can_send_message":"\ud800"},"id":"a\udc00"}`,
  );
  assert.deepEqual(reportOf(body), { nodeId: 'a\uFFFD', reported: '\uFFFD', entities: [] });
});

test('an id beyond 2^53 comes out with every digit', () => {
  const body = valueOfJson('{"health_status":{"entities":[{"id":12345678901234567891}]},"id":15}');
  assert.equal(reportOf(body)?.nodeId, '15');
  assert.equal(reportOf(body)?.entities[0]?.id, '12345678901234567891');
});

test('reading any JSON value never throws, and every verdict of it can be taken', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (inner, outer) => {
      reportOf(outer);
      for (const status of [
        inner,
        { can_send_message: inner, entities: inner },
        oddEntity(inner),
      ]) {
        const said = reportOf({ health_status: status, id: inner });
        if (said !== null) verdictsOf(said);
      }
    }),
  );
});

function oddEntity(value: unknown) {
  const odd = { entity_type: value, id: value, can_send_message: value, additional_info: value };
  const errors = [value, { error_code: value, error_description: value, possible_solution: value }];
  return { entities: [value, odd, { errors, additional_info: [value] }, { errors: value }] };
}

function reportOfStatus(status: Readonly<Record<string, unknown>>) {
  return reportOf({ health_status: status });
}
