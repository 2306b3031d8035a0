/** What webhooks cause once they are stored: signals, and reads that are due. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '#domain/problem.ts';
import { namesTrouble } from '#domain/signals/signal.ts';
import { namedByWebhook } from '#monitor/incidents/named-by-webhook.ts';
import { startSignalPruning } from '#monitor/signals/prune-signals.ts';
import { receiveSendErrors } from '#monitor/signals/receive-send-errors.ts';
import { WebhookFailures } from '#monitor/signals/set-aside.ts';
import { startWebhooks, understandNext } from '#monitor/signals/understand-webhooks.ts';
import { openMonitorWorld } from '#test/monitor/monitor-world.ts';
import {
  addWatched,
  becomes,
  dueNow,
  failedSends,
  putOff,
  receive,
  receiveBy,
  sent,
  signalsOf,
  understandAll,
  WABA,
  writeNumber,
} from './signals-world.ts';

const NUMBER = '106540352242922';

test('a webhook about an account has one of its channels read, and is told of the account', async () => {
  await using world = await openMonitorWorld();
  const support = await addWatched(world, 'support', { nodeId: NUMBER });
  const sales = await addWatched(world, 'sales', { nodeId: '106540352242933' });
  const stranger = await addWatched(world, 'stranger', {
    nodeId: '900000000000001',
    wabaId: '900000000000009',
  });
  await receive(world, { field: 'account_update', value: { event: 'ACCOUNT_DELETED' } });
  await understandAll(world);
  const due = await dueNow(world);
  assert.equal(due.length, 1);
  assert.ok([support.id, sales.id].includes(due[0] ?? stranger.id));
  const since = world.clock.now();
  const recent = await world.store.read((view) =>
    view.signals.recent({ entity: { type: 'WABA', id: WABA }, since }),
  );
  assert.deepEqual(recent.map(namesTrouble), [true]);
});

test('a webhook about a number has that number read, by its id or by its digits', async () => {
  await using world = await openMonitorWorld();
  const support = await addWatched(world, 'support', { nodeId: NUMBER });
  const sales = await addWatched(world, 'sales', { nodeId: '106540352242933' });
  await writeNumber(world, sales, '+1 555-078-3881');
  const value = { phone_number_settings: { phone_number_id: NUMBER } };
  await receive(world, { field: 'account_settings_update', value });
  await understandAll(world);
  assert.deepEqual(await dueNow(world), [support.id]);
  const byDigits = { display_phone_number: '15550783881', event: 'FLAGGED' };
  await receive(world, { field: 'phone_number_quality_update', value: byDigits });
  await understandAll(world);
  assert.deepEqual((await dueNow(world)).toSorted(), [support.id, sales.id].toSorted());
  const [signal] = await signalsOf(world);
  assert.equal(signal?.channelId, sales.id);
  assert.deepEqual(signal?.subject, { type: 'PHONE_NUMBER', id: '106540352242933' });
});

test('a paused channel is not read, another of its account is; one that was read well comes first', async () => {
  await using world = await openMonitorWorld();
  const support = await addWatched(world, 'support', { nodeId: NUMBER });
  const sales = await addWatched(world, 'sales', { nodeId: '106540352242933' });
  await world.store.change(async (tx) => {
    const paused = await tx.channels.find(support.id);
    assert.ok(paused);
    await tx.channels.replace({ ...paused, pausedAt: world.clock.now() });
  });
  await receive(world, { field: 'account_review_update', value: { decision: 'REJECTED' } });
  await understandAll(world);
  assert.deepEqual(await dueNow(world), [sales.id]);
});

test('the same change in another batch is one signal and causes no read again', async () => {
  await using world = await openMonitorWorld();
  await addWatched(world, 'support', { nodeId: NUMBER });
  const deleted = { field: 'account_update', value: { event: 'ACCOUNT_DELETED' } };
  await receive(world, deleted);
  await understandAll(world);
  await putOff(world);
  await world.clock.advance(60_000);
  await receive(world, deleted, {
    field: 'account_update',
    value: { event: 'MM_LITE_TERMS_SIGNED' },
  });
  await understandAll(world);
  assert.deepEqual(await dueNow(world), []);
  assert.equal((await signalsOf(world)).length, 2);
});

test('what tells nothing about health causes no read', async () => {
  await using world = await openMonitorWorld();
  await addWatched(world, 'support', { nodeId: NUMBER });
  await receive(world, { field: 'a_field_of_tomorrow', value: { a: 1 } });
  await receive(world, { field: 'partner_solutions', value: {} });
  await understandAll(world);
  assert.deepEqual(await dueNow(world), []);
});

test('fields that are not known are counted in one row', async () => {
  await using world = await openMonitorWorld();
  const unknown = { field: 'a_field_of_tomorrow', value: { a: 1 } };
  await receive(world, unknown, unknown);
  await receive(world, unknown);
  await understandAll(world);
  const counted = (await signalsOf(world)).map(({ field, count, isKnown }) => [
    field,
    count,
    isKnown,
  ]);
  assert.deepEqual(counted, [['a_field_of_tomorrow', 3, false]]);
});

test('errors in messages are counted for the channel, and those of the account have it read', async () => {
  await using world = await openMonitorWorld();
  const support = await addWatched(world, 'support', { nodeId: NUMBER });
  const failed = (...codes: number[]) => ({
    field: 'messages',
    value: {
      metadata: { phone_number_id: NUMBER },
      statuses: codes.map((code) => ({ recipient_id: '4915112345678', errors: [{ code }] })),
    },
  });
  await receive(world, failed(131049, 131056, 131049));
  await understandAll(world);
  assert.deepEqual(await dueNow(world), []);
  await receive(world, failed(131042, 131042));
  await understandAll(world);
  assert.deepEqual(await dueNow(world), [support.id]);
  assert.deepEqual(await failedSends(world, support), [
    { code: '131042', sends: 2 },
    { code: '131049', sends: 2 },
    { code: '131056', sends: 1 },
  ]);
});

test('errors that a client reports are counted together, and those of the account have it read', async () => {
  await using world = await openMonitorWorld();
  const support = await addWatched(world, 'support', { nodeId: NUMBER });
  const report = (code: string, sends: number) =>
    receiveSendErrors(world.deps, support.id, [{ code, httpStatus: 400, sends }]);
  await report('131056', 7);
  assert.deepEqual(await dueNow(world), []);
  await report('131042', 2);
  await report('131042', 3);
  assert.deepEqual(await dueNow(world), [support.id]);
  assert.deepEqual(await failedSends(world, support), [
    { code: '131042', sends: 5 },
    { code: '131056', sends: 7 },
  ]);
  assert.equal((await signalsOf(world)).length, 2);
});

test('a program that ended within a webhook is followed by the next, and nothing counts twice', async () => {
  await using world = await openMonitorWorld();
  const changes = Array.from({ length: 120 }, (_, at) => ({
    field: 'account_update',
    value: { event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: `TYPE_${at}` } },
  }));
  await receive(world, ...changes, { field: 'a_field_of_tomorrow', value: {} });
  assert.equal(await understandNext(world.deps), true);
  assert.equal((await world.store.read((view) => view.signals.pending()))?.done, 50);
  await understandAll(world);
  assert.equal(await world.store.read((view) => view.signals.pending()), null);
  const signals = await world.store.read((view) => view.signals.list({ after: null, limit: 500 }));
  assert.equal(signals.items.length, 121);
  assert.ok(signals.items.every(({ count }) => count === 1));
});

test('what comes with the key of one channel tells nothing of others', async () => {
  await using world = await openMonitorWorld();
  const own = await addWatched(world, 'support', { nodeId: NUMBER });
  const other = await addWatched(world, 'other', {
    nodeId: '900000000000001',
    wabaId: '900000000000009',
  });
  await writeNumber(world, other, '+1 555-078-3881');
  await receiveBy(world, own, [
    sent('900000000000009', 'account_update', { event: 'ACCOUNT_DELETED' }),
    sent(WABA, 'account_settings_update', {
      phone_number_settings: { phone_number_id: '900000000000001' },
    }),
    sent(WABA, 'phone_number_quality_update', {
      display_phone_number: '15550783881',
      event: 'FLAGGED',
    }),
  ]);
  await understandAll(world);
  assert.deepEqual(await dueNow(world), []);
  const told = await signalsOf(world);
  assert.ok(told.length > 0 && told.every(({ subject, isKnown }) => subject === null && !isKnown));
  await receiveBy(world, own, [sent(WABA, 'account_update', { event: 'ACCOUNT_DELETED' })]);
  await understandAll(world);
  assert.deepEqual(await dueNow(world), [own.id]);
});

test('webhooks are understood in the background, and forgotten after 30 days', async () => {
  await using world = await openMonitorWorld();
  await receive(world, { field: 'account_update', value: { event: 'ACCOUNT_DELETED' } });
  const understanding = startWebhooks(world.deps);
  await world.clock.advance(600);
  await becomes(world, 1);
  await understanding.close();
  world.clock.jumpTo(world.clock.now() + 31 * 86_400_000);
  const pruning = startSignalPruning(world.deps);
  await world.clock.advance(500_000);
  await becomes(world, 0);
  await pruning.close();
});

test('a webhook that an error of ours keeps from being understood is set aside, and the queue goes on', async () => {
  await using world = await openMonitorWorld();
  const support = await addWatched(world, 'support', { nodeId: NUMBER });
  await receive(world, { field: 'strange', value: {} });
  world.clock.jumpTo(world.clock.now() + 1);
  await receive(world, { field: 'account_update', value: { event: 'ACCOUNT_DELETED' } });
  const strange = await world.store.read((view) => view.signals.pending());
  const bug = new TypeError('a bug of ours');
  const { webhooks } = world.deps;
  const understanding = startWebhooks({
    ...world.deps,
    webhooks: {
      ...webhooks,
      changesIn(body) {
        if (Buffer.compare(body, strange?.body ?? body) === 0) throw bug;
        return webhooks.changesIn(body);
      },
    },
  });
  for (let round = 1; round <= 4; round += 1) await world.clock.advance(500);
  await becomes(world, 2);
  await understanding.close();
  const failed = { what: 'understanding webhooks', error: bug };
  assert.deepEqual(world.told('background_failed'), [failed, failed, failed]);
  assert.deepEqual(await dueNow(world), [support.id]);
  const [counted] = (await signalsOf(world)).filter(({ isKnown }) => !isKnown);
  assert.deepEqual([counted?.field, counted?.count], ['not_understood', 1]);
});

test('a store that is away sets no webhook aside', async () => {
  await using world = await openMonitorWorld();
  await receive(world, { field: 'account_update', value: { event: 'ACCOUNT_DELETED' } });
  const failures = new WebhookFailures();
  const pending = await world.store.read((view) => view.signals.pending());
  assert.ok(pending);
  const away = new Problem('store_unavailable', 'The disk is gone.');
  const counted = [away, away, away, away].map((error) => failures.isLast(pending, error));
  assert.deepEqual(counted, [false, false, false, false]);
});

test('a webhook that names trouble is a second witness of the very entity, for ten minutes', async () => {
  await using world = await openMonitorWorld();
  await receive(world, { field: 'account_update', value: { event: 'ACCOUNT_DELETED' } });
  await understandAll(world);
  const namedBy = (type: string, ref: string) => {
    const times = { startedAt: world.clock.now(), readAt: world.clock.now() };
    const cause = { kind: 'entity', type, ref } as const;
    return world.store.change((tx) => namedByWebhook({ tx, times }, { cause }));
  };
  assert.equal(await namedBy('WABA', WABA), 'the account is deleted');
  assert.equal(await namedBy('PHONE_NUMBER', NUMBER), null);
  assert.equal(await namedBy('WABA', '900000000000009'), null);
  await world.clock.advance(600_001);
  assert.equal(await namedBy('WABA', WABA), null);
});
