/** Meta apps and their sealed secrets. */
import type { Selectable } from 'kysely';
import type { App } from '#domain/app.ts';
import { isId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { AppsChange, AppsView } from '#ports/store.ts';
import { refuseTaken } from './conflict.ts';
import type { Db, Engine } from './engine.ts';
import { pageOf, rowsToAsk } from './paging.ts';
import type { AppsTable } from './schema.ts';
import type { SealedPlace, Sealer } from './sealing.ts';

export function appsView(db: Db, sealer: Sealer): AppsView {
  return {
    find: (ref) => findApp(db, ref, { isLocking: false }),
    async list(page) {
      const rows = await db
        .selectFrom('apps')
        .selectAll()
        .$if(page.after !== null, (query) => query.where('name', '>', page.after ?? ''))
        .orderBy('name')
        .limit(rowsToAsk(page))
        .execute();
      return pageOf(rows.map(appOf), page, (app) => app.name);
    },
    async secretOf(id) {
      const query = db.selectFrom('apps').select('secret').where('id', '=', id);
      const sealed = (await query.executeTakeFirst())?.secret ?? null;
      return sealed === null ? null : sealer.open(placeOf(id), sealed);
    },
  };
}

export function appsChange(db: Db, engine: Engine, sealer: Sealer): AppsChange {
  return {
    ...appsView(db, sealer),
    find: (ref) => findApp(db, ref, { isLocking: engine.rowLocks }),
    async add(app, secret) {
      const row = { id: app.id, ...fieldsOf(app), ...sealedOf(app, secret, sealer) };
      await refuseTaken(taken(app), () => db.insertInto('apps').values(row).execute());
    },
    async replace(app, secret) {
      const row = { ...fieldsOf(app), ...(secret !== 'keep' && sealedOf(app, secret, sealer)) };
      await refuseTaken(taken(app), () =>
        db.updateTable('apps').set(row).where('id', '=', app.id).execute(),
      );
      const users = db.selectFrom('credentials').select('id').where('app_id', '=', app.id);
      for (const { id } of await users.execute()) {
        await engine.announce(db, { noun: 'credential', ref: id });
      }
    },
    async remove(id) {
      const users = db.selectFrom('credentials').select('name').where('app_id', '=', id);
      const user = await users.executeTakeFirst();
      if (user !== undefined) {
        throw new Problem(
          'in_use',
          `The credential "${user.name}" uses this app; remove it first.`,
        );
      }
      await db.deleteFrom('apps').where('id', '=', id).execute();
    },
  };
}

async function findApp(
  db: Db,
  ref: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<App | null> {
  const row = await db
    .selectFrom('apps')
    .selectAll()
    .where(isId('app', ref) ? 'id' : 'name', '=', ref)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : appOf(row);
}

/** Where the secret of an app lies. */
function placeOf(id: string): SealedPlace {
  return { table: 'apps', row: id, column: 'secret' };
}

function appOf(row: Selectable<AppsTable>): App {
  return {
    id: row.id,
    name: row.name,
    metaAppId: row.meta_app_id,
    ours: row.ours === 1,
    hasSecret: row.secret !== null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function fieldsOf(app: App): Omit<AppsTable, 'id' | 'secret'> {
  return {
    name: app.name,
    meta_app_id: app.metaAppId,
    ours: app.ours ? 1 : 0,
    created_at: app.createdAt,
    updated_at: app.updatedAt,
  };
}

function sealedOf(app: App, secret: Secret | null, sealer: Sealer): Pick<AppsTable, 'secret'> {
  return { secret: secret === null ? null : sealer.seal(placeOf(app.id), secret) };
}

function taken(app: App): Record<string, string> {
  return {
    apps_name: `Another app has the name "${app.name}"; choose another name.`,
    apps_id: `There is an app with the id ${app.id} already.`,
  };
}
