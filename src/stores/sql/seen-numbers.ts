/** The numbers that credentials can see. */
import type { ExpressionBuilder } from 'kysely';
import { sql } from 'kysely';
import type { SeenNumber } from '#domain/seen-number.ts';
import type { SeenNumbersChange, SeenNumbersView } from '#ports/seen-numbers.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds, jsonRows } from './json-rows.ts';
import { pageOf, rowsToAsk } from './paging.ts';
import type { Schema, SeenNumbersTable } from './schema.ts';

export function seenNumbersView(db: Db): SeenNumbersView {
  return {
    async list(page, { credentialId } = {}) {
      const seen = db.selectFrom('seen_numbers as seen').selectAll('seen');
      const asked =
        credentialId === undefined
          ? seen.where((eb) => eb.not(eb.exists(tellingMore(eb))))
          : seen.where('seen.credential_id', '=', credentialId);
      const rows = await asked
        .$if(page.after !== null, (some) => some.where('seen.node_id', '>', page.after ?? ''))
        .orderBy('seen.node_id')
        .limit(rowsToAsk(page))
        .execute();
      return pageOf(rows.map(seenOf), page, ({ nodeId }) => nodeId);
    },
  };
}

/** Another row of the same node that tells more: one still seen before one that is gone, else the first. */
function tellingMore(eb: ExpressionBuilder<Schema & { seen: SeenNumbersTable }, 'seen'>) {
  return eb
    .selectFrom('seen_numbers as other')
    .select('other.node_id')
    .whereRef('other.node_id', '=', 'seen.node_id')
    .where((both) => {
      const isFirst = both('other.credential_id', '<', both.ref('seen.credential_id'));
      const otherIsSeen = both('other.gone_at', 'is', null);
      const thisIsSeen = both('seen.gone_at', 'is', null);
      return both.or([
        both.and([otherIsSeen, both.not(thisIsSeen)]),
        both.and([otherIsSeen, thisIsSeen, isFirst]),
        both.and([both.not(otherIsSeen), both.not(thisIsSeen), isFirst]),
      ]);
    });
}

const COLUMNS = {
  node_id: 'text',
  waba_id: 'text',
  business_id: 'text',
  display_number: 'text',
  verified_name: 'text',
  credential_id: 'text',
  first_seen_at: 'integer',
  seen_at: 'integer',
} as const;
const NAMES = Object.keys(COLUMNS).filter((name) => isColumn(name));

function isColumn(name: string): name is keyof typeof COLUMNS {
  return Object.hasOwn(COLUMNS, name);
}

export function seenNumbersChange(db: Db, engine: Engine): SeenNumbersChange {
  return {
    ...seenNumbersView(db),
    async see(credentialId, numbers, at) {
      requireFew(numbers.length);
      if (numbers.length === 0) return;
      const times = { credential_id: credentialId, first_seen_at: at, seen_at: at };
      const rows = numbers.map((number) => ({ ...rowOf(number), ...times }));
      await db
        .with('fresh', () => jsonRows(engine, COLUMNS, rows))
        .insertInto('seen_numbers')
        .columns(NAMES)
        .expression((eb) =>
          // Without a condition SQLite takes "on conflict" for the condition of a join.
          eb
            .selectFrom('fresh')
            .select(NAMES)
            .where(sql<boolean>`true`),
        )
        .onConflict((conflict) =>
          conflict.columns(['credential_id', 'node_id']).doUpdateSet((eb) => ({
            waba_id: eb.ref('excluded.waba_id'),
            business_id: eb.ref('excluded.business_id'),
            display_number: eb.ref('excluded.display_number'),
            verified_name: eb.ref('excluded.verified_name'),
            seen_at: eb.ref('excluded.seen_at'),
            gone_at: null,
          })),
        )
        .execute();
    },
    async markGone(credentialId, { seenBefore, at, wabaIds }) {
      const rows = await db
        .selectFrom('seen_numbers')
        .select('node_id')
        .where('credential_id', '=', credentialId)
        .where('seen_at', '<', seenBefore)
        .where('gone_at', 'is', null)
        .$if(wabaIds !== 'all', (some) =>
          some.where('waba_id', 'in', jsonIds(engine, wabaIds === 'all' ? [] : wabaIds)),
        )
        .limit(GONE_AT_ONCE)
        .execute();
      if (rows.length === 0) return 0;
      const ids = rows.map((row) => row.node_id);
      const gone = db.updateTable('seen_numbers').set({ gone_at: at });
      await gone
        .where('credential_id', '=', credentialId)
        .where('node_id', 'in', jsonIds(engine, ids))
        .execute();
      return rows.length;
    },
  };
}

/** The most that one call marks. */
const GONE_AT_ONCE = 500;

function rowOf(number: Omit<SeenNumber, 'credentialId' | 'firstSeenAt' | 'seenAt' | 'goneAt'>) {
  return {
    node_id: number.nodeId,
    waba_id: number.wabaId,
    business_id: number.businessId,
    display_number: number.displayNumber,
    verified_name: number.verifiedName,
  };
}

function seenOf(row: SeenNumbersTable): SeenNumber {
  return {
    credentialId: row.credential_id,
    nodeId: row.node_id,
    wabaId: row.waba_id,
    businessId: row.business_id,
    displayNumber: row.display_number,
    verifiedName: row.verified_name,
    firstSeenAt: row.first_seen_at,
    seenAt: row.seen_at,
    goneAt: row.gone_at,
  };
}
