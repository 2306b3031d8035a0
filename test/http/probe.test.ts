import assert from 'node:assert/strict';
import test from 'node:test';
import { fastify } from 'fastify';
import type { ReadinessCheck } from '#http/context.ts';
import { registerProbes } from '#http/routes/probe.ts';

const STORE: ReadinessCheck = { name: 'store_reached_once', ok: true, detail: null };
const DRAINING: ReadinessCheck = { name: 'not_draining', ok: true, detail: null };

test('a process that answers is alive and says so in two letters', async () => {
  await using app = probing([]);
  const reply = await app.inject('/livez');
  assert.equal(reply.statusCode, 200);
  assert.equal(reply.body, 'ok');
  assert.equal(reply.headers['content-type'], 'text/plain; charset=utf-8');
  assert.equal(reply.headers['cache-control'], 'no-store');
  assert.equal(await bodyOf(app, '/livez?verbose'), '[+]ping ok\nlivez check passed\n');
});

test('a ready process says ok, and in detail when asked', async () => {
  await using app = probing([STORE, DRAINING]);
  assert.equal(await bodyOf(app, '/readyz'), 'ok');
  assert.equal(
    await bodyOf(app, '/readyz?verbose'),
    '[+]store_reached_once ok\n[+]not_draining ok\nreadyz check passed\n',
  );
});

test('a draining process is not ready and keeps the reason to itself', async () => {
  const draining = { ...DRAINING, ok: false, detail: 'SIGTERM came' };
  await using app = probing([STORE, draining]);
  const reply = await app.inject('/readyz');
  assert.equal(reply.statusCode, 500);
  assert.equal(
    reply.body,
    '[+]store_reached_once ok\n[-]not_draining failed: reason withheld\nreadyz check failed\n',
  );
});

test('a lost store is a warning for people, and no failure', async () => {
  const lost = { ...STORE, detail: 'the store has not answered since 02:31' };
  await using app = probing([lost, DRAINING]);
  assert.equal(await bodyOf(app, '/readyz'), 'ok');
  assert.match(
    await bodyOf(app, '/readyz?verbose'),
    /^warn: store_reached_once: the store has not answered since 02:31$/m,
  );
});

test('a check can be left out, and a check that is not there is pointed out', async () => {
  await using app = probing([STORE, { ...DRAINING, ok: false }]);
  assert.equal(await bodyOf(app, '/readyz?exclude=not_draining'), 'ok');
  assert.equal(
    await bodyOf(app, '/readyz?verbose&exclude=not_draining&exclude=etcd'),
    '[+]store_reached_once ok\n[+]not_draining excluded: ok\n' +
      'warn: some health checks cannot be excluded: no matches for "etcd"\nreadyz check passed\n',
  );
});

test('what is shown of an unknown check cannot deceive a reader', async () => {
  await using app = probing([]);
  const name = encodeURIComponent('\u202e"\n[+]ok');
  assert.match(await bodyOf(app, `/readyz?verbose&exclude=${name}`), /for "\?\?\?\[\+\]ok"\n/);
});

test('each check can be asked for alone', async () => {
  await using app = probing([STORE, { ...DRAINING, ok: false }]);
  assert.equal((await app.inject('/readyz/store_reached_once')).body, 'ok');
  const failing = await app.inject('/readyz/not_draining');
  assert.equal(failing.statusCode, 500);
  assert.equal(failing.body, 'internal server error: reason withheld\n');
  assert.equal((await app.inject('/readyz/etcd')).statusCode, 404);
});

test('HEAD is enough for a machine', async () => {
  await using app = probing([STORE, { ...DRAINING, ok: false }]);
  assert.equal((await app.inject({ method: 'HEAD', url: '/livez' })).statusCode, 200);
  assert.equal((await app.inject({ method: 'HEAD', url: '/readyz' })).statusCode, 500);
});

function probing(checks: readonly ReadinessCheck[]) {
  const app = fastify();
  registerProbes(app, { ready: () => checks });
  return app;
}

async function bodyOf(app: ReturnType<typeof probing>, url: string): Promise<string> {
  const reply = await app.inject(url);
  assert.equal(reply.statusCode, 200, reply.body);
  return reply.body;
}
