import assert from 'node:assert/strict';
import test from 'node:test';
import { OPERATIONS } from '#api/operations.ts';
import { Problem } from '#domain/problem.ts';
import type { World } from './management-world.ts';
import { startWorld } from './management-world.ts';

const APP = { meta_app_id: '634974688087057' };

test('every field that is wrong is named with what would be right', async () => {
  await using world = await startWorld();
  const reply = await world.api('PUT', '/apps/Acme!', {
    body: { meta_app_id: 7, ours: 'yes', colour: 'red' },
  });
  assert.equal(reply.status, 400);
  assert.equal(reply.body.type, 'urn:waba-health:problem:invalid_request');
  assert.deepEqual(
    reply.body.items.map(({ at }: { at: string }) => at),
    ['path.ref', 'meta_app_id', 'ours', 'colour'],
  );
  assert.match(
    reply.body.detail,
    /path\.ref must be a name: .*; meta_app_id must be an id of Meta/,
  );
});

test('a field that is not known is refused by every operation', async () => {
  await using world = await startWorld();
  for (const { method, path, body } of Object.values(OPERATIONS)) {
    const target = path.replace('{ref}', 'acme').replace('{id}', `key_${'0'.repeat(26)}`);
    const query = await world.api(
      method,
      `${target}?colour=red`,
      body === null ? {} : { body: {} },
    );
    assert.equal(query.status, 400, target);
    assert.ok(named(query).includes('query.colour'), target);
    if (body === null) continue;
    const field = await world.api(method, target, { body: { colour: 'red' } });
    assert.equal(field.status, 400, target);
    assert.ok(named(field).includes('colour'), target);
  }
});

test('a body where none is taken is refused', async () => {
  await using world = await startWorld();
  const reply = await world.api('DELETE', '/apps/acme', { body: { force: true } });
  assert.equal(reply.status, 400);
  assert.deepEqual(reply.body.items, [{ at: 'body', message: 'is not taken here; send none' }]);
});

test('a body that is no JSON is refused with an example of one', async () => {
  await using world = await startWorld();
  for (const body of ['{"meta_app_id": 1', 'meta_app_id=1', '\u0000', '[1,]']) {
    const reply = await world.api('PUT', '/apps/acme', { body });
    assert.equal(reply.status, 400, body);
    assert.match(reply.body.detail, /^The body is no JSON/);
  }
});

test('a body of another type is refused with the right one', async () => {
  await using world = await startWorld();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'x']) {
    const reply = await world.api('PUT', '/apps/acme', {
      body: JSON.stringify(APP),
      headers: { 'content-type': type },
    });
    assert.equal(reply.status, 415, type);
    assert.match(reply.body.detail, /send Content-Type: application\/json/);
  }
});

test('a body that is too large is refused', async () => {
  await using world = await startWorld();
  const reply = await world.api('PUT', '/apps/acme', { body: { x: 'x'.repeat(70_000) } });
  assert.equal(reply.status, 413);
  assert.match(reply.body.detail, /64 KiB/);
});

test('a path that does not exist is told from one that takes other methods', async () => {
  await using world = await startWorld();
  for (const path of ['', '/', '/app', '/apps/acme/rotate', '/channels/a/b/c']) {
    const reply = await world.api('GET', path);
    assert.equal(reply.status, 404, path);
    assert.equal(reply.body.type, 'urn:waba-health:problem:not_found');
  }
  await allows(world, ['POST', '/apps'], 'GET, HEAD');
  await allows(world, ['PATCH', '/apps/acme'], 'GET, HEAD, PUT, DELETE');
  await allows(world, ['OPTIONS', '/channels'], 'GET, HEAD');
  await allows(world, ['GET', '/checks'], 'POST');
  await allows(world, ['GET', '/channels/support/checks'], 'POST');
});

test('HEAD gives what GET would give, without a body', async () => {
  await using world = await startWorld();
  const reply = await world.api('HEAD', '/instance');
  assert.equal(reply.status, 200);
  assert.equal(reply.text, '');
});

test('a cursor that is not ours is refused', async () => {
  await using world = await startWorld();
  for (const cursor of ['aGVsbG8', 'x']) {
    const reply = await world.api('GET', `/apps?cursor=${cursor}`);
    assert.equal(reply.status, 400);
    assert.deepEqual(named(reply), ['query.cursor']);
  }
});

test('what is not there is not found, by the name that was asked for', async () => {
  await using world = await startWorld();
  for (const [method, path] of [
    ['GET', '/apps/umbrella'],
    ['DELETE', '/apps/umbrella'],
    ['GET', '/credentials/umbrella'],
    ['DELETE', '/credentials/umbrella'],
    ['GET', '/channels/umbrella'],
    ['DELETE', '/channels/umbrella'],
    ['GET', '/channels/umbrella/health'],
    ['GET', '/channels/umbrella/keys'],
    ['POST', '/channels/umbrella/keys'],
    ['POST', '/channels/umbrella/checks'],
    ['GET', '/channels?credential=umbrella'],
  ] as const) {
    const reply = await world.api(method, path);
    assert.equal(reply.status, 404, `${method} ${path}: ${reply.text}`);
    assert.match(reply.body.detail, /umbrella/, path);
  }
  const key = await world.api('DELETE', `/keys/key_${'9'.repeat(26)}`);
  assert.equal(key.status, 404);
});

test('an error of ours is told to the log, and nothing of it to the client', async () => {
  await using world = await startWorld();
  world.broken.store = new Error('canary: the disk is on fire');
  const reply = await world.api('GET', '/apps');
  assert.equal(reply.status, 500);
  assert.equal(reply.body.type, 'urn:waba-health:problem:internal');
  const [told] = world.events.filter(({ name }) => name === 'request_failed');
  assert.partialDeepStrictEqual(told?.event, { method: 'GET', route: '/api/v1/apps' });
});

test('a store that is away says so, and when to ask again', async () => {
  await using world = await startWorld();
  world.broken.store = new Problem('store_unavailable', 'The database cannot be reached.');
  const reply = await world.api('GET', '/channels');
  assert.equal(reply.status, 503);
  assert.equal(reply.body.detail, 'The database cannot be reached.');
  assert.equal(reply.headers.get('retry-after'), '5');
  assert.equal(world.events.filter(({ name }) => name === 'request_failed').length, 1);
});

test('a path that is no URL is refused in the same form', async () => {
  await using world = await startWorld();
  const reply = await world.ask('GET', '/api/v1/apps/%zz');
  assert.equal(reply.status, 400);
  assert.match(reply.body.detail, /write % as %25/);
});

function named(reply: { body: { items: { at: string }[] } }): string[] {
  return reply.body.items.map(({ at }) => at);
}

async function allows(
  world: World,
  [method, path]: [string, string],
  allow: string,
): Promise<void> {
  const reply = await world.api(method, path);
  assert.equal(reply.status, 405, `${method} ${path}`);
  assert.equal(reply.headers.get('allow'), allow);
  assert.equal(reply.body.type, 'urn:waba-health:problem:method_not_allowed');
}
