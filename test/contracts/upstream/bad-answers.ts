/** Everything that is no good read becomes a failure. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { FailureCode } from '#domain/failure.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { answers, answersJson } from '#test/fakes/scripted-server.ts';
import { GOOD, Stage, fails, isGood } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';

export function badBodies(subject: UpstreamSubject): void {
  test('a 200 that is no good read is a malformed answer', async () => {
    const bodies = {
      empty: '',
      html: '<!doctype html><title>Sign in</title>',
      truncated: JSON.stringify(GOOD).slice(0, -5),
      'no object': '[]',
      'a word': '"AVAILABLE"',
      null: 'null',
      'no health status': '{"id":"1"}',
      'a status that is no object': '{"health_status":"AVAILABLE"}',
      'an error in a form of its own': JSON.stringify({ ...GOOD, error: true }),
      'nested without end': '['.repeat(200_000),
      'nested objects without end': '{"health_status":'.repeat(50_000),
    };
    for (const [what, body] of Object.entries(bodies)) {
      await fails(subject, { body }, 'malformed_answer', what);
    }
  });

  test('bytes that are no UTF-8 are a malformed answer', async () => {
    const body = Buffer.from(JSON.stringify(GOOD).replace('AVAILABLE', 'AVAIL\u00c3BLE'), 'latin1');
    await fails(subject, { body }, 'malformed_answer');
  });

  test('a compressed body is a malformed answer, for a plain one was asked', async () => {
    const body = gzipSync(JSON.stringify(GOOD));
    const failure = await fails(
      subject,
      { body, headers: { 'content-encoding': 'gzip' } },
      'malformed_answer',
    );
    assert.match(failure.detail, /compressed/);
    await isGood(subject, { headers: { 'content-encoding': 'identity' } });
  });

  test('every question asks for a plain body', async () => {
    await using stage = await Stage.start(subject, answersJson(GOOD));
    await stage.read();
    await stage.readFields(['id']);
    for (const { headers } of stage.server.seen) {
      assert.equal(headers['accept-encoding'], 'identity');
    }
  });
}

export function badStatuses(subject: UpstreamSubject): void {
  test('a redirect is not followed', async () => {
    const headers = { location: '/elsewhere' };
    await using stage = await Stage.start(subject, answers({ status: 302, headers }));
    const answer = await stage.read();
    assert.ok(!answer.ok);
    assert.equal(answer.failure.code, 'malformed_answer');
    assert.match(answer.failure.detail, /answered 302 with a redirect, which is not followed/);
    assert.equal(stage.server.seen.length, 1);
  });

  test('a good body under another status than 200 is no good read', async () => {
    for (const status of [201, 203, 206]) {
      await fails(subject, { status, body: JSON.stringify(GOOD) }, 'malformed_answer');
    }
    await fails(subject, { status: 500, body: JSON.stringify(GOOD) }, 'upstream_error');
  });

  test('a page of something in between never counts as a word about access', async () => {
    const page = { body: '<html>Forbidden</html>', headers: { 'content-type': 'text/html' } };
    for (const status of [400, 402, 403, 404, 410]) {
      const failure = await fails(subject, { ...page, status }, 'malformed_answer');
      assert.match(failure.detail, new RegExp(`answered ${status} .* no JSON \\(text/html\\)`));
    }
    for (const status of [500, 502, 503, 504]) {
      await fails(subject, { ...page, status }, 'upstream_error');
    }
  });

  test('the wait that an answer asks for is kept', async () => {
    const inTwoMinutes = new Date(createFakeClock().now() + 120_000).toUTCString();
    const waits = { '30': 30_000, [inTwoMinutes]: 120_000, soon: null };
    for (const [header, retryAfterMs] of Object.entries(waits)) {
      const headers = { 'retry-after': header };
      const failure = await fails(subject, { status: 429, headers }, 'rate_limited');
      assert.equal(failure.retryAfterMs, retryAfterMs);
    }
  });

  test('a failed read of fields says why', async () => {
    const bad: readonly (readonly [number, string, FailureCode])[] = [
      [503, 'busy', 'upstream_error'],
      [500, '{"id":"1"}', 'upstream_error'],
      [201, '{"id":"1"}', 'malformed_answer'],
      [200, '[]', 'malformed_answer'],
      [200, '{"id":"1","error":{"code":190}}', subject.tokenRejected],
    ];
    for (const [status, body, code] of bad) {
      await using stage = await Stage.start(subject, answers({ status, body }));
      const answer = await stage.readFields(['quality_rating']);
      assert.ok(!answer.ok, body);
      assert.equal(answer.failure.code, code);
      assert.equal(answer.failure.httpStatus, status);
    }
  });
}
