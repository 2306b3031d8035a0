/** Several servers on one database: they share the work, and none of them is needed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { auditChains, TOLD_SQL, toldOf } from '#test/soak/history-audit.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import { run } from './child.ts';
import { addNumbers, ADMIN_TOKEN, startReplica, witnessOf } from './replicas.ts';
import type { Replica, Witness } from './replicas.ts';
import { call, simulatedKey } from './world.ts';

const CROWD = fileURLToPath(import.meta.resolve('#test/journeys/crowd.ts'));
/** Of each of the two servers. */
const CLIENTS = 1_000;

const NUMBERS = 2_000;
const INTERVAL_MS = 15_000;
const WORLD = { numbers: NUMBERS, wabas: 40, businesses: 4, apps: 1, tokens: 1 };
/** Clocks that follow the database's may be off by this. */
const UNEVEN_MS = 1_000;

withPostgres((server) => {
  test('of three servers one dies and one freezes, and every number is read on, once a time', async () => {
    const database = await server().createDatabase();
    await addNumbers(database, { channels: NUMBERS, intervalMs: INTERVAL_MS });
    await using witness = await witnessOf(database);
    const began = await nowIn(witness);
    await witness.rows(SPREAD_SQL);
    await witness.rows(NO_PROFILES_SQL);
    const starting = [1, 2, 3].map(() => startReplica(database, WORLD));
    await using dead = (await starting[0]) ?? assert.fail();
    await using frozen = (await starting[1]) ?? assert.fail();
    await using alive = (await starting[2]) ?? assert.fail();
    const all = [dead, frozen, alive];
    await witness.until(() => all.every(({ simulator }) => simulator.control.counts().reads > 0));
    await witness.until(async () => (await unreadSince(witness, 0)) === 0);

    await stopWhileReading(witness, dead, frozen);
    const stoppedAt = await nowIn(witness);
    blockAll(frozen, alive);
    // A lease has to end before the work of the two goes on.
    await witness.until(async () => (await unreadSince(witness, stoppedAt)) === 0);
    const reads = frozen.simulator.control.counts().reads;
    frozen.server.kill('SIGCONT');
    await witness.until(() => frozen.server.stderr().includes('superseded by a newer one'));
    await witness.until(() => frozen.simulator.control.counts().reads > reads);
    const wokenAt = await nowIn(witness);
    await witness.until(async () => (await unreadSince(witness, wokenAt)) === 0);

    for (const { server: each } of [frozen, alive]) each.kill('SIGTERM');
    for (const { server: each } of [frozen, alive]) assert.equal((await each.ended()).code, 0);
    await checkFences(witness);
    await checkClaims(witness, began);
    await checkReads(witness, all);
    await checkHistory(witness);
  });

  test('clients that ask two servers at once with a cold key cause one question to the upstream', async () => {
    const database = await server().createDatabase();
    await using one = await startReplica(database, { numbers: 1 }, 'api');
    await using other = await startReplica(database, { numbers: 1 }, 'api');
    const two = [one, other];
    // Slow enough that all of them wait for the one answer.
    for (const { simulator } of two) simulator.control.fault({ kind: 'delay', ms: 3_000 });
    const added = await call(`${one.server.url}/api/v1/channels/support`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        upstream: 'dialog360',
        credential: { secret: simulatedKey(0) },
        check: false,
      }),
    });
    assert.equal(added.status, 201, added.body);
    const crowds = two.map((each) =>
      run(CROWD, [each.server.url, simulatedKey(0), String(CLIENTS)]),
    );
    for (const { stdout, stderr } of await Promise.all(crowds)) {
      assert.deepEqual(JSON.parse(stdout || 'null'), { 200: CLIENTS }, stderr);
    }
    const reads = two.map(({ simulator }) => simulator.control.readsOf(simulatedKey(0)));
    assert.equal(Math.max(...reads), 1);
    assert.equal(Math.min(...reads), 0);
  });
});

/** Their first reads are spread over a few seconds, so that all three servers get some. */
const SPREAD_SQL = 'update channel_attempts set due_at = due_at + slot % 4000';

/** What the numbers are is of no matter here, and every read is counted. */
const NO_PROFILES_SQL = 'update profiles set due_at = null';

async function nowIn(witness: Witness): Promise<number> {
  const sql = 'select floor(extract(epoch from clock_timestamp()) * 1000) as now';
  return Number((await witness.rows(sql))[0]?.['now']);
}

/** How many numbers have no good read that began after this moment. */
async function unreadSince(witness: Witness, since: number): Promise<number> {
  const sql = `select count(*) from channel_attempts where coalesce(good_started_at, 0) <= ${since}`;
  return Number((await witness.rows(sql))[0]?.['count']);
}

/** Both are stopped while answers are on their way to them. */
async function stopWhileReading(witness: Witness, dead: Replica, frozen: Replica): Promise<void> {
  const two = [dead, frozen];
  for (const { simulator } of two) simulator.control.fault({ kind: 'delay', ms: 3_000 });
  await witness.until(() => two.every(({ simulator }) => simulator.control.counts().open > 0));
  dead.server.kill('SIGKILL');
  frozen.server.kill('SIGSTOP');
  for (const { simulator } of two) simulator.control.clear({});
}

function blockAll(...replicas: readonly Replica[]): void {
  for (const { simulator } of replicas) {
    for (let at = 0; at < WORLD.wabas; at += 1) {
      simulator.control.block({ node: `waba-${at}`, why: 'payment' });
    }
  }
}

/** No attempt was given twice, none while another lived, and no outcome was written over a newer one. */
async function checkFences(witness: Witness): Promise<void> {
  const offences = await witness.rows(`
    select * from witness where written < written_before
      or claimed not in (claimed_before, claimed_before + 1)
      or (claimed > claimed_before and lease_before > at + ${UNEVEN_MS})`);
  assert.deepEqual(offences, []);
}

/** Each number was claimed once in an interval, and lost at most the one claim that was cut off. */
async function checkClaims(witness: Witness, began: number): Promise<void> {
  const rows = await witness.rows(`
    select claimed - (select count(distinct w.written) from witness w
        where w.channel_id = a.channel_id and w.written > w.written_before) as lost,
      claimed - 1 - ((${await nowIn(witness)} - slot) / pace_ms - (${began} - slot) / pace_ms) as more
    from channel_attempts a`);
  assert.equal(rows.length, NUMBERS);
  assert.ok(
    rows.every(({ lost }) => Number(lost) <= 1),
    'a number lost more than one claim',
  );
  assert.ok(
    rows.some(({ lost }) => Number(lost) === 1),
    'nobody was stopped while it read',
  );
  assert.ok(
    rows.every(({ more }) => Number(more) <= 0),
    'a number was claimed out of turn',
  );
}

/** Nobody asked without a claim, and all three took part. */
async function checkReads(witness: Witness, replicas: readonly Replica[]): Promise<void> {
  const rows = await witness.rows(`
    select node_id, claimed from channels join channel_attempts on channel_id = channels.id`);
  for (const { node_id: node, claimed } of rows) {
    const reads = replicas.map(({ simulator }) => simulator.control.readsOf(String(node)));
    const sum = reads.reduce((one, other) => one + other, 0);
    assert.ok(
      sum <= Number(claimed),
      `${String(node)}: ${sum} reads for ${String(claimed)} claims`,
    );
  }
}

/** Every number was available and then blocked, and nothing else was ever said. */
async function checkHistory(witness: Witness): Promise<void> {
  const told = (await witness.rows(TOLD_SQL)).map(toldOf);
  auditChains(told);
  const verdicts = told.filter(({ series }) => series === 'verdict:messaging');
  const byChannel = Map.groupBy(verdicts, ({ channelId }) => channelId);
  assert.equal(byChannel.size, NUMBERS);
  for (const some of byChannel.values()) {
    assert.deepEqual(
      some.map(({ is }) => is),
      ['AVAILABLE', 'BLOCKED'],
    );
  }
}
