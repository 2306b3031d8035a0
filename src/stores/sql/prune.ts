/** Erasing history that is older than its retention, a few rows at a time. */
import { sql } from 'kysely';
import type { ChannelId, TransitionId } from '#domain/id.ts';
import type { Pruned } from '#ports/history.ts';
import { dropUnusedBodies } from './bodies.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';
import { cursorOf, placeOf } from './transition-list.ts';

const ROWS_MAX = 500;

export async function pruneTransitions(
  db: Db,
  engine: Engine,
  about: { readonly before: number; readonly after: string | null; readonly limit: number },
): Promise<Pruned> {
  const { before, limit } = about;
  requireFew(limit);
  const place = placeOf(about.after);
  const rows = await db
    .selectFrom('transitions')
    .select(['id', 'at', 'body_before', 'body_after'])
    .select(isFollowed(before).as('followed'))
    .where('at', '<', before)
    .$if(place !== null, (some) =>
      some.where(sql<boolean>`(at, id) > (${place?.at ?? 0}, ${place?.id ?? ''})`),
    )
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute();
  const gone = rows.filter(({ followed }) => Boolean(followed));
  await erase(db, engine, gone);
  const last = rows.at(-1);
  const next = rows.length < limit || last === undefined ? null : cursorOf(last);
  return { next, erased: gone.length };
}

/** Whether a newer transition of the same series lies before the horizon too. */
function isFollowed(before: number) {
  return sql<boolean | number>`exists (
    select 1 from transitions as newer
    where newer.channel_id = transitions.channel_id
      and newer.series = transitions.series
      and (newer.at, newer.id) > (transitions.at, transitions.id)
      and newer.at < ${before}
  )`;
}

export async function eraseTransitionsOf(
  { db, engine }: { readonly db: Db; readonly engine: Engine },
  id: ChannelId,
  limit: number,
): Promise<number> {
  requireFew(limit);
  const rows = await db
    .selectFrom('transitions')
    .select(['id', 'body_before', 'body_after'])
    .where('channel_id', '=', id)
    .orderBy('at')
    .limit(limit)
    .execute();
  await erase(db, engine, rows);
  return rows.length;
}

interface Erased {
  readonly id: TransitionId;
  readonly body_before: string | null;
  readonly body_after: string | null;
}

async function erase(db: Db, engine: Engine, rows: readonly Erased[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await db.deleteFrom('transitions').where('id', 'in', jsonIds(engine, ids)).execute();
  const hashes = new Set(rows.flatMap(({ body_before, body_after }) => [body_before, body_after]));
  await dropUnusedBodies(
    db,
    engine,
    [...hashes].filter((hash) => hash !== null),
  );
}

function requireFew(limit: number): void {
  if (limit <= ROWS_MAX) return;
  throw new Error(`a statement touches at most ${ROWS_MAX} rows, not ${limit}`);
}
