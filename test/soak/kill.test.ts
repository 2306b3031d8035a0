/** Ten of the kills of which `npm run soak kill` does a hundred. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import type { Told } from './history-audit.ts';
import { auditAcknowledged, auditChains } from './history-audit.ts';
import { postgresGround, runKillRounds, sqliteGround } from './kill-rounds.ts';

const KILLS = 10;

test('a program killed ten times while everything changes loses no transition and doubles none', async () => {
  await using ground = sqliteGround();
  const { acknowledged } = await runKillRounds(ground, KILLS);
  assert.ok(acknowledged >= KILLS);
});

withPostgres((server) => {
  test('two programs on one PostgreSQL lose and double none when they, or it, are killed ten times', async () => {
    await using ground = await postgresGround(server());
    const { acknowledged } = await runKillRounds(ground, KILLS);
    assert.ok(acknowledged >= KILLS);
  });
});

test('the audit bites: a transition lost, doubled or changed is noticed', () => {
  const chain = ['UNKNOWN', 'AVAILABLE', 'BLOCKED', 'AVAILABLE'].map((is, at, all): Told => {
    const attempt = at + 1;
    const was = all[at - 1] ?? null;
    const series = 'verdict:messaging';
    return { id: `tr_${at}`, channelId: 'ch_1', series, was, is, detail: null, attempt };
  });
  const told = chain.slice(1);
  auditChains(told);
  auditAcknowledged(told, told);
  const [first, second, third] = told;
  assert.ok(first && second && third);
  assert.throws(() => auditChains([first, third]), /a gap or a repetition/);
  assert.throws(
    () => auditChains([first, second, { ...second, id: 'tr_9' }]),
    /gap or a repetition/,
  );
  assert.throws(() => auditChains([second]), /no beginning/);
  assert.throws(() => auditAcknowledged([first, second], told), /is lost/);
  assert.throws(() => auditAcknowledged([...told, first], told), /there twice/);
  assert.throws(() => auditAcknowledged([{ ...first, is: 'LIMITED' }], [first]), /is lost/);
});
