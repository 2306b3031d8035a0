import assert from 'node:assert/strict';
import test from 'node:test';
import { startWorld, TOKEN } from './management-world.ts';

test('without a token nothing is answered but how to send one', async () => {
  await using world = await startWorld();
  for (const path of ['/apps', '/channels/support/health', '/nothing/here']) {
    const reply = await world.api('GET', path, { token: null });
    assert.equal(reply.status, 401);
    assert.equal(reply.headers.get('www-authenticate'), 'Bearer realm="waba-health"');
    assert.equal(reply.body.type, 'urn:waba-health:problem:unauthorized');
    assert.match(reply.body.detail, /Authorization: Bearer <token>/);
  }
});

test('a wrong token is refused, whatever its form', async () => {
  await using world = await startWorld();
  for (const token of ['wha_canary', `${TOKEN}x`, 'x'.repeat(5000), TOKEN.toUpperCase()]) {
    assert.equal((await world.api('GET', '/apps', { token })).status, 401);
  }
  const headers = { authorization: `Basic ${btoa(`admin:${TOKEN}`)}` };
  assert.equal((await world.api('GET', '/apps', { token: null, headers })).status, 401);
});

test('the scheme may be written in any case', async () => {
  await using world = await startWorld();
  const headers = { authorization: `bearer ${TOKEN}` };
  assert.equal((await world.api('GET', '/apps', { token: null, headers })).status, 200);
});

test('who guesses is slowed down, and the right token still works', async () => {
  await using world = await startWorld();
  for (let guess = 0; guess < 20; guess += 1) {
    assert.equal((await world.api('GET', '/apps', { token: `guess${guess}` })).status, 401);
  }
  const slowed = await world.api('GET', '/apps', { token: 'guess20' });
  assert.equal(slowed.status, 429);
  assert.equal(slowed.headers.get('retry-after'), '60');
  assert.equal((await world.api('GET', '/apps')).status, 200);
  await world.clock.advance(60_000);
  assert.equal((await world.api('GET', '/apps', { token: 'guess21' })).status, 401);
});

test('a request without a token does not even have its body read', async () => {
  await using world = await startWorld();
  const reply = await world.api('PUT', '/apps/acme', { token: null, body: '{"not": json' });
  assert.equal(reply.status, 401);
});

test('the probes and the documents need no token', async () => {
  await using world = await startWorld();
  for (const path of ['/livez', '/readyz', '/openapi.json', '/docs/']) {
    assert.equal((await world.ask('GET', path, { token: null })).status, 200, path);
  }
});
