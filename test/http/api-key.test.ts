import assert from 'node:assert/strict';
import test from 'node:test';
import { addSupport, allIsWell, DIALOG360_CHANNEL } from './acme.ts';
import { startWorld } from './management-world.ts';

test('an issued key is shown once and recognised by its beginning afterwards', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { status, body } = await world.api('POST', '/channels/support/keys');
  assert.equal(status, 201);
  const { text, ...key } = body;
  assert.match(text, /^wh_[0-9A-Za-z]{40,}$/);
  assert.equal(key.hint, text.slice(0, 7));
  const listing = await world.api('GET', '/channels/support/keys');
  assert.deepEqual(listing.body, { items: [key], next_cursor: null });
  assert.ok(!listing.text.includes(text));
});

test('a key can end by itself', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const body = { expires_at: '2026-04-01T00:00:00Z' };
  const reply = await world.api('POST', '/channels/support/keys', { body });
  assert.equal(reply.status, 201, reply.text);
  assert.equal(reply.body.expires_at, '2026-04-01T00:00:00.000Z');
});

test('a revoked key stays in the list with the moment of its end', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { body: key } = await world.api('POST', '/channels/support/keys');
  await world.clock.advance(5000);
  assert.equal((await world.api('DELETE', `/keys/${key.id}`)).status, 204);
  const { body } = await world.api('GET', '/channels/support/keys');
  assert.equal(body.items[0].revoked_at, '2026-03-01T00:00:05.000Z');
});

test('the 360dialog key of a channel can be adopted later, and its text is not shown', async () => {
  await using world = await startWorld();
  allIsWell(world);
  const channel = { ...DIALOG360_CHANNEL, adopt_key: false };
  await world.api('PUT', '/channels/orders', { body: channel });
  const adopt = { body: { origin: 'adopted' } };
  const reply = await world.api('POST', '/channels/orders/keys', adopt);
  assert.equal(reply.status, 201, reply.text);
  assert.partialDeepStrictEqual(reply.body, { origin: 'adopted', hint: '0001', text: null });
});

test('only a 360dialog channel has a key to adopt', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const adopt = { body: { origin: 'adopted' } };
  const reply = await world.api('POST', '/channels/support/keys', adopt);
  assert.ok(reply.status === 400 || reply.status === 409, reply.text);
});

test('many keys are read page by page', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    made.push((await world.api('POST', '/channels/support/keys')).body.id);
  }
  const listed: string[] = [];
  let cursor = '';
  do {
    const { body } = await world.api('GET', `/channels/support/keys?limit=2${cursor}`);
    listed.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  assert.deepEqual(listed, made);
});
