/** Facts about the installation itself. */
import type { SettingsChange, SettingsView } from '#ports/store.ts';
import type { Db } from './engine.ts';

export function settingsView(db: Db): SettingsView {
  return {
    async get(name) {
      const query = db.selectFrom('settings').select('value').where('name', '=', name);
      return (await query.executeTakeFirst())?.value ?? null;
    },
  };
}

export function settingsChange(db: Db): SettingsChange {
  return {
    ...settingsView(db),
    async put(name, value) {
      await db
        .insertInto('settings')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}
