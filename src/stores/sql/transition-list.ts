/**
 * Pages of transitions: each is one range of one index for every kind that is asked for, whatever the
 * size of the fleet and the length of its history. A cursor is the moment and id of the last one.
 */
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { Problem } from '#domain/problem.ts';
import type { ChannelId } from '#domain/id.ts';
import type { SeriesStep, Transition, TransitionKind } from '#domain/transition.ts';
import type { TransitionFilter } from '#ports/history.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { Db } from './engine.ts';
import { pageOf, rowsToAsk } from './paging.ts';
import type { TransitionsTable } from './schema.ts';
import { transitionOf } from './transition-row.ts';

export type Direction = 'asc' | 'desc';

/** What a scan may ask for at once. */
const STEPS_MAX = 5_000;

interface Place {
  readonly at: number;
  readonly id: string;
}

export async function listTransitions(
  db: Db,
  page: PageRequest,
  about: { readonly filter: TransitionFilter; readonly direction: Direction },
): Promise<Page<Transition>> {
  const { filter, direction } = about;
  const { kinds = [], series } = filter;
  if (series !== undefined && (filter.channelId === undefined || kinds.length > 0)) {
    throw new Error('a series takes a channel and no kinds');
  }
  const limit = rowsToAsk(page);
  const ranges: (TransitionKind | undefined)[] = kinds.length === 0 ? [undefined] : [...kinds];
  const found: TransitionsTable[] = [];
  for (const kind of new Set(ranges)) {
    const query = rangeOf(db, filter, { kind, direction, after: placeOf(page.after) });
    found.push(...(await query.selectAll().limit(limit).execute()));
  }
  const rows = ranges.length === 1 ? found : inOrder(found, direction).slice(0, limit);
  return pageOf(rows.map(transitionOf), page, cursorOf);
}

/** Led by the newest step before the range, which says how it begins. */
export async function listSteps(
  db: Db,
  page: PageRequest,
  about: {
    readonly id: ChannelId;
    readonly series: string;
    readonly from: number;
    readonly until: number;
  },
): Promise<Page<SeriesStep>> {
  const { id: channelId, series, from, until } = about;
  const steps = (filter: TransitionFilter, direction: Direction, after: Place | null) =>
    rangeOf(db, { channelId, series, ...filter }, { kind: undefined, direction, after }).select([
      'id',
      'at',
      'attempt',
      'was',
      'is',
      'detail',
    ]);
  const after = placeOf(page.after);
  const lead = after === null ? await steps({ until: from }, 'desc', null).limit(1).execute() : [];
  const limit = rowsToAsk(page, STEPS_MAX);
  const rows = await steps({ from, until }, 'asc', after).limit(limit).execute();
  return pageOf([...lead, ...rows], page, cursorOf);
}

function rangeOf(
  db: Db,
  { channelId, series, from, until }: TransitionFilter,
  about: {
    readonly kind: TransitionKind | undefined;
    readonly direction: Direction;
    readonly after: Place | null;
  },
) {
  const { kind, direction, after } = about;
  return db
    .selectFrom('transitions')
    .$if(channelId !== undefined, (some) => some.where('channel_id', '=', channelId ?? 'ch_'))
    .$if(series !== undefined, (some) => some.where('series', '=', series ?? ''))
    .$if(kind !== undefined, (some) => some.where('kind', '=', kind ?? 'verdict'))
    .$if(from !== undefined, (some) => some.where('at', '>=', from ?? 0))
    .$if(until !== undefined, (some) => some.where('at', '<', until ?? 0))
    .$if(after !== null, (some) => some.where(isBeyond(after, direction)))
    .orderBy('at', direction)
    .orderBy('id', direction);
}

function isBeyond(place: Place | null, direction: Direction): RawBuilder<SqlBool> {
  const { at, id } = place ?? { at: 0, id: '' };
  const here = sql`(${sql.ref('at')}, ${sql.ref('id')})`;
  return direction === 'asc' ? sql`${here} > (${at}, ${id})` : sql`${here} < (${at}, ${id})`;
}

function inOrder(rows: readonly TransitionsTable[], direction: Direction) {
  const sign = direction === 'asc' ? 1 : -1;
  return rows.toSorted((one, other) =>
    one.at === other.at ? sign * (one.id < other.id ? -1 : 1) : sign * (one.at - other.at),
  );
}

export function cursorOf({ at, id }: Place): string {
  return `${at} ${id}`;
}

/** A cursor comes from outside, through a client that may have made it up. */
export function placeOf(cursor: string | null): Place | null {
  if (cursor === null) return null;
  const [, at, id] = /^(-?\d{1,15}) (tr_[0-9a-z]{1,40})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id };
  throw new Problem('invalid_request', 'The cursor is not one that a page of transitions gave.');
}
