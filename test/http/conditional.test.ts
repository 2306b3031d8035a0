/** Conditional requests and HEAD: what is said when the body need not, or must not, be sent. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { numbered } from '#test/monitor/monitor-world.ts';
import { openPublicWorld } from './public-world.ts';

test('a matching If-None-Match gets a 304 with the headers of the 200', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  const full = await world.ask({ path: '/health_status?' });
  const etag = String(full.headers.etag);
  for (const tags of [etag, `W/${etag}`, `"other", W/${etag}`, '*', `"a,b",${etag}`]) {
    const reply = await world.ask({ headers: { 'if-none-match': tags } });
    assert.equal(reply.status, 304, tags);
    const { 'content-type': type, 'content-length': length, ...rest } = full.headers;
    assert.ok(type && length);
    assert.deepEqual({ ...reply.headers, date: rest.date }, rest);
  }
});

test('an If-None-Match of another answer gets the whole answer', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  for (const tags of ['"other"', 'other', '', '""']) {
    assert.equal((await world.ask({ headers: { 'if-none-match': tags } })).status, 200, tags);
  }
});

test('a new read that brings the same bytes is a 304 for who has them', async () => {
  await using world = await openPublicWorld();
  world.upstream.answers(() => numbered('phone-available', 1));
  const { headers } = await world.ask();
  await world.clock.advance(1_000);
  const reply = await world.ask({
    headers: { 'if-none-match': String(headers.etag), 'cache-control': 'no-cache' },
  });
  assert.equal(reply.status, 304);
  assert.equal(reply.headers['cache-status'], 'waba-health; fwd=request; stored');
});

test('HEAD gets the headers of GET and no body, for answers and for errors', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  for (const asking of [{}, { path: '/health_status?x' }, { key: null }, { path: '/nowhere' }]) {
    const get = await world.ask(asking);
    const head = await world.ask({ ...asking, method: 'HEAD' });
    assert.equal(head.status, get.status);
    assert.deepEqual({ ...head.headers, date: '' }, { ...get.headers, date: '' });
    assert.equal(head.headers['content-length'], String(get.body.length));
  }
});

test('a first request may be a HEAD as well', async () => {
  await using world = await openPublicWorld();
  const head = await world.ask({ method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.headers['cache-status'], 'waba-health; fwd=uri-miss; stored');
});
