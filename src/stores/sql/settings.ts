/** Facts about the installation itself. */
import type { SettingsChange, SettingsView } from '#ports/store.ts';
import type { Db, Engine } from './engine.ts';

export function settingsView(db: Db): SettingsView {
  return {
    get: (name) => valueOf(db, name, { isLocking: false }),
  };
}

export function settingsChange(db: Db, engine: Engine): SettingsChange {
  return {
    get: (name) => valueOf(db, name, { isLocking: engine.rowLocks }),
    async put(name, value) {
      await db
        .insertInto('settings')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}

async function valueOf(
  db: Db,
  name: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<string | null> {
  const query = db.selectFrom('settings').select('value').where('name', '=', name);
  const row = await query.$if(isLocking, (some) => some.forNoKeyUpdate()).executeTakeFirst();
  return row?.value ?? null;
}
