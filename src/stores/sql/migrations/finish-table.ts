/** The last step of making a table, the same for each since the third migration. */
import type { CreateTableBuilder } from 'kysely';
import type { Engine } from '#stores/sql/engine.ts';

/** Creates it, as the engine wants each table. */
export async function finish(
  table: CreateTableBuilder<string, string>,
  { tableOptions }: Pick<Engine, 'tableOptions'>,
): Promise<void> {
  await (tableOptions === null ? table : table.modifyEnd(tableOptions)).execute();
}
