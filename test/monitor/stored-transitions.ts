/** The transitions of a channel as they lie in the database, oldest first. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Channel } from '#domain/channel.ts';

/** `kind`, `was`, `is` and `detail` of each, with the field where it is one of a profile. */
export function storedTransitions(
  { store }: { readonly store: { readonly dataDir: string } },
  { id }: Pick<Channel, 'id'>,
  kind: 'watch' | 'profile',
) {
  using database = new DatabaseSync(join(store.dataDir, 'waba-health.db'), { readOnly: true });
  const rows = database.prepare(
    `select code, was, "is", detail from transitions
     where channel_id = ? and kind = ? order by at, id`,
  );
  return rows.all(id, kind).map((row) => ({ ...row }));
}
