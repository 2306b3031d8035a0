import assert from 'node:assert/strict';
import test from 'node:test';
import type { FieldsResult } from '#monitor/read-fields.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { later, numbered, openMonitorWorld } from './monitor-world.ts';

const SECOND = 1_000;

test('fields are asked for once and kept for half a minute', async () => {
  await using world = await openMonitorWorld();
  const { read } = await watching(world);
  assert.deepEqual(told(await read(['name'])), { body: 1, fwd: 'uri-miss', collapsed: false });
  await world.clock.advance(29_999);
  assert.deepEqual(told(await read(['name'])), { body: 1, hit: true, detail: null });
  await world.clock.advance(1);
  assert.deepEqual(told(await read(['name'])), { body: 2, fwd: 'uri-miss', collapsed: false });
  assert.deepEqual(world.upstream.askedFields, ['name', 'name']);
});

test('each set of fields has an answer of its own', async () => {
  await using world = await openMonitorWorld();
  const { read } = await watching(world);
  await read(['name']);
  await read(['name', 'quality_rating']);
  assert.deepEqual(world.upstream.askedFields, ['name', 'name,quality_rating']);
});

test('who asks for the same fields at the same time shares the read', async () => {
  await using world = await openMonitorWorld();
  const { read } = await watching(world);
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const reading = Array.from({ length: 100 }, () => read(['name']));
  await world.clock.advance(0);
  coming.come(numbered('phone-available', 1));
  const stories = (await Promise.all(reading)).map(told);
  assert.equal(stories.filter((story) => 'collapsed' in story && !story.collapsed).length, 1);
  assert.equal(world.upstream.askedFields.length, 1);
});

test('a read of fields is no check: nothing is stored, judged or told', async () => {
  await using world = await openMonitorWorld();
  const { read, support } = await watching(world);
  const before = await world.stateOf(support);
  await read(['name']);
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  await read(['quality_rating']);
  assert.deepEqual(await world.stateOf(support), before);
  assert.equal(world.looks.changes, 0);
  assert.deepEqual(world.events, []);
});

test('a failure is remembered for two seconds, or as long as the upstream says', async () => {
  await using world = await openMonitorWorld();
  const { read } = await watching(world);
  world.upstream.answers(() => failedAnswer('upstream_error'));
  await read(['name']);
  await world.clock.advance(1_500);
  const again = await read(['name']);
  assert.equal(again.kind === 'failed' && again.retryAfterMs, 500);
  assert.equal(world.upstream.askedFields.length, 1);
  world.upstream.answers(() => failedAnswer('rate_limited', { retryAfterMs: 20_000 }));
  await world.clock.advance(500);
  await read(['name']);
  await world.clock.advance(19_000);
  await read(['name']);
  assert.equal(world.upstream.askedFields.length, 2);
});

test('a wish for newer fields is granted', async () => {
  await using world = await openMonitorWorld();
  const { read } = await watching(world);
  await read(['name']);
  await world.clock.advance(SECOND);
  assert.deepEqual(told(await read(['name'], 0)), { body: 2, fwd: 'request', collapsed: false });
});

test('one channel causes no more reads of fields than it may', async () => {
  await using world = await openMonitorWorld({ fieldsReadsMax: 2 });
  const { read } = await watching(world);
  await read(['a']);
  await read(['b']);
  assert.deepEqual(await read(['c']), { kind: 'too_many', retryAfterMs: 10_000 });
  await world.clock.advance(SECOND);
  assert.deepEqual(told(await read(['a'], 0)), { body: 1, hit: true, detail: 'budget' });
  await world.clock.advance(9 * SECOND);
  assert.equal((await read(['c'])).kind, 'answer');
});

test('no more answers to fields are kept than memory has room for', async () => {
  await using world = await openMonitorWorld({ fieldsMax: 1 });
  const { read } = await watching(world);
  await read(['a']);
  await read(['b']);
  await read(['a']);
  assert.deepEqual(world.upstream.askedFields, ['a', 'b', 'a']);
});

test('kept fields are not served once trust in the channel has ended', async () => {
  await using world = await openMonitorWorld();
  const { read, support } = await watching(world);
  await read(['name']);
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  await world.monitor.checkChannel(support.id, { timeoutMs: 10_000, forced: true });
  await world.clock.advance(5 * SECOND);
  assert.equal((await world.stateOf(support)).trust.state, 'ended');
  assert.equal((await read(['name'])).kind, 'failed');
});

test('the adopted key of a rejected credential is refused here too', async () => {
  await using world = await openMonitorWorld();
  const { support } = await watching(world);
  const key = await world.addKey(support, { text: 'adopted', origin: 'adopted' });
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  const question = { key, fields: ['name'], maxAgeMs: null };
  assert.deepEqual(await world.monitor.readFields(question), { kind: 'unauthorized' });
});

async function watching(world: MonitorWorld) {
  const support = await world.addChannel();
  const key = await world.addKey(support);
  world.looks.changes = 0;
  world.upstream.answers(() => numbered('phone-available', world.upstream.askedFields.length));
  const read = (fields: readonly string[], maxAgeMs: number | null = null) =>
    world.monitor.readFields({ key, fields, maxAgeMs });
  return { support, read };
}

function told(result: FieldsResult): object {
  assert.ok(result.kind === 'answer', `no answer: ${JSON.stringify(result)}`);
  const { story } = result;
  const body = Number(JSON.parse(Buffer.from(result.body).toString()).id);
  return story.hit
    ? { body, hit: true, detail: story.detail }
    : { body, fwd: story.fwd, collapsed: story.collapsed };
}
