import assert from 'node:assert/strict';
import test from 'node:test';
import { Secret } from '#domain/secret.ts';
import { checkNode } from '#monitor/check-node.ts';
import { putApp } from '#monitor/put-app.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { addSupport, addToken, storedNames, TOKEN } from './acme-monitor.ts';
import { example, openMonitorWorld } from './monitor-world.ts';

const TEMPLATE = { credential: 'acme-token', nodeId: '1337' };

test('any node can be read once with a credential, and nothing of it is stored', async () => {
  await using world = await openMonitorWorld();
  const about = { metaAppId: '670843887433847', ours: true, secret: new Secret('acme-app-secret') };
  await putApp(world.monitor, 'acme-app', about);
  await addToken(world, 'acme-app');
  world.upstreams.graph.answers(() => goodAnswer(example('template-blocked')));
  const before = { names: await storedNames(world.store), changes: world.looks.changes };
  const { outcome } = await checkNode(world.monitor, TEMPLATE);
  assert.ok(outcome.ok);
  assert.equal(outcome.snapshot.attempt, 1);
  const [asked] = world.upstreams.graph.asked;
  assert.equal(world.upstreams.graph.asked.length, 1);
  assert.equal(asked?.nodeId, '1337');
  assert.equal(asked?.access.secret.reveal(), TOKEN);
  assert.equal(asked?.access.app?.secret?.reveal(), 'acme-app-secret');
  const after = { names: await storedNames(world.store), changes: world.looks.changes };
  assert.deepEqual(after, before);
});

test('a failed read of a node is an outcome and not an error', async () => {
  await using world = await openMonitorWorld();
  await addToken(world);
  world.upstreams.graph.answers(() => failedAnswer('not_found_or_forbidden'));
  const { outcome } = await checkNode(world.monitor, TEMPLATE);
  assert.equal(outcome.ok || outcome.failure.code, 'not_found_or_forbidden');
});

test('a node is not read with a credential that is not there or is a 360dialog key', async () => {
  await using world = await openMonitorWorld();
  await assert.rejects(checkNode(world.monitor, TEMPLATE), { code: 'not_found' });
  await addSupport(world);
  await assert.rejects(checkNode(world.monitor, { ...TEMPLATE, credential: 'support' }), {
    code: 'invalid_request',
    message: /^credential must be one for graph/,
  });
  assert.equal(world.upstreams.graph.asked.length, 0);
});

test('what is no id of Meta is never asked for', async () => {
  await using world = await openMonitorWorld();
  await addToken(world);
  for (const nodeId of ['', 'me', '../me', '1337?fields=id', '1'.repeat(33)]) {
    await assert.rejects(checkNode(world.monitor, { ...TEMPLATE, nodeId }), {
      code: 'invalid_request',
      items: [{ at: 'node_id', message: 'must be an id of Meta: 1 to 32 digits' }],
    });
  }
  assert.equal(world.upstreams.graph.asked.length, 0);
});
