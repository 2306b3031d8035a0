/** What is known of the tokens of credentials, and when they are inspected. */
import type { Failure } from '#domain/failure.ts';
import type { CredentialId } from '#domain/id.ts';
import type { TokenFacts } from '#domain/token-facts.ts';
import type { KnownToken, TokenFactsChange, TokenFactsView } from '#ports/token-facts.ts';
import { UNKNOWN_TOKEN } from '#ports/token-facts.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';
import type { TokenFactsTable } from './schema.ts';

export function tokenFactsView(db: Db, engine: Engine): TokenFactsView {
  return {
    async find(id) {
      const query = db.selectFrom('token_facts').selectAll().where('credential_id', '=', id);
      const row = await query.executeTakeFirst();
      return row === undefined ? UNKNOWN_TOKEN : knownOf(row);
    },
    async ofCredentials(ids) {
      requireFew(ids.length);
      const rows = await db
        .selectFrom('token_facts')
        .selectAll()
        .where('credential_id', 'in', jsonIds(engine, ids))
        .execute();
      return new Map(rows.map((row) => [row.credential_id, knownOf(row)]));
    },
  };
}

export function tokenFactsChange(db: Db, engine: Engine): TokenFactsChange {
  return {
    ...tokenFactsView(db, engine),
    claimDue: (about) => claimDue(db, engine, about),
    async write(id, { facts, failure, readAt }, dueAt) {
      const known = {
        facts: facts === null ? null : JSON.stringify(facts),
        failure: failure === null ? null : JSON.stringify(failure),
        read_at: readAt,
        due_at: dueAt,
      };
      const write = db.updateTable('token_facts').set(known);
      await write.where('credential_id', '=', id).execute();
    },
  };
}

async function claimDue(
  db: Db,
  engine: Engine,
  { now, limit, againAt }: { now: number; limit: number; againAt: number },
): Promise<readonly CredentialId[]> {
  requireFew(limit);
  const due = await db
    .selectFrom('token_facts')
    .select('credential_id')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .$if(engine.rowLocks, (query) => query.forUpdate().skipLocked())
    .execute();
  const ids = due.map((row) => row.credential_id);
  if (ids.length === 0) return ids;
  const claim = db.updateTable('token_facts').set({ due_at: againAt });
  await claim.where('credential_id', 'in', jsonIds(engine, ids)).execute();
  return ids;
}

function knownOf(row: TokenFactsTable): KnownToken {
  const facts: TokenFacts | null = row.facts === null ? null : JSON.parse(row.facts);
  const failure: Failure | null = row.failure === null ? null : JSON.parse(row.failure);
  return { facts, failure, readAt: row.read_at };
}
