/** What is counted over incidents. Each count ends early or is a range of an index. */
import { sql } from 'kysely';
import type { UpstreamKind } from '#domain/billing.ts';
import type { Capability } from '#domain/entity.ts';
import { type Cause, causeKey } from '#domain/incidents/cause.ts';
import type { Severity } from '#domain/incidents/incident.ts';
import type { Earlier } from '#ports/incidents.ts';
import type { Db } from './engine.ts';

/** Cases are compared with the newest so many: Meta changes with time. */
const CASES_MAX = 100;

export async function earlierOf(db: Db, code: string): Promise<Earlier | null> {
  const cases = db
    .selectFrom('incidents')
    .select((eb) => eb('ended_at', '-', eb.ref('acknowledged_at')).as('took_ms'))
    .where('code', '=', code)
    .where('acknowledged_at', 'is not', null)
    .where('resolved_at', 'is not', null)
    .whereRef('ended_at', '>=', 'acknowledged_at')
    .orderBy('resolved_at', 'desc')
    .limit(CASES_MAX);
  const { fromMs, toMs, count } = await db
    .selectFrom(cases.as('cases'))
    .select((eb) => [
      eb.fn.min('took_ms').as('fromMs'),
      eb.fn.max('took_ms').as('toMs'),
      eb.fn.countAll().as('count'),
    ])
    .executeTakeFirstOrThrow();
  return fromMs === null || toMs === null ? null : { fromMs, toMs, cases: Number(count) };
}

export async function opensOf(
  db: Db,
  about: { readonly cause: Cause; readonly capability: Capability | null; readonly since: number },
): Promise<number> {
  const { opens } = await db
    .selectFrom('incidents')
    .select((eb) => eb.fn.countAll().as('opens'))
    .where('key', '=', causeKey(about.cause, about.capability))
    .where('opened_at', '>=', about.since)
    .executeTakeFirstOrThrow();
  return Number(opens);
}

export async function openCounts(db: Db): Promise<Readonly<Record<Severity, number>>> {
  const rows = await db
    .selectFrom('incidents')
    .select((eb) => ['severity', eb.fn.countAll().as('count')])
    .where('resolved_at', 'is', null)
    .groupBy('severity')
    .execute();
  const counts = { critical: 0, error: 0, warning: 0, info: 0 };
  for (const { severity, count } of rows) counts[severity] = Number(count);
  return counts;
}

/** More than this is a storm by any measure. */
const NEW_CAUSES_MAX = 100;
/** A cause has two keys at most, one for each capability. */
const KEYS_MAX = 2 * NEW_CAUSES_MAX;

export async function newCausesOf(db: Db, upstream: UpstreamKind, since: number): Promise<number> {
  const opened = await db
    .selectFrom('incidents')
    .select('key')
    .where('upstream', '=', upstream)
    .where(sql<boolean>`${sql.ref('is_baseline')} = 0 and ${sql.ref('cause_kind')} = 'entity'`)
    .where('opened_at', '>=', since)
    .orderBy('opened_at', 'desc')
    .limit(KEYS_MAX)
    .execute();
  const keys = [...opened, ...(await suspectedSince(db, upstream, since))];
  const causes = new Set(
    keys.map(({ key }) => {
      const [, type, ref]: readonly unknown[] = JSON.parse(key);
      return JSON.stringify([type, ref]);
    }),
  );
  return Math.min(causes.size, NEW_CAUSES_MAX);
}

/**
 * The keys of entity causes that became suspect where they had worked. One step in the index for each:
 * reading every sign would cost as much as a broken portfolio has numbers.
 */
async function suspectedSince(
  db: Db,
  upstream: UpstreamKind,
  since: number,
): Promise<readonly { readonly key: string }[]> {
  // Keys of entity causes begin with `["entity",`; a hyphen is what follows the comma.
  const next = (last: ReturnType<typeof sql>) => sql`(
    select key from signs
    where upstream = ${upstream} and stage = 'suspect' and worked = 1
      and key > ${last} and key < '["entity"-' and first_bad_at >= ${since}
    order by key limit 1)`;
  const { rows } = await sql<{ key: string }>`
    with recursive step(key) as (
      select ${next(sql`'["entity",'`)}
      union all
      select ${next(sql`step.key`)} from step where step.key is not null
    )
    select key from step where key is not null limit ${sql.lit(KEYS_MAX)}`.execute(db);
  return rows;
}
