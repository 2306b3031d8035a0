/** Due times and claims. A claim moves the due time, so that the index on it never walks claimed rows. */
import { sql } from 'kysely';
import type { ChannelId, CredentialId } from '#domain/id.ts';
import type { GivenBack, ScheduleChange, ScheduleView, UnchangedRead } from '#ports/schedule.ts';
import { requireFew } from './bulk.ts';
import { dueChannels } from './due-channels.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds, jsonRows } from './json-rows.ts';
import { rebase, setBucket, slowDown, stretch } from './pace.ts';

export function scheduleView(db: Db): ScheduleView {
  return {
    async nextDueAt() {
      const query = db.selectFrom('channel_attempts').select((eb) => eb.fn.min('due_at').as('at'));
      const { at } = await query.where('due_at', 'is not', null).executeTakeFirstOrThrow();
      return at;
    },
    async newestAt() {
      const { put } = await db
        .selectFrom('channels')
        .select((eb) => eb.fn.max('updated_at').as('put'))
        .executeTakeFirstOrThrow();
      const { good, failure } = await db
        .selectFrom('channel_attempts')
        .select((eb) => [
          eb.fn.max('good_read_at').as('good'),
          eb.fn.max('failure_at').as('failure'),
        ])
        .executeTakeFirstOrThrow();
      return put === null ? null : Math.max(put, good ?? 0, failure ?? 0);
    },
    async loads({ after, limit }) {
      const rows = await db
        .selectFrom('channel_attempts')
        .innerJoin('channels', 'channels.id', 'channel_attempts.channel_id')
        .select((eb) => [
          'channel_attempts.bucket',
          eb.fn.countAll<number>().as('channels'),
          sql<number>`sum(3600000.0 / channels.interval_ms)`.as('readsPerHour'),
        ])
        .where('channel_attempts.due_at', 'is not', null)
        .$if(after !== null, (some) => some.where('channel_attempts.bucket', '>', after ?? ''))
        .groupBy('channel_attempts.bucket')
        .orderBy('channel_attempts.bucket')
        .limit(limit)
        .execute();
      return rows;
    },
  };
}

export function scheduleChange(db: Db, engine: Engine): ScheduleChange {
  return {
    ...scheduleView(db),
    claimDue: (about) => claimDue(db, engine, about),
    writeUnchanged: (reads) => writeUnchanged(db, engine, reads),
    giveBack: (claims) => giveBack(db, engine, claims),
    async setDue(id, dueAt) {
      const set = db.updateTable('channel_attempts').set({ due_at: dueAt });
      await set.where('channel_id', '=', id).where('due_at', 'is not', null).execute();
    },
    wake: (credentialId, about) => wake(db, credentialId, about),
    slowDown: (id, paceMsMax) => slowDown(db, id, paceMsMax),
    setBucket: (id, bucket) => setBucket(db, id, bucket),
    stretch: (bucket, about) => stretch(db, bucket, about),
    rebase: (about) => rebase(db, engine, about),
  };
}

async function claimDue(
  db: Db,
  engine: Engine,
  { now, limit, leaseMs }: { now: number; limit: number; leaseMs: number },
) {
  requireFew(limit);
  const due = await db
    .selectFrom('channel_attempts')
    .select(['channel_id', 'due_at'])
    .where('due_at', '<=', now)
    .where('lease_until', '<=', now)
    .orderBy('due_at')
    .orderBy('channel_id')
    .limit(limit)
    .$if(engine.rowLocks, (query) => query.forUpdate().skipLocked())
    .execute();
  if (due.length === 0) return [];
  const ids = due.map((row) => row.channel_id);
  const claimed = await db
    .updateTable('channel_attempts')
    .set((eb) => ({
      claimed: eb('claimed', '+', 1),
      lease_until: now + leaseMs,
      due_at: nextDue(now),
    }))
    .where('channel_id', 'in', jsonIds(engine, ids))
    .returning(['channel_id', 'claimed'])
    .execute();
  const attempts = new Map(claimed.map((row) => [row.channel_id, row.claimed]));
  return dueChannels(db, engine, { due, attempts });
}

/** `nextDueAt` of the domain, in SQL: `now` is later than any slot, so no remainder is negative. */
export function nextDue(now: number) {
  return sql<number>`${now} - ((${now} - slot) % pace_ms) + pace_ms`;
}

async function writeUnchanged(
  db: Db,
  engine: Engine,
  reads: readonly UnchangedRead[],
): Promise<ReadonlySet<ChannelId>> {
  if (reads.length === 0) return new Set();
  requireFew(reads.length);
  await lockRows(db, engine, reads);
  const rows = jsonRows(engine, READ_COLUMNS, reads.map(readRow));
  const written = await db
    .with('fresh', () => rows)
    .updateTable('channel_attempts')
    .from('fresh')
    .set((eb) => ({
      written: eb.ref('fresh.attempt'),
      good_attempt: eb.ref('fresh.attempt'),
      good_started_at: eb.ref('fresh.started_at'),
      good_read_at: eb.ref('fresh.read_at'),
      served_version: eb.ref('fresh.version'),
      served_trace_id: eb.ref('fresh.trace_id'),
      lease_until: eb
        .case()
        .when('channel_attempts.claimed', '<=', eb.ref('fresh.attempt'))
        .then(0)
        .else(eb.ref('channel_attempts.lease_until'))
        .end(),
      due_at: eb
        .case()
        .when('channel_attempts.due_at', 'is', null)
        .then(null)
        .else(eb.fn.coalesce('fresh.due_at', 'channel_attempts.due_at'))
        .end(),
    }))
    .whereRef('channel_attempts.channel_id', '=', 'fresh.id')
    // A late outcome may have come in between, of whose read this one knows nothing.
    .whereRef('channel_attempts.written', '=', 'fresh.repeats')
    .whereRef('channel_attempts.written', '<', 'fresh.attempt')
    // Nor may it pass by what began to be watched closely meanwhile.
    .where('channel_attempts.closely', '=', 0)
    .returning('channel_attempts.channel_id')
    .execute();
  return new Set(written.map((row) => row.channel_id));
}

const READ_COLUMNS = {
  id: 'text',
  attempt: 'integer',
  repeats: 'integer',
  started_at: 'integer',
  read_at: 'integer',
  version: 'text',
  trace_id: 'text',
  due_at: 'integer',
} as const;

function readRow(read: UnchangedRead) {
  return {
    id: read.id,
    attempt: read.attempt,
    repeats: read.repeats,
    started_at: read.startedAt,
    read_at: read.readAt,
    version: read.version,
    trace_id: read.traceId,
    due_at: read.dueAt,
  };
}

async function giveBack(db: Db, engine: Engine, claims: readonly GivenBack[]): Promise<void> {
  if (claims.length === 0) return;
  requireFew(claims.length);
  await lockRows(db, engine, claims);
  const columns = { id: 'text', attempt: 'integer', due_at: 'integer' } as const;
  const rows = claims.map(({ id, attempt, dueAt }) => ({ id, attempt, due_at: dueAt }));
  await db
    .with('back', () => jsonRows(engine, columns, rows))
    .updateTable('channel_attempts')
    .from('back')
    .set((eb) => ({
      lease_until: 0,
      due_at: eb.fn.coalesce('back.due_at', 'channel_attempts.due_at'),
    }))
    .whereRef('channel_attempts.channel_id', '=', 'back.id')
    .whereRef('channel_attempts.claimed', '=', 'back.attempt')
    .where('channel_attempts.due_at', 'is not', null)
    .execute();
}

async function wake(
  db: Db,
  credentialId: CredentialId,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<number> {
  requireFew(limit);
  const later = db
    .selectFrom('channel_attempts')
    .innerJoin('channel_states', 'channel_states.channel_id', 'channel_attempts.channel_id')
    .select('channel_attempts.channel_id')
    .where('channel_attempts.credential_id', '=', credentialId)
    .where('channel_attempts.due_at', '>', now)
    .where('channel_attempts.lease_until', '<=', now)
    .where('channel_states.trust_state', '=', 'ended')
    .where('channel_states.trust_code', '=', 'credential_rejected')
    .limit(limit);
  const woken = await db
    .updateTable('channel_attempts')
    .set({ due_at: now })
    .where('channel_id', 'in', later)
    .executeTakeFirstOrThrow();
  return Number(woken.numUpdatedRows);
}

/** Locks the rows in the order of their ids, so that two programs never wait for each other in a circle. */
async function lockRows(
  db: Db,
  engine: Engine,
  rows: readonly { readonly id: ChannelId }[],
): Promise<void> {
  if (!engine.rowLocks) return;
  const ids = jsonIds(
    engine,
    rows.map((row) => row.id),
  );
  await db
    .selectFrom('channel_attempts')
    .select('channel_id')
    .where('channel_id', 'in', ids)
    .orderBy('channel_id')
    .forUpdate()
    .execute();
}
