/** Credentials and their sealed secrets. */
import type { Selectable } from 'kysely';
import type { Credential } from '#domain/credential.ts';
import { isId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { CredentialsChange, CredentialsView } from '#ports/store.ts';
import { refuseTaken } from './conflict.ts';
import type { Db, Engine } from './engine.ts';
import { pageOf, rowsToAsk } from './paging.ts';
import type { CredentialsTable } from './schema.ts';
import type { SealedPlace, Sealer } from './sealing.ts';

/** The tables whose rows belong to one credential. */
const HANGING_ON_CREDENTIALS = ['token_facts', 'seen_numbers'] as const;

export function credentialsView(db: Db, sealer: Sealer): CredentialsView {
  return {
    find: (ref) => findCredential(db, ref, { isLocking: false }),
    async list(page) {
      const rows = await db
        .selectFrom('credentials')
        .selectAll()
        .$if(page.after !== null, (query) => query.where('name', '>', page.after ?? ''))
        .orderBy('name')
        .limit(rowsToAsk(page))
        .execute();
      return pageOf(rows.map(credentialOf), page, (credential) => credential.name);
    },
    async secretOf(id) {
      const query = db.selectFrom('credentials').select('secret').where('id', '=', id);
      const row = await query.executeTakeFirst();
      if (row === undefined) throw new Problem('not_found', `There is no credential ${id}.`);
      return sealer.open(placeOf(id), row.secret);
    },
    async usesOf(id) {
      const { uses } = await db
        .selectFrom('channels')
        .select((eb) => eb.fn.countAll().as('uses'))
        .where('credential_id', '=', id)
        .where('archived_at', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(uses);
    },
  };
}

export function credentialsChange(db: Db, engine: Engine, sealer: Sealer): CredentialsChange {
  return {
    ...credentialsView(db, sealer),
    find: (ref) => findCredential(db, ref, { isLocking: engine.rowLocks }),
    async add(credential, secret) {
      const sealed = sealedOf(credential, secret, sealer);
      const row = { id: credential.id, ...fieldsOf(credential), ...sealed };
      await refuseTaken(taken(credential), () =>
        db.insertInto('credentials').values(row).execute(),
      );
      const due_at = credential.upstream === 'graph' ? credential.createdAt : null;
      const facts = { credential_id: credential.id, facts: null, failure: null, read_at: null };
      await db
        .insertInto('token_facts')
        .values({ ...facts, due_at })
        .execute();
    },
    async replace(credential, secret) {
      const sealed = secret === 'keep' ? {} : sealedOf(credential, secret, sealer);
      const row = { ...fieldsOf(credential), ...sealed };
      await refuseTaken(taken(credential), () =>
        db.updateTable('credentials').set(row).where('id', '=', credential.id).execute(),
      );
      if (secret !== 'keep') await forgetToken(db, credential);
      await engine.announce(db, { noun: 'credential', ref: credential.id });
    },
    async remove(id) {
      const users = db.selectFrom('channels').select(['name', 'archived_at']);
      const user = await users.where('credential_id', '=', id).executeTakeFirst();
      if (user !== undefined) throw inUse(user);
      for (const table of HANGING_ON_CREDENTIALS) {
        await db.deleteFrom(table).where('credential_id', '=', id).execute();
      }
      await db.deleteFrom('credentials').where('id', '=', id).execute();
    },
  };
}

/** What was known of the old secret says nothing about the new one, which is inspected at once. */
async function forgetToken(db: Db, { id, upstream, rotatedAt }: Credential): Promise<void> {
  const due_at = upstream === 'graph' ? rotatedAt : null;
  const set = db
    .updateTable('token_facts')
    .set({ facts: null, failure: null, read_at: null, due_at });
  await set.where('credential_id', '=', id).execute();
}

function inUse(user: { name: string; archived_at: number | null }): Problem {
  const message =
    user.archived_at === null
      ? `The channel "${user.name}" uses this credential; remove the channel first.`
      : `The history of the removed channel "${user.name}" hangs on this credential; purge it first.`;
  return new Problem('in_use', message);
}

async function findCredential(
  db: Db,
  ref: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<Credential | null> {
  const row = await db
    .selectFrom('credentials')
    .selectAll()
    .where(isId('cr', ref) ? 'id' : 'name', '=', ref)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : credentialOf(row);
}

/** Where the secret of a credential lies. */
function placeOf(id: string): SealedPlace {
  return { table: 'credentials', row: id, column: 'secret' };
}

function credentialOf(row: Selectable<CredentialsTable>): Credential {
  return {
    id: row.id,
    name: row.name,
    upstream: row.upstream,
    appId: row.app_id,
    billedBy: row.billed_by,
    secretHint: row.secret_hint,
    createdAt: row.created_at,
    rotatedAt: row.rotated_at,
  };
}

function fieldsOf(credential: Credential): Omit<CredentialsTable, 'id' | 'secret'> {
  return {
    name: credential.name,
    upstream: credential.upstream,
    app_id: credential.appId,
    billed_by: credential.billedBy,
    secret_hint: credential.secretHint,
    created_at: credential.createdAt,
    rotated_at: credential.rotatedAt,
  };
}

function sealedOf(
  credential: Credential,
  secret: Secret,
  sealer: Sealer,
): Pick<CredentialsTable, 'secret'> {
  return { secret: sealer.seal(placeOf(credential.id), secret) };
}

function taken(credential: Credential): Record<string, string> {
  return {
    credentials_name: `Another credential has the name "${credential.name}"; choose another name.`,
    credentials_id: `There is a credential with the id ${credential.id} already.`,
  };
}
