/** Profiles, when they are read, and what a portfolio has in common. */
import type { Failure } from '#domain/failure.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Profile } from '#domain/profile.ts';
import { digitsOf, EMPTY_PROFILE } from '#domain/profile.ts';
import type { KnownProfile, ProfilesChange, ProfilesView } from '#ports/profiles.ts';
import { UNKNOWN_PROFILE } from '#ports/profiles.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';
import type { ProfilesTable } from './schema.ts';

export function profilesView(db: Db, engine: Engine): ProfilesView {
  return {
    async find(id) {
      const query = db.selectFrom('profiles').selectAll().where('channel_id', '=', id);
      const row = await query.executeTakeFirst();
      return row === undefined ? UNKNOWN_PROFILE : knownOf(row);
    },
    async ofChannels(ids) {
      requireFew(ids.length);
      const rows = await db
        .selectFrom('profiles')
        .selectAll()
        .where('channel_id', 'in', jsonIds(engine, ids))
        .execute();
      return new Map(rows.map((row) => [row.channel_id, knownOf(row)]));
    },
    async portfolios(businessIds) {
      requireFew(businessIds.length);
      const rows = await db
        .selectFrom('portfolios')
        .selectAll()
        .where('business_id', 'in', jsonIds(engine, businessIds))
        .execute();
      return new Map(
        rows.map(({ business_id: businessId, messaging_limit, read_at }) => [
          businessId,
          { businessId, messagingLimit: messaging_limit, readAt: read_at },
        ]),
      );
    },
  };
}

export function profilesChange(db: Db, engine: Engine): ProfilesChange {
  return {
    ...profilesView(db, engine),
    claimDue: (about) => claimDue(db, engine, about),
    async write(id, known, dueAt) {
      const scheduled = db.updateTable('profiles').set({ due_at: dueAt });
      await db.updateTable('profiles').set(columnsOf(known)).where('channel_id', '=', id).execute();
      await scheduled.where('channel_id', '=', id).where('due_at', 'is not', null).execute();
    },
    async setDue(id, dueAt) {
      const set = db.updateTable('profiles').set({ due_at: dueAt });
      await set.where('channel_id', '=', id).where('due_at', 'is not', null).execute();
    },
    async putPortfolio({ businessId, messagingLimit, readAt }) {
      const told = { messaging_limit: messagingLimit, read_at: readAt };
      await db
        .insertInto('portfolios')
        .values({ business_id: businessId, ...told })
        .onConflict((conflict) =>
          conflict
            .column('business_id')
            .doUpdateSet(told)
            .where('portfolios.read_at', '<=', readAt),
        )
        .execute();
    },
  };
}

async function claimDue(
  db: Db,
  engine: Engine,
  { now, limit, againAt }: { now: number; limit: number; againAt: number },
): Promise<readonly ChannelId[]> {
  requireFew(limit);
  const due = await db
    .selectFrom('profiles')
    .select('channel_id')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .$if(engine.rowLocks, (query) => query.forUpdate().skipLocked())
    .execute();
  const ids = due.map((row) => row.channel_id);
  if (ids.length === 0) return ids;
  const claim = db.updateTable('profiles').set({ due_at: againAt });
  await claim.where('channel_id', 'in', jsonIds(engine, ids)).execute();
  return ids;
}

function columnsOf({ profile, readAt, failure, failuresInARow }: KnownProfile) {
  return {
    display_number: profile?.displayNumber ?? null,
    digits: digitsOf(profile?.displayNumber ?? null),
    verified_name: profile?.verifiedName ?? null,
    profile: profile === null ? null : JSON.stringify(profile),
    failure: failure === null ? null : JSON.stringify(failure),
    failures_in_a_row: failuresInARow,
    read_at: readAt,
  };
}

function knownOf(row: ProfilesTable): KnownProfile {
  const stored: Profile | null = row.profile === null ? null : JSON.parse(row.profile);
  // Of a row that is older than a field, the field is not known.
  const webhook = { ...EMPTY_PROFILE.webhook, ...stored?.webhook };
  const profile = stored && { ...EMPTY_PROFILE, ...stored, webhook };
  const failure: Failure | null = row.failure === null ? null : JSON.parse(row.failure);
  return { profile, failure, failuresInARow: row.failures_in_a_row, readAt: row.read_at };
}
