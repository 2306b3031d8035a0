/**
 * Claiming an attempt and writing what came of it. The attempt number is the fence: of two outcomes
 * the one with the higher number is newer, whatever any clock says.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { ChannelState } from '#domain/channel-state.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Claim } from '#ports/store.ts';
import { keepBody } from './bodies.ts';
import { narrowOf, WIDE_COLUMNS, wideOf } from './channel-row.ts';
import type { Db, Engine } from './engine.ts';
import { nextDue } from './schedule.ts';

export async function claimAttempt(
  db: Db,
  id: ChannelId,
  { now, leaseMs }: { now: number; leaseMs: number },
): Promise<Claim | null> {
  const leaseUntil = now + leaseMs;
  const row = await db
    .updateTable('channel_attempts')
    .set((eb) => ({
      claimed: eb('claimed', '+', 1),
      lease_until: leaseUntil,
      // Whoever asks does the schedule's work. What is not scheduled stays so.
      due_at: eb.case().when('due_at', 'is', null).then(null).else(nextDue(now)).end(),
    }))
    .where('channel_id', '=', id)
    .where('lease_until', '<=', now)
    .where((eb) => eb.exists(watched(db, id)))
    .returning('claimed')
    .executeTakeFirst();
  return row === undefined ? null : { attempt: row.claimed, leaseUntil };
}

export async function writeState(
  { db, engine }: { db: Db; engine: Engine },
  id: ChannelId,
  { state, body }: { state: ChannelState; body: Uint8Array | null },
): Promise<boolean> {
  const { attempt } = state;
  const { numUpdatedRows } = await db
    .updateTable('channel_attempts')
    .set((eb) => ({
      ...narrowOf(state),
      // A first read happens before its channel is stored, so it was never claimed here.
      claimed: eb.case().when('claimed', '<', attempt).then(attempt).else(eb.ref('claimed')).end(),
      // The lease of a newer attempt is not ours to end.
      lease_until: eb
        .case()
        .when('claimed', '<=', attempt)
        .then(0)
        .else(eb.ref('lease_until'))
        .end(),
    }))
    .where('channel_id', '=', id)
    .where('written', '<', attempt)
    .where((eb) => eb.exists(watched(db, id)))
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return false;
  const isGood = state.good?.attempt === attempt;
  assert.equal(body !== null, isGood, 'a body comes with its good read, and only with it');
  const changed = await writeWide(db, id, { state, body });
  if (changed) await engine.announce(db, { noun: 'channel', ref: id });
  return true;
}

/** Ends every lease. Precondition: no process is reading a channel. */
export async function endAllLeases(db: Db): Promise<void> {
  const leased = db.updateTable('channel_attempts').set({ lease_until: 0 });
  await leased.where('lease_until', '>', 0).execute();
}

/** Writes the wide row if anything in it changed, and tells whether it did. */
async function writeWide(
  db: Db,
  id: ChannelId,
  { state, body }: { state: ChannelState; body: Uint8Array | null },
): Promise<boolean> {
  const before = await db
    .selectFrom('channel_states')
    .select(WIDE_COLUMNS)
    .where('channel_id', '=', id)
    .executeTakeFirstOrThrow();
  const after = wideOf(state);
  // What was pinned before the first good read stays pinned.
  after.identity ??= before.identity;
  if (isDeepStrictEqual(after, { ...before })) return false;
  const isNewBody = after.body_hash !== before.body_hash;
  if (isNewBody && after.body_hash !== null) {
    assert(body !== null, 'a changed body hash comes with its body');
    await keepBody(db, after.body_hash, body);
  }
  await db.updateTable('channel_states').set(after).where('channel_id', '=', id).execute();
  return true;
}

/** The channel, if it is there and not archived. */
function watched(db: Db, id: ChannelId) {
  return db
    .selectFrom('channels')
    .select('id')
    .where('id', '=', id)
    .where('archived_at', 'is', null);
}
