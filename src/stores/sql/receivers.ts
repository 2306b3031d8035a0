/** Receivers and their sealed secrets. */
import type { Selectable } from 'kysely';
import { isId, type ReceiverId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import type { Receiver, ReceiverSecrets } from '#domain/telling/receiver.ts';
import { RECEIVERS_MAX, type ReceiversChange, type ReceiversView } from '#ports/telling.ts';
import { refuseTaken } from './conflict.ts';
import type { Db, Engine } from './engine.ts';
import { eraseDeliveriesOf } from './erase-deliveries.ts';
import { allRules } from './rules.ts';
import type { ReceiversTable } from './schema-incidents.ts';
import type { SealedPlace, Sealer } from './sealing.ts';

export function receiversView(db: Db, sealer: Sealer): ReceiversView {
  return {
    find: (ref) => findReceiver(db, ref, { isLocking: false }),
    async all() {
      const rows = await db.selectFrom('receivers').selectAll().orderBy('name').execute();
      return rows.map(receiverOf);
    },
    async secretsOf(id) {
      const query = db.selectFrom('receivers').select('secrets').where('id', '=', id);
      const row = await query.executeTakeFirst();
      if (row === undefined) throw new Problem('not_found', `There is no receiver ${id}.`);
      const secrets: ReceiverSecrets = JSON.parse(
        sealer.open(placeOfSecrets(id), row.secrets).reveal(),
      );
      return secrets;
    },
  };
}

export function receiversChange(db: Db, engine: Engine, sealer: Sealer): ReceiversChange {
  return {
    ...receiversView(db, sealer),
    find: (ref) => findReceiver(db, ref, { isLocking: engine.rowLocks }),
    async add(receiver, secrets) {
      await refuseTooMany(db);
      const row = {
        id: receiver.id,
        ...fieldsOf(receiver),
        ...sealedOf(receiver, secrets, sealer),
      };
      await refuseTaken(taken(receiver), () => db.insertInto('receivers').values(row).execute());
    },
    async replace(receiver, secrets) {
      const sealed = secrets === 'keep' ? {} : sealedOf(receiver, secrets, sealer);
      const row = { ...fieldsOf(receiver), ...sealed };
      await refuseTaken(taken(receiver), () =>
        db.updateTable('receivers').set(row).where('id', '=', receiver.id).execute(),
      );
    },
    async remove(id) {
      await lockReceiver(db, engine, id);
      const user = (await allRules(db)).find(({ receivers }) => receivers.includes(id));
      if (user !== undefined) {
        const message = `The rule "${user.name}" names this receiver; change or remove the rule first.`;
        throw new Problem('in_use', message);
      }
      await eraseDeliveriesOf(db, engine, id);
      await db.deleteFrom('receivers').where('id', '=', id).execute();
    },
    async mark(id, { brokenAt, failuresInARow, heldUntil }) {
      const mark = {
        broken_at: brokenAt,
        failures_in_a_row: failuresInARow,
        held_until: heldUntil,
      };
      await db.updateTable('receivers').set(mark).where('id', '=', id).execute();
    },
  };
}

/** Where the secrets of a receiver lie. */
export function placeOfSecrets(id: ReceiverId): SealedPlace {
  return { table: 'receivers', row: id, column: 'secrets' };
}

/** Two that come at once may both be the last: one more than the limit does no harm. */
async function refuseTooMany(db: Db): Promise<void> {
  const { count } = await db
    .selectFrom('receivers')
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) < RECEIVERS_MAX) return;
  const message = `There are ${RECEIVERS_MAX} receivers already; remove one first.`;
  throw new Problem('conflict', message);
}

/** Until the change ends no rule comes to name it and nothing more is owed to it. */
async function lockReceiver(db: Db, { rowLocks }: Engine, id: ReceiverId): Promise<void> {
  if (!rowLocks) return;
  await db.selectFrom('receivers').select('id').where('id', '=', id).forUpdate().execute();
}

async function findReceiver(
  db: Db,
  ref: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<Receiver | null> {
  const row = await db
    .selectFrom('receivers')
    .selectAll()
    .where(isId('rcv', ref) ? 'id' : 'name', '=', ref)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : receiverOf(row);
}

function receiverOf(row: Selectable<ReceiversTable>): Receiver {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    urgency: row.urgency,
    settings: JSON.parse(row.settings),
    hint: row.hint,
    zone: row.zone,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    brokenAt: row.broken_at,
    failuresInARow: row.failures_in_a_row,
    heldUntil: row.held_until,
  };
}

function fieldsOf(receiver: Receiver): Omit<ReceiversTable, 'id' | 'secrets'> {
  return {
    name: receiver.name,
    kind: receiver.kind,
    urgency: receiver.urgency,
    settings: JSON.stringify(receiver.settings),
    hint: receiver.hint,
    zone: receiver.zone,
    created_at: receiver.createdAt,
    updated_at: receiver.updatedAt,
    broken_at: receiver.brokenAt,
    failures_in_a_row: receiver.failuresInARow,
    held_until: receiver.heldUntil,
  };
}

function sealedOf(
  { id }: Receiver,
  secrets: ReceiverSecrets,
  sealer: Sealer,
): Pick<ReceiversTable, 'secrets'> {
  return { secrets: sealer.seal(placeOfSecrets(id), new Secret(JSON.stringify(secrets))) };
}

function taken({ id, name }: Receiver): Record<string, string> {
  return {
    receivers_name: `Another receiver has the name "${name}"; choose another name.`,
    receivers_id: `There is a receiver with the id ${id} already.`,
  };
}
