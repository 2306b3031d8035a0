/** Budgets: one row a bucket, so that all programs on the store take from the same one. */
import type { Selectable } from 'kysely';
import { take } from '#domain/budget.ts';
import type {
  Budget,
  BudgetGrant,
  BudgetsChange,
  BudgetsView,
  BudgetWish,
} from '#ports/budgets.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds, jsonRows } from './json-rows.ts';
import type { BudgetsTable } from './schema.ts';

const ROWS_MAX = 500;
const PERMILLE = 1_000;

type Wish = BudgetWish & { readonly perHour: number };

export function budgetsView(db: Db, engine: Engine): BudgetsView {
  return {
    async find(bucket) {
      const query = db.selectFrom('budgets').selectAll().where('bucket', '=', bucket);
      const row = await query.executeTakeFirst();
      return row === undefined ? null : budgetOf(row);
    },
    async findMany(buckets) {
      const some = db.selectFrom('budgets').selectAll();
      const rows = await some.where('bucket', 'in', jsonIds(engine, buckets)).execute();
      return rows.map(budgetOf);
    },
    async list({ after, limit }) {
      const rows = await db
        .selectFrom('budgets')
        .selectAll()
        .$if(after !== null, (query) => query.where('bucket', '>', after ?? ''))
        .orderBy('bucket')
        .limit(limit)
        .execute();
      return rows.map(budgetOf);
    },
  };
}

export function budgetsChange(db: Db, engine: Engine): BudgetsChange {
  return {
    ...budgetsView(db, engine),
    take: (wishes, now) => takeAll(db, engine, { wishes, now }),
    async learn(bucket, facts) {
      const columns = columnsOf(facts);
      await db
        .insertInto('budgets')
        .values({ ...rowOf(bucket, facts.perHour ?? 0), ...columns })
        .onConflict((conflict) =>
          Object.keys(columns).length === 0
            ? conflict.column('bucket').doNothing()
            : conflict.column('bucket').doUpdateSet(columns),
        )
        .execute();
    },
  };
}

async function takeAll(
  db: Db,
  engine: Engine,
  { wishes, now }: { readonly wishes: readonly Wish[]; readonly now: number },
): Promise<readonly BudgetGrant[]> {
  if (wishes.length === 0) return [];
  if (wishes.length > ROWS_MAX) throw new Error(`at most ${ROWS_MAX} buckets at once`);
  const rows = new Map((await lockedRows(db, engine, wishes)).map((row) => [row.bucket, row]));
  const changed = new Map<string, BudgetsTable>();
  const grants = wishes.map((wish) => {
    const row = changed.get(wish.bucket) ?? rows.get(wish.bucket);
    if (row === undefined) throw new Error(`bucket ${wish.bucket} was not made`);
    const { grant, after } = grantOf(row, wish, now);
    changed.set(wish.bucket, after);
    return grant;
  });
  await writeFilled(db, engine, [...changed.values()]);
  return grants;
}

/** The rows, made where they are missing, in the order of buckets. */
async function lockedRows(db: Db, engine: Engine, wishes: readonly Wish[]) {
  const select = () =>
    db
      .selectFrom('budgets')
      .selectAll()
      .where(
        'bucket',
        'in',
        jsonIds(
          engine,
          wishes.map((wish) => wish.bucket),
        ),
      )
      .orderBy('bucket')
      .$if(engine.rowLocks, (query) => query.forUpdate())
      .execute();
  const found = await select();
  const known = new Set(found.map((row) => row.bucket));
  const missing = new Map(
    wishes.filter(({ bucket }) => !known.has(bucket)).map((wish) => [wish.bucket, wish]),
  );
  if (missing.size === 0) return found;
  const values = [...missing.values()].map(({ bucket, perHour }) => rowOf(bucket, perHour));
  const insert = db.insertInto('budgets').values(values.toSorted(byBucket));
  await insert.onConflict((conflict) => conflict.column('bucket').doNothing()).execute();
  return select();
}

function byBucket(one: BudgetsTable, other: BudgetsTable): number {
  return one.bucket < other.bucket ? -1 : 1;
}

function grantOf(row: BudgetsTable, { use, count }: Wish, now: number) {
  const waitUntil = Math.max(row.closed_until, use === 'scheduled' ? row.held_until : 0);
  if (waitUntil > now) return { grant: { granted: 0, againAt: waitUntil } as const, after: row };
  const own = use === 'scheduled' ? 'scheduled_until' : 'asked_until';
  const taken = take({ perHour: row.per_hour, filledUntil: row[own] }, { use, count, now });
  const after = { ...row, [own]: taken.filledUntil };
  if (taken.granted > 0) return { grant: { granted: taken.granted, againAt: null }, after };
  const spare = use === 'asked' ? spareOf(row, count, now) : null;
  if (spare !== null) return spare;
  return { grant: { granted: 0, againAt: Math.max(taken.againAt, now + 1) } as const, after: row };
}

/** What people ask for may use what the schedule has left over. */
function spareOf(row: BudgetsTable, count: number, now: number) {
  const about = { perHour: row.per_hour, filledUntil: row.scheduled_until };
  const taken = take(about, { use: 'scheduled', count, now });
  if (taken.granted === 0) return null;
  const after = { ...row, scheduled_until: taken.filledUntil };
  return { grant: { granted: taken.granted, againAt: null }, after };
}

async function writeFilled(db: Db, engine: Engine, rows: readonly BudgetsTable[]): Promise<void> {
  const columns = { bucket: 'text', scheduled_until: 'integer', asked_until: 'integer' } as const;
  await db
    .with('filled', () => jsonRows(engine, columns, rows))
    .updateTable('budgets')
    .from('filled')
    .set((eb) => ({
      scheduled_until: eb.ref('filled.scheduled_until'),
      asked_until: eb.ref('filled.asked_until'),
    }))
    .whereRef('budgets.bucket', '=', 'filled.bucket')
    .execute();
}

function rowOf(bucket: string, perHour: number): BudgetsTable {
  return {
    bucket,
    per_hour: perHour,
    scheduled_until: 0,
    asked_until: 0,
    percent: null,
    reported_at: null,
    held_until: 0,
    closed_until: 0,
    stretch_permille: PERMILLE,
    needed_per_hour: 0,
  };
}

function columnsOf(facts: Partial<Omit<Budget, 'bucket'>>): Partial<BudgetsTable> {
  return {
    ...(facts.perHour !== undefined && { per_hour: facts.perHour }),
    ...(facts.percent !== undefined && {
      percent: facts.percent === null ? null : Math.round(facts.percent),
    }),
    ...(facts.reportedAt !== undefined && { reported_at: facts.reportedAt }),
    ...(facts.heldUntil !== undefined && { held_until: facts.heldUntil }),
    ...(facts.closedUntil !== undefined && { closed_until: facts.closedUntil }),
    ...(facts.stretch !== undefined && {
      stretch_permille: Math.round(facts.stretch * PERMILLE),
    }),
    ...(facts.neededPerHour !== undefined && {
      needed_per_hour: Math.round(facts.neededPerHour),
    }),
  };
}

function budgetOf(row: Selectable<BudgetsTable>): Budget {
  return {
    bucket: row.bucket,
    perHour: row.per_hour,
    percent: row.percent,
    reportedAt: row.reported_at,
    heldUntil: row.held_until,
    closedUntil: row.closed_until,
    stretch: row.stretch_permille / PERMILLE,
    neededPerHour: row.needed_per_hour,
  };
}
