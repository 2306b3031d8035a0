/** PostgreSQL's and the driver's errors, one by one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '#domain/problem.ts';
import { CollisionError, mayPass, translateEngineError } from '#stores/postgres/engine-error.ts';
import { TakenError } from '#stores/sql/engine.ts';

/** An error with that code, or that text, and whether waiting may help. */
const UNUSABLE: readonly [string, string, RegExp, boolean][] = [
  ['57P01', 'terminating connection due to administrator command', /starting or stopping/, true],
  ['57P03', 'the database system is starting up', /starting or stopping/, true],
  ['57014', 'canceling statement due to statement timeout', /too long/, true],
  ['53100', 'could not extend file: No space left on device', /disk is full/, true],
  ['53300', 'sorry, too many clients already', /no connection left/, true],
  ['25006', 'cannot execute INSERT in a read-only transaction', /read-only/, true],
  ['25P03', 'terminating connection due to idle-in-transaction timeout', /broke off/, true],
  ['08P01', 'server login has been failing', /broke off/, true],
  ['58030', 'could not read block', /disk reports an error/, true],
  ['28P01', 'password authentication failed for user "waba"', /user or password/, false],
  ['3D000', 'database "umbrella" does not exist', /no database of that name/, false],
  ['42501', 'permission denied for schema public', /let it own/, false],
  ['XX001', 'invalid page in block 3', /damaged/, false],
  ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.7:5432', /nothing listens/, true],
  ['ECONNRESET', 'read ECONNRESET', /broke off/, true],
  ['EPIPE', 'write EPIPE', /broke off/, true],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND db.acme.example', /cannot be resolved/, true],
  ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN db.acme.example', /cannot be resolved/, true],
  ['EHOSTUNREACH', 'connect EHOSTUNREACH 10.0.0.7:5432', /not reachable/, true],
  ['ENOENT', 'connect ENOENT /run/waba/.s.PGSQL.5432', /socket, or a certificate file/, true],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate', /not to be trusted/, false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'Host: db.acme.example. is not in', /not to be trusted/, false],
  ['', 'Connection terminated unexpectedly', /broke off/, true],
  ['', 'Connection terminated due to connection timeout', /in time/, true],
  ['', 'timeout exceeded when trying to connect', /in time/, true],
  ['', 'Query read timeout', /too long/, true],
  ['', 'Client has encountered a connection error and is not queryable', /broke off/, true],
  ['', 'The server does not support SSL connections', /does not encrypt/, false],
];

test('a database that cannot be used is told with its reason, and with nothing of the error itself', () => {
  for (const [code, text, sentence, passes] of UNUSABLE) {
    const problem = translateEngineError(engineError(code, text));
    assert.ok(problem instanceof Problem, text);
    assert.equal(problem.code, 'store_unavailable');
    assert.match(problem.message, sentence);
    assert.doesNotMatch(problem.message, /acme|10\.0\.0\.7|waba|umbrella/);
    assert.equal(mayPass(problem), passes, text);
  }
});

test('a taken name is told by the index that SQLite would name', () => {
  const names: readonly [string, string, string][] = [
    ['channels_upstream_node_id', 'upstream, node_id', 'channels_upstream_node_id'],
    ['apps_pkey', 'id', 'apps_id'],
    ['pairs_pkey', 'one, other', 'pairs_one_other'],
  ];
  for (const [constraint, columns, index] of names) {
    assert.equal(indexOf(constraint, `Key (${columns})=(x) already exists.`), index);
  }
});

test('a change that met another one may run again, and a mistake of ours stays one', () => {
  for (const code of ['40001', '40P01', '23503']) {
    assert.ok(translateEngineError(engineError(code, 'x')) instanceof CollisionError);
  }
  for (const error of [engineError('42703', 'no such column'), new RangeError('too large')]) {
    assert.equal(translateEngineError(error), error);
    assert.ok(!mayPass(error));
  }
});

function engineError(code: string, text: string, about: Record<string, string> = {}): Error {
  return Object.assign(new Error(text), code === '' ? {} : { code }, about);
}

function indexOf(constraint: string, detail: string): string | null {
  const error = engineError('23505', 'duplicate key', { constraint, detail });
  const translated = translateEngineError(error);
  return translated instanceof TakenError ? translated.index : null;
}
