/** What a question may cost: bytes, time and connections. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { answersJson, silence } from '#test/fakes/scripted-server.ts';
import { GOOD, ONE_SECOND_MS, Stage, fails, isGood } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';

export function sizeLimits(subject: UpstreamSubject): void {
  const large = JSON.stringify({ ...GOOD, padding: 'x'.repeat(1_048_576) });

  test('a body that is announced as too large is not read', async () => {
    await using stage = await Stage.start(subject, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1048577\r\n\r\n{');
    });
    await isTooLarge(stage);
  });

  test('a body that grows too large is dropped with its connection', async () => {
    await using stage = await Stage.start(
      subject,
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        socket.write(`${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`);
      },
      { connections: 1 },
    );
    await isTooLarge(stage);
    stage.server.script = answersJson(GOOD);
    assert.ok((await stage.read()).ok, 'the next question finds a connection');
    assert.equal(stage.server.connections, 2);
  });

  test('a body of exactly the limit is good', async () => {
    const padding = 1_048_576 - JSON.stringify({ ...GOOD, padding: '' }).length;
    const body = JSON.stringify({ ...GOOD, padding: 'x'.repeat(padding) });
    await isGood(subject, { body });
  });

  test('headers that are too large are a malformed answer', async () => {
    const headers = { 'x-padding': 'x'.repeat(40_000) };
    const failure = await fails(subject, { headers }, 'malformed_answer');
    assert.match(failure.detail, /too large headers/);
  });
}

export function timeLimits(subject: UpstreamSubject): void {
  test('a server that never answers costs the deadline and its connection', async () => {
    await using stage = await Stage.start(subject, silence, { connections: 1 });
    const reading = stage.read();
    await stage.server.requests(1);
    await stage.clock.advance(ONE_SECOND_MS);
    const answer = await reading;
    assert.ok(!answer.ok);
    assert.equal(answer.failure.code, 'timeout');
    assert.match(answer.failure.detail, /^127\.0\.0\.1:\d+ did not answer within 1000 ms\.$/);
    stage.server.script = answersJson(GOOD);
    assert.ok((await stage.read()).ok, 'the next question finds a connection');
    assert.equal(stage.clock.pending, 0);
  });

  test('a body that drips does not outlive the deadline', async () => {
    await using stage = await Stage.start(subject, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n');
    });
    const reading = stage.read();
    await stage.server.requests(1);
    for (let drop = 0; drop < 20; drop += 1) {
      stage.server.answerLast((socket) => void socket.write('x'));
      await stage.clock.advance(ONE_SECOND_MS / 20);
    }
    const answer = await reading;
    assert.ok(!answer.ok);
    assert.equal(answer.failure.code, 'timeout');
  });

  test('a question without any time is not put', async () => {
    await using stage = await Stage.start(subject, answersJson(GOOD));
    const answer = await stage.read({ timeoutMs: 0 });
    assert.equal(!answer.ok && answer.failure.code, 'timeout');
    assert.equal(stage.server.connections, 0);
  });
}

export function queueLimits(subject: UpstreamSubject): void {
  test('a question that expires while it waits costs no connection', async () => {
    await using stage = await Stage.start(subject, silence, { connections: 1 });
    const first = stage.read({ timeoutMs: 10 * ONE_SECOND_MS });
    await stage.server.requests(1);
    const second = stage.read();
    const third = stage.read({ timeoutMs: 10 * ONE_SECOND_MS });
    await stage.clock.advance(ONE_SECOND_MS);
    const late = await second;
    assert.equal(!late.ok && late.failure.code, 'timeout');
    stage.server.script = answersJson(GOOD);
    stage.server.answerLast(answersJson(GOOD));
    assert.ok((await first).ok);
    assert.ok((await third).ok);
    assert.equal(stage.server.seen.length, 2);
    assert.equal(stage.server.connections, 1);
  });

  test('the queue has an end', async () => {
    const options = { connections: 1, waitingMax: 1 };
    await using stage = await Stage.start(subject, silence, options);
    const waiting = [stage.read(), stage.read()];
    const answer = await stage.read();
    assert.ok(!answer.ok);
    assert.equal(answer.failure.code, 'timeout');
    assert.match(answer.failure.detail, /was not asked: 1 questions are waiting already/);
    await stage.upstream.close();
    assert.equal((await Promise.all(waiting)).length, 2);
  });
}

async function isTooLarge(stage: Stage): Promise<void> {
  const answer = await stage.read();
  assert.ok(!answer.ok);
  assert.equal(answer.failure.code, 'malformed_answer');
  assert.match(answer.failure.detail, /answered 200 with more than 1048576 bytes\.$/);
}
