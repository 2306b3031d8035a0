/** Listing channels: each page is one range of one index, whatever the size of the fleet. */
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Status } from '#domain/status.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { ChannelFilter, ChannelRow } from '#ports/store.ts';
import { rowOf, rowsOf } from './channel-row.ts';
import type { Db } from './engine.ts';
import { pageOf, rowsToAsk } from './paging.ts';

export async function listChannels(
  db: Db,
  page: PageRequest,
  filter: ChannelFilter,
): Promise<Page<ChannelRow>> {
  const archived = filter.archived === true;
  const { credentialId, messaging } = filter;
  const labels = Object.entries(filter.labels ?? {});
  // Of several filters the first drives the page, the others look at each of its rows.
  const [first] = labels;
  const others = messaging === undefined ? labels.slice(1) : labels;
  const query =
    messaging !== undefined
      ? byStatus(db, page, { messaging, archived })
      : first === undefined
        ? byName(db, page)
        : byLabel(db, page, { first, archived });
  const rows = await query
    .where('channels.archived_at', archived ? 'is not' : 'is', null)
    .where((eb) =>
      eb.and(
        others.map(([label, value]) =>
          eb.exists(
            eb
              .selectFrom('channel_labels as other')
              .select('other.label')
              .whereRef('other.channel_id', '=', 'channels.id')
              .where('other.label', '=', label)
              .where('other.value', '=', value),
          ),
        ),
      ),
    )
    .$if(credentialId !== undefined, (some) =>
      some.where('channels.credential_id', '=', credentialId ?? 'cr_'),
    )
    .limit(rowsToAsk(page))
    .execute();
  return pageOf(rows.map(rowOf), page, ({ channel }) =>
    // Names of archived channels may repeat.
    archived ? `${channel.name} ${channel.id}` : channel.name,
  );
}

function byName(db: Db, { after }: PageRequest) {
  return rowsOf(db)
    .$if(after !== null, (query) => query.where(isAfter('channels.name', 'channels.id', after)))
    .orderBy('channels.name')
    .orderBy('channels.id');
}

/** In the order of the label's own index: sorting by the channel's name would read the whole fleet. */
function byLabel(
  db: Db,
  { after }: PageRequest,
  { first: [label, value], archived }: { first: [string, string]; archived: boolean },
) {
  return rowsOf(db)
    .innerJoin('channel_labels as by', 'by.channel_id', 'channels.id')
    .where('by.label', '=', label)
    .where('by.value', '=', value)
    .where('by.archived', '=', archived ? 1 : 0)
    .$if(after !== null, (query) => query.where(isAfter('by.channel_name', 'by.channel_id', after)))
    .orderBy('by.channel_name')
    .orderBy('by.channel_id');
}

/** In the order of the verdicts' own index, for the same reason. */
function byStatus(
  db: Db,
  { after }: PageRequest,
  { messaging, archived }: { messaging: Status; archived: boolean },
) {
  const [name, id] = ['channel_states.channel_name', 'channel_states.channel_id'] as const;
  return rowsOf(db)
    .where('channel_states.messaging', '=', messaging)
    .where('channel_states.archived', '=', archived ? 1 : 0)
    .$if(after !== null, (query) => query.where(isAfter(name, id, after)))
    .orderBy(name)
    .orderBy(id);
}

/** Whether a row comes after the cursor: a name, or a name and an id where names may repeat. */
function isAfter(name: string, id: string, cursor: string | null): RawBuilder<SqlBool> {
  const [afterName, afterId] = (cursor ?? '').split(' ');
  if (afterId === undefined) return sql`${sql.ref(name)} > ${afterName}`;
  return sql`(${sql.ref(name)}, ${sql.ref(id)}) > (${afterName}, ${afterId})`;
}
