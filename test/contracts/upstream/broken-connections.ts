/** Connections that break, that speak no HTTP, and that are closed. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { silence } from '#test/fakes/scripted-server.ts';
import type { Script } from '#test/fakes/scripted-server.ts';
import { Stage } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';

export function brokenConnections(subject: UpstreamSubject): void {
  test('a connection that is reset or closed without an answer is unreachable', async () => {
    const scripts: Script[] = [
      (socket) => void socket.resetAndDestroy(),
      (socket) => void socket.destroy(),
      (socket) => void socket.end(),
    ];
    for (const script of scripts) {
      await using stage = await Stage.start(subject, script);
      const answer = await stage.read();
      assert.ok(!answer.ok);
      assert.equal(answer.failure.code, 'unreachable');
      assert.match(answer.failure.detail, /^127\.0\.0\.1:\d+ cannot be reached: it .* \(\w+\)\.$/);
    }
  });

  test('an answer that breaks off is a malformed answer', async () => {
    const begun = ['content-length: 500', 'transfer-encoding: chunked'];
    for (const header of begun) {
      await using stage = await Stage.start(subject, (socket) => {
        socket.end(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n{"health_status`);
      });
      const answer = await stage.read();
      assert.equal(!answer.ok && answer.failure.code, 'malformed_answer', header);
    }
  });

  test('something that is no HTTP is a malformed answer', async () => {
    for (const text of ['SSH-2.0-x\r\n', '<html>', 'HTTP/1.1 OK\r\n\r\n']) {
      await using stage = await Stage.start(subject, (socket) => void socket.end(text));
      const answer = await stage.read();
      assert.equal(!answer.ok && answer.failure.code, 'malformed_answer');
    }
  });

  test('a host that refuses connections is unreachable', async () => {
    const stage = await Stage.start(subject, silence);
    await stage.server[Symbol.asyncDispose]();
    const answer = await stage.read();
    assert.ok(!answer.ok);
    assert.equal(answer.failure.code, 'unreachable');
    assert.match(answer.failure.detail, /it refuses connections \(ECONNREFUSED\)/);
    await stage.upstream.close();
  });

  test('closing ends the reads under way and all later ones as unreachable', async () => {
    await using stage = await Stage.start(subject, silence, { connections: 1 });
    const reading = [stage.read(), stage.read()];
    await stage.server.requests(1);
    await stage.upstream.close();
    await stage.upstream.close();
    for (const answer of await Promise.all([...reading, stage.read()])) {
      assert.ok(!answer.ok);
      assert.equal(answer.failure.code, 'unreachable');
      assert.match(answer.failure.detail, /this program is closing its connections/);
    }
    assert.equal(stage.clock.pending, 0);
  });
}

export function anyConnection(subject: UpstreamSubject): void {
  test('no head and no body makes a read reject', async () => {
    await using stage = await Stage.start(subject, silence);
    const line = anyText(40);
    const header = fc.tuple(
      fc.constantFrom(
        'content-length',
        'content-encoding',
        'retry-after',
        'x-app-usage',
        '__proto__',
      ),
      fc.oneof(line, fc.integer().map(String), fc.json()),
    );
    const head = fc.record({
      status: fc.oneof(fc.integer({ min: 100, max: 599 }), fc.integer()),
      headers: fc.array(header, { maxLength: 4 }),
    });
    const body = fc.oneof(
      fc.json(),
      fc.json().map((json) => `{"error":${json}}`),
      line,
    );
    await fc.assert(
      fc.asyncProperty(head, body, async ({ status, headers }, text) => {
        stage.server.script = (socket) => {
          const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
          socket.end(`HTTP/1.1 ${status} X\r\nconnection: close\r\n${lines}\r\n${text}`);
        };
        const answer = await stage.read();
        assert.equal(typeof answer.ok, 'boolean');
      }),
      { numRuns: 100 },
    );
  });
}

/** Any UTF-16 at all, half surrogate pairs included. */
function anyText(maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff }));
  return fc.array(unit, { maxLength }).map((units) => String.fromCharCode(...units));
}
