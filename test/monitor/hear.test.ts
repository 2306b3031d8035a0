/** What another program changed leaves memory here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ISSUED_KEY, openMonitorWorld } from './monitor-world.ts';

test('a key that another program revoked is asked for anew', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  await world.addKey(channel);
  const hash = world.deps.digest.sha256Hex(ISSUED_KEY);
  const { keyring } = world.monitor;
  assert.ok(await keyring.resolve(hash));
  world.monitor.hear({ noun: 'key', ref: 'of another key' });
  assert.ok(keyring.peek(hash, world.clock.now()));
  world.monitor.hear({ noun: 'key', ref: hash });
  assert.equal(keyring.peek(hash, world.clock.now()), null);
});

test('a channel that another program changed is read anew, by itself or through its credential', async () => {
  await using world = await openMonitorWorld();
  const { id, credentialId } = await world.addChannel();
  const { latest } = world.monitor;
  for (const notice of [
    { noun: 'channel', ref: id },
    { noun: 'credential', ref: credentialId },
  ] as const) {
    await latest.load(id);
    assert.ok(latest.peek(id));
    world.monitor.hear(notice);
    assert.equal(latest.peek(id), undefined);
  }
  await latest.load(id);
  world.monitor.hear({ noun: 'credential', ref: 'cr_unheard-of' });
  world.monitor.hear({ noun: 'channel', ref: 'ch_unheard-of' });
  assert.ok(latest.peek(id));
});
