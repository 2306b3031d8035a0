/** PostgreSQL's errors in our words. Sentences never hold an address or a password. */
import { Problem } from '#domain/problem.ts';
import { TakenError } from '#stores/sql/engine.ts';

/** SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const UNIQUE_VIOLATION = '23505';
/** Run again from the start, a change may succeed: what it met was another change at the same time. */
const COLLISIONS: ReadonlySet<string> = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '23503', // a row that this one refers to went, or a reference to a row that goes came, meanwhile
]);

interface Reason {
  readonly sentence: string;
  /** Whether waiting may help, without anybody doing anything. */
  readonly passes: boolean;
}

const stays = (sentence: string): Reason => ({ sentence, passes: false });
const passes = (sentence: string): Reason => ({ sentence, passes: true });

const RESTARTING = passes('it is starting or stopping');
const BROKEN = passes('the connection to it broke off');
const SLOW = passes('it took too long to answer');

/** By SQLSTATE, or by its first two characters, its class. */
const BY_STATE: Readonly<Record<string, Reason>> = {
  '08': BROKEN,
  '25006': passes('it is read-only'),
  '25P03': BROKEN,
  '25P04': SLOW,
  '28': stays('it does not accept this user or password'),
  '3D': stays('there is no database of that name'),
  '42501': stays('this user may not do in it what is needed; let it own the database'),
  '53': passes('it has no memory or room left for this'),
  '53100': passes('its disk is full; make room'),
  '53300': passes('it has no connection left for us; allow it more, or run fewer programs'),
  '55P03': passes('somebody else holds what is needed'),
  '57014': SLOW,
  '57P01': RESTARTING,
  '57P02': RESTARTING,
  '57P03': RESTARTING,
  '57P04': stays('it was removed'),
  '57P05': BROKEN,
  '58': passes('its disk reports an error'),
  XX001: stays('it is damaged; restore it from a backup'),
  XX002: stays('an index of it is damaged; rebuild it with "reindex database"'),
};

/** What the system or Node says when there is no talking to it, by their code. */
const BY_CODE: readonly [RegExp, Reason][] = [
  [/^ECONNREFUSED$/, passes('nothing listens at its address')],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, BROKEN],
  [/^(ENOTFOUND|EAI_\w+)$/, passes('the name of its host cannot be resolved')],
  [
    /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/,
    passes('its host is not reachable'),
  ],
  [/^(EMFILE|ENFILE|ENOBUFS|EADDRNOTAVAIL)$/, passes('this machine has no connection left for it')],
  [
    /^(ENOENT|EACCES|EISDIR)$/,
    passes('the socket, or a certificate file, that its address names cannot be opened'),
  ],
  [
    /CERT|SELF_SIGNED|VERIFY|^ERR_(TLS|SSL)_|^EPROTO$/,
    stays('its certificate is not to be trusted'),
  ],
];

/** What the driver says in words of its own alone. */
const BY_MESSAGE: readonly [RegExp, Reason][] = [
  [
    /connection timeout|timeout expired|timeout exceeded/,
    passes('it gave us no connection in time'),
  ],
  [/^Query read timeout/, SLOW],
  [/^Connection terminated|not queryable|was closed/, BROKEN],
  [/does not support SSL|SSL connection/, stays('it does not encrypt; see sslmode in its address')],
  [/password must be a string|SASL/, stays('it asks for a password, and none was given')],
];

/** A change that met another one; what it should be told if it goes on happening is the cause. */
export class CollisionError extends Error {
  override readonly name = 'CollisionError';

  constructor(cause: Error) {
    super('another change came in between', { cause });
  }
}

/**
 * A refusal by a unique index becomes a `TakenError`; a change that met another, a `CollisionError`; a
 * database that cannot be used, Problem `store_unavailable`. Anything else is a mistake of ours and
 * stays what it is.
 */
export function translateEngineError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('the driver threw no error', { cause: error });
  const state = codeOf(error);
  if (state === UNIQUE_VIOLATION) return new TakenError(indexOf(error), error);
  if (COLLISIONS.has(state)) return new CollisionError(error);
  const reason = reasonOf(error);
  if (reason === null) return error;
  const message = `The database cannot be used: ${reason.sentence}.`;
  return new Problem('store_unavailable', message, { cause: error });
}

/** Whether what keeps us from the database may be over in a moment. */
export function mayPass(error: unknown): boolean {
  const cause = error instanceof Problem ? error.cause : error;
  return reasonOf(cause)?.passes === true;
}

function reasonOf(error: unknown): Reason | null {
  if (!(error instanceof Error)) return null;
  const code = codeOf(error);
  const byState = BY_STATE[code] ?? (code.length === 5 ? BY_STATE[code.slice(0, 2)] : undefined);
  if (byState !== undefined) return byState;
  const byCode = code === '' ? undefined : BY_CODE.find(([pattern]) => pattern.test(code));
  const found = byCode ?? BY_MESSAGE.find(([pattern]) => pattern.test(error.message));
  return found?.[1] ?? null;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Indexes have the name that SQLite derives from table and columns; a primary key's is PostgreSQL's own:
 * `apps_pkey` with the detail `Key (id)=(…) already exists.` → `apps_id`.
 */
function indexOf(error: Error): string {
  const index = 'constraint' in error ? String(error.constraint) : '';
  if (!index.endsWith('_pkey')) return index;
  const detail = 'detail' in error ? String(error.detail) : '';
  const columns = /^Key \(([^)]*)\)=/.exec(detail)?.[1] ?? '';
  return [index.slice(0, -'_pkey'.length), ...columns.split(', ')].join('_');
}
