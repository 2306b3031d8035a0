/**
 * Pages of signals, newest first: each is one range of one index for every part of what is asked for. A cursor
 * is the moment and id of the last one.
 */
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { Problem } from '#domain/problem.ts';
import type { Signal } from '#domain/signals/signal.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { SignalFilter } from '#ports/signals.ts';
import type { Db } from './engine.ts';
import { pageOf, rowsToAsk } from './paging.ts';
import { signalOf } from './signal-row.ts';
import type { SignalsTable } from './schema-signals.ts';

type Query = ReturnType<typeof newest>;

export async function listSignals(
  db: Db,
  page: PageRequest,
  filter: SignalFilter,
): Promise<Page<Signal>> {
  const limit = rowsToAsk(page);
  const ranges = rangesOf(filter);
  const found: SignalsTable[] = [];
  for (const range of ranges) {
    found.push(...(await range(newest(db, page)).limit(limit).execute()));
  }
  const rows = ranges.length === 1 ? found : found.toSorted(byTime).slice(0, limit);
  return pageOf(rows.map(signalOf), page, ({ receivedAt, id }) => `${receivedAt} ${id}`);
}

/** Of a channel there are few signals, so that field and known look at each of them. */
function rangesOf(filter: SignalFilter): readonly ((query: Query) => Query)[] {
  const { channel, field, isKnown } = filter;
  const known = isKnown === undefined ? null : isKnown ? 1 : 0;
  if (channel !== undefined) {
    const rest = (query: Query) =>
      query
        .$if(field !== undefined, (some) => some.where('field', '=', field ?? ''))
        .$if(known !== null, (some) => some.where('known', '=', known ?? 0));
    const own = (query: Query) => rest(query.where('channel_id', '=', channel.id));
    const { wabaId } = channel;
    if (wabaId === null) return [own];
    return [
      own,
      (query) => rest(query.where('waba_id', '=', wabaId).where('channel_id', 'is', null)),
    ];
  }
  if (field !== undefined) {
    return (known === null ? [0, 1] : [known]).map(
      (one) => (query: Query) => query.where('field', '=', field).where('known', '=', one),
    );
  }
  return known === null ? [(query) => query] : [(query) => query.where('known', '=', known)];
}

function newest(db: Db, { after }: PageRequest) {
  const place = placeOf(after);
  return db
    .selectFrom('signals')
    .selectAll()
    .$if(place !== null, (some) => some.where(isBefore(place)))
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc');
}

interface Place {
  readonly at: number;
  readonly id: string;
}

function isBefore(place: Place | null): RawBuilder<SqlBool> {
  const { at, id } = place ?? { at: 0, id: '' };
  return sql`(${sql.ref('received_at')}, ${sql.ref('id')}) < (${at}, ${id})`;
}

function byTime(one: SignalsTable, other: SignalsTable): number {
  if (one.received_at !== other.received_at) return other.received_at - one.received_at;
  return one.id < other.id ? 1 : -1;
}

/** A cursor comes from outside, through a client that may have made it up. */
function placeOf(cursor: string | null): Place | null {
  if (cursor === null) return null;
  const [, at, id] = /^(\d{1,15}) (sig_[0-9a-z]{1,40})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id };
  throw new Problem('invalid_request', 'The cursor is not one that a page of signals gave.');
}
