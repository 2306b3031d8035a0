/** Budgets: one row a bucket, so that all programs on the store take from the same one. */
import type { Selectable } from 'kysely';
import { PER_HOUR, perHourOf, take } from '#domain/budget.ts';
import type {
  Budget,
  BudgetFacts,
  BudgetGrant,
  BudgetsChange,
  BudgetsView,
  BudgetWish,
} from '#ports/budgets.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds, jsonRows } from './json-rows.ts';
import type { BudgetsTable } from './schema-budgets.ts';

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
    learn: (bucket, facts) => learn(db, bucket, facts),
    async drop(buckets) {
      await db.deleteFrom('budgets').where('bucket', 'in', jsonIds(engine, buckets)).execute();
    },
  };
}

/** Holds and closures only grow: who reports a short one does not know of a long one. */
async function learn(db: Db, bucket: string, facts: BudgetFacts): Promise<void> {
  const columns = columnsOf(facts);
  const insert = db.insertInto('budgets').values({ ...rowOf(bucket, PER_HOUR.active), ...columns });
  await insert
    .onConflict((conflict) => {
      const target = conflict.column('bucket');
      if (Object.keys(columns).length === 0) return target.doNothing();
      return target.doUpdateSet((eb) => ({
        ...columns,
        ...(columns.held_until !== undefined && {
          held_until: eb
            .case()
            .when('budgets.held_until', '>', columns.held_until)
            .then(eb.ref('budgets.held_until'))
            .else(columns.held_until)
            .end(),
        }),
        ...(columns.closed_until !== undefined && {
          closed_until: eb
            .case()
            .when('budgets.closed_until', '>', columns.closed_until)
            .then(eb.ref('budgets.closed_until'))
            .else(columns.closed_until)
            .end(),
        }),
      }));
    })
    .execute();
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

function grantOf(found: BudgetsTable, wish: Wish, now: number) {
  const perHour = perHourOf(found.is_active === 1, wish.perHour);
  const row = { ...found, per_hour: perHour };
  const { use, count } = wish;
  const waitUntil = Math.max(row.closed_until, use === 'scheduled' ? row.held_until : 0);
  const own = use === 'scheduled' ? 'scheduled_until' : 'asked_until';
  if (waitUntil > now) {
    const { everyMs } = take({ perHour, filledUntil: row[own] }, { use, count: 0, now });
    return { grant: { granted: 0, againAt: waitUntil, everyMs }, after: row };
  }
  const { filledUntil, ...grant } = take({ perHour, filledUntil: row[own] }, { use, count, now });
  if (grant.granted === 0 && use === 'asked') {
    const spare = spareOf(row, count, now);
    if (spare !== null) return spare;
  }
  return { grant, after: { ...row, [own]: filledUntil } };
}

/** What people ask for may use what the schedule has left over. */
function spareOf(row: BudgetsTable, count: number, now: number) {
  const about = { perHour: row.per_hour, filledUntil: row.scheduled_until };
  const { filledUntil, ...grant } = take(about, { use: 'scheduled', count, now });
  return grant.granted === 0 ? null : { grant, after: { ...row, scheduled_until: filledUntil } };
}

async function writeFilled(db: Db, engine: Engine, rows: readonly BudgetsTable[]): Promise<void> {
  const columns = {
    bucket: 'text',
    per_hour: 'integer',
    scheduled_until: 'integer',
    asked_until: 'integer',
  } as const;
  await db
    .with('filled', () => jsonRows(engine, columns, rows))
    .updateTable('budgets')
    .from('filled')
    .set((eb) => ({
      per_hour: eb.ref('filled.per_hour'),
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
    is_active: 1,
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

function columnsOf(facts: BudgetFacts): Partial<BudgetsTable> {
  return {
    ...(facts.perHour !== undefined && { per_hour: facts.perHour }),
    ...(facts.isActive !== undefined && { is_active: facts.isActive ? 1 : 0 }),
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
    isActive: row.is_active === 1,
    percent: row.percent,
    reportedAt: row.reported_at,
    heldUntil: row.held_until,
    closedUntil: row.closed_until,
    stretch: row.stretch_permille / PERMILLE,
    neededPerHour: row.needed_per_hour,
  };
}
