/** Whatever names a channel names its number too, as far as the profile was read. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { goodProfile } from '#test/fakes/upstream.ts';
import { addSupport, exampleFor, SUPPORT_ID } from './acme.ts';
import { startWorld } from './management-world.ts';
import type { World } from './management-world.ts';

const NUMBER = { display_number: '+49 30 5550 101', verified_name: 'Acme' };

async function blockedSupport(world: World) {
  await addSupport(world);
  world.upstreams.graph.answers(() => exampleFor('phone-blocked-payment', SUPPORT_ID));
  world.upstreams.graph.answersProfiles(() =>
    goodProfile({ displayNumber: NUMBER.display_number, verifiedName: NUMBER.verified_name }),
  );
  await world.clock.advance(15_000);
  await world.api('POST', '/channels/support/checks', { body: {} });
  const { body } = await world.api('POST', '/channels/support/profile');
  return { id: body.id, name: 'support', ...NUMBER };
}

test('status, changes, history and uptime name a channel by its number too', async () => {
  await using world = await startWorld();
  const link = await blockedSupport(world);
  await world.clock.advance(15_000);
  const { body: status } = await world.api('GET', '/status?troubled=9');
  assert.deepEqual(status.causes[0].examples, [link]);
  const { id, name, display_number, verified_name } = status.troubled[0];
  assert.deepEqual({ id, name, display_number, verified_name }, link);
  for (const path of ['/changes', '/transitions', '/channels/support/transitions']) {
    const { body } = await world.api('GET', path);
    assert.deepEqual(body.items[0].channel, link, path);
  }
  const { body: uptime } = await world.api('GET', '/channels/support/uptime');
  assert.deepEqual(uptime.channel, link);
});

test('an export has the number and the verified name, in CSV as columns', async () => {
  await using world = await startWorld();
  const link = await blockedSupport(world);
  const { text: lines } = await world.api('GET', '/export');
  assert.deepEqual(JSON.parse(lines.split('\n')[0] ?? '').channel, link);
  const { text } = await world.api('GET', '/export?format=csv');
  const [head = '', row = ''] = text.split('\r\n');
  const at = head.split(',').indexOf('display_number');
  assert.equal(head.split(',')[at + 1], 'verified_name');
  // No spreadsheet takes it for a formula.
  assert.deepEqual(row.split(',').slice(at, at + 2), ["'+49 30 5550 101", 'Acme']);
});

test('a channel whose profile was never read is named by its name alone', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { body } = await world.api('GET', '/transitions');
  const { display_number, verified_name } = body.items[0].channel;
  assert.deepEqual([display_number, verified_name], [null, null]);
});
