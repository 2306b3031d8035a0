/** Rules: few, so that all of them are read at once. */
import type { Selectable } from 'kysely';
import { isId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Rule } from '#domain/telling/rule.ts';
import { RULES_MAX, type RulesChange, type RulesView } from '#ports/telling.ts';
import { refuseTaken } from './conflict.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';
import type { RulesTable } from './schema-incidents.ts';

export function rulesView(db: Db): RulesView {
  return {
    find: (ref) => findRule(db, ref, { isLocking: false }),
    all: () => allRules(db),
  };
}

export function rulesChange(db: Db, engine: Engine): RulesChange {
  return {
    ...rulesView(db),
    find: (ref) => findRule(db, ref, { isLocking: engine.rowLocks }),
    async add(rule) {
      await refuseTooMany(db);
      await refuseUnknownReceivers(db, engine, rule);
      const row = { id: rule.id, ...fieldsOf(rule) };
      await refuseTaken(taken(rule), () => db.insertInto('rules').values(row).execute());
    },
    async replace(rule) {
      await refuseUnknownReceivers(db, engine, rule);
      await refuseTaken(taken(rule), () =>
        db.updateTable('rules').set(fieldsOf(rule)).where('id', '=', rule.id).execute(),
      );
    },
    async remove(id) {
      await db.deleteFrom('rules').where('id', '=', id).execute();
    },
  };
}

/** All of them, in the order of names. */
export async function allRules(db: Db): Promise<readonly Rule[]> {
  const rows = await db.selectFrom('rules').selectAll().orderBy('name').execute();
  return rows.map(ruleOf);
}

/** Two that come at once may both be the last: one more than the limit does no harm. */
async function refuseTooMany(db: Db): Promise<void> {
  const { count } = await db
    .selectFrom('rules')
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) < RULES_MAX) return;
  throw new Problem('conflict', `There are ${RULES_MAX} rules already; remove one first.`);
}

/** Those that are there are locked, so that none is removed before the rule is written. */
async function refuseUnknownReceivers(db: Db, engine: Engine, { receivers }: Rule): Promise<void> {
  const rows = await db
    .selectFrom('receivers')
    .select('id')
    .where('id', 'in', jsonIds(engine, receivers))
    .orderBy('id')
    .$if(engine.rowLocks, (query) => query.forKeyShare())
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  const unknown = receivers.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw new Problem('not_found', `There is no receiver ${unknown}, which the rule names.`);
}

async function findRule(
  db: Db,
  ref: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<Rule | null> {
  const row = await db
    .selectFrom('rules')
    .selectAll()
    .where(isId('rule', ref) ? 'id' : 'name', '=', ref)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : ruleOf(row);
}

function ruleOf(row: Selectable<RulesTable>): Rule {
  return {
    id: row.id,
    name: row.name,
    match: JSON.parse(row.match),
    receivers: JSON.parse(row.receivers),
    groupMs: row.group_ms,
    remindAfterMs: row.remind_after_ms,
    remindEveryMs: row.remind_every_ms,
    isEnabled: row.is_enabled === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function fieldsOf(rule: Rule): Omit<RulesTable, 'id'> {
  return {
    name: rule.name,
    match: JSON.stringify(rule.match),
    receivers: JSON.stringify(rule.receivers),
    group_ms: rule.groupMs,
    remind_after_ms: rule.remindAfterMs,
    remind_every_ms: rule.remindEveryMs,
    is_enabled: rule.isEnabled ? 1 : 0,
    created_at: rule.createdAt,
    updated_at: rule.updatedAt,
  };
}

function taken({ id, name }: Rule): Record<string, string> {
  return {
    rules_name: `Another rule has the name "${name}"; choose another name.`,
    rules_id: `There is a rule with the id ${id} already.`,
  };
}
