/**
 * What every upstream promises (src/ports/upstream.ts), proven against a server that can answer
 * anything. Graph's and 360dialog's own requests and errors are tested beside them.
 */
import { suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { FailureCode } from '#domain/failure.ts';
import { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type { Answer, FieldsAnswer, Question, Upstream } from '#ports/upstream.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import type { Transport, TransportOptions } from '#upstreams/transport/transport.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { ScriptedServer, answers, answersJson, silence } from '#test/fakes/scripted-server.ts';
import type { Script, ScriptedAnswer } from '#test/fakes/scripted-server.ts';

export interface UpstreamSubject {
  /** The node to ask for; null where the key alone decides. */
  readonly nodeId: string | null;
  open(options: OpenOptions): Upstream;
}

export interface OpenOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly baseUrl: string;
}

/** The secret of Acme's channel *support*. */
export const ACME_SECRET = new Secret('EAAGm0PX4ZCpsBAKZCacmesupportZBZAq0123456789ZDZD');

const ONE_SECOND_MS = 1_000;

/** An answer that no two printers would write alike, with an id beyond 2^53. */
const ODD_BUT_GOOD = `{ "health_status" :{"can_send_message":"LIMITED","entities":[
  {"entity_type":"WABA","id":10229012934039812345,"can_send_message":"LIMITED","new_field":1.0},
  {"entity_type":"QUASAR","can_send_message":"SIDEWAYS"} ] }\t,"id":"105154286024403" }\r\n`;

const GOOD = { health_status: { can_send_message: 'AVAILABLE', entities: [] }, id: '1' };

/** An upstream before a scripted server, with a clock that stands still. */
export class Stage implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly clock = createFakeClock();
  readonly upstream: Upstream;
  readonly #subject: UpstreamSubject;

  private constructor(
    subject: UpstreamSubject,
    server: ScriptedServer,
    { path, ...options }: StageOptions,
  ) {
    this.server = server;
    this.#subject = subject;
    const { clock } = this;
    const transport = createTransport({ clock, ...options });
    this.upstream = subject.open({ transport, clock, baseUrl: `${server.url}${path ?? ''}` });
  }

  static async start(
    subject: UpstreamSubject,
    script: Script,
    options: StageOptions & { readonly tls?: boolean } = {},
  ): Promise<Stage> {
    const { tls = false, ...rest } = options;
    return new Stage(subject, await ScriptedServer.start(script, { tls }), rest);
  }

  read(about: Partial<Question> = {}): Promise<Answer> {
    return this.upstream.read(this.question(about));
  }

  readFields(fields: readonly string[], about: Partial<Question> = {}): Promise<FieldsAnswer> {
    return this.upstream.readFields(this.question(about), fields);
  }

  question(about: Partial<Question>): Question {
    const access = { secret: ACME_SECRET, app: null };
    return { nodeId: this.#subject.nodeId, access, timeoutMs: ONE_SECOND_MS, ...about };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.upstream.close();
    await this.server[Symbol.asyncDispose]();
  }
}

type StageOptions = Partial<TransportOptions> & { readonly path?: string };

export function upstreamContract(name: string, subject: UpstreamSubject): void {
  suite(`${name} keeps the contract of an upstream`, { timeout: 30_000 }, () => {
    goodAnswers(subject);
    badAnswers(subject);
    limits(subject);
    brokenConnections(subject);
    endings(subject);
  });
}

function goodAnswers(subject: UpstreamSubject): void {
  test('a good body comes out byte for byte', async () => {
    await using stage = await Stage.start(subject, answers({ body: ODD_BUT_GOOD }));
    const answer = await stage.read();
    assert.ok(answer.ok);
    assert.equal(Buffer.from(answer.body).toString('latin1'), ODD_BUT_GOOD);
    assert.equal(answer.report.reported, 'LIMITED');
    assert.equal(answer.report.entities[0]?.id, '10229012934039812345');
    assert.equal(answer.report.entities[1]?.words.messaging, 'SIDEWAYS');
    assert.equal(stage.clock.pending, 0);
  });

  test('a good body with a byte order mark is good and keeps it', async () => {
    await using stage = await Stage.start(subject, answers({ body: `\ufeff${ODD_BUT_GOOD}` }));
    const answer = await stage.read();
    assert.ok(answer.ok);
    assert.equal(Buffer.from(answer.body).toString('utf8'), `\ufeff${ODD_BUT_GOOD}`);
  });

  test('a good body is good under any content type and without one', async () => {
    for (const type of ['text/html', 'application/octet-stream', '']) {
      await isGood(subject, { headers: { 'content-type': type } });
    }
  });

  test('an answer in pieces is put together', async () => {
    const body = Buffer.from(JSON.stringify({ ...GOOD, padding: 'ä'.repeat(5_000) }));
    await using stage = await Stage.start(subject, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      for (let at = 0; at < body.length; at += 1_001) {
        const piece = body.subarray(at, at + 1_001);
        socket.write(`${piece.length.toString(16)}\r\n`);
        socket.write(Buffer.concat([piece, Buffer.from('\r\n')]));
      }
      socket.write('0\r\n\r\n');
    });
    const answer = await stage.read();
    assert.ok(answer.ok);
    assert.deepEqual(Buffer.from(answer.body), body);
  });

  test('connections are kept and used again', async () => {
    await using stage = await Stage.start(subject, answersJson(GOOD));
    for (let count = 0; count < 3; count += 1) {
      assert.ok((await stage.read()).ok);
      // A connection rests for one turn of the event loop before it is used again.
      await setImmediate();
    }
    assert.equal(stage.server.connections, 1);
  });

  test('interim answers are passed over', async () => {
    const good = answersJson(GOOD);
    await using stage = await Stage.start(subject, (socket, request) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
      good(socket, request);
    });
    assert.ok((await stage.read()).ok);
  });

  test('named fields are passed through as bytes', async () => {
    const body = '{ "display_phone_number":"+49 30 1234" ,"id":"1"}\n';
    await using stage = await Stage.start(subject, answers({ body }));
    const answer = await stage.readFields(['display_phone_number']);
    assert.ok(answer.ok);
    assert.equal(Buffer.from(answer.body).toString('utf8'), body);
  });
}

function badAnswers(subject: UpstreamSubject): void {
  test('a 200 that is no good read is a malformed answer', async () => {
    const bodies = {
      empty: '',
      html: '<!doctype html><title>Sign in</title>',
      truncated: ODD_BUT_GOOD.slice(0, 80),
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
    await using stage = await Stage.start(subject, answers({ status: 503, body: 'busy' }));
    const answer = await stage.readFields(['quality_rating']);
    assert.ok(!answer.ok);
    assert.equal(answer.failure.code, 'upstream_error');
    assert.equal(answer.failure.httpStatus, 503);
  });

  test('a secret that an answer echoes comes back nowhere', async () => {
    const secret = ACME_SECRET.reveal();
    const bodies = [
      { error: { message: `Malformed access token ${secret}`, code: 190 } },
      { error: `Invalid API key ${secret}` },
      { error: { message: `bad ${secret.slice(0, 20)}… (cut short)`, code: 1 } },
      { message: secret.split('').join('\u200b') },
    ];
    for (const body of bodies) {
      await using stage = await Stage.start(
        subject,
        answersJson(body, { status: 401, headers: { 'content-type': secret } }),
      );
      const answer = await stage.read();
      assert.ok(!answer.ok);
      const told = JSON.stringify(answer);
      assert.ok(!told.includes(secret.slice(0, 14)), told);
      assert.ok(!told.includes(secret.slice(-14)), told);
    }
  });

  test('a secret that no header can carry is rejected without asking', async () => {
    for (const text of ['', 'with blank', 'line\r\nbreak', 'kèy', 'x'.repeat(9_000)]) {
      await using stage = await Stage.start(subject, answersJson(GOOD));
      const answer = await stage.read({ access: { secret: new Secret(text), app: null } });
      assert.ok(!answer.ok);
      assert.equal(answer.failure.code, 'credential_rejected');
      assert.equal(stage.server.seen.length, 0);
    }
  });
}

function limits(subject: UpstreamSubject): void {
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

function brokenConnections(subject: UpstreamSubject): void {
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

  test('no head and no body makes a read reject', async () => {
    await using stage = await Stage.start(subject, silence);
    const line = fc.string({ unit: 'binary', maxLength: 40 });
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
      { numRuns: 150 },
    );
  });
}

function endings(subject: UpstreamSubject): void {
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

/** Reads this answer and gives its failure, which must have this code. */
export async function fails(
  subject: UpstreamSubject,
  answer: ScriptedAnswer,
  ...[code, what]: readonly [code: FailureCode, what?: string]
) {
  await using stage = await Stage.start(subject, answers(answer));
  const read = await stage.read();
  assert.ok(!read.ok, `${what ?? 'it'} passed for a good read`);
  assert.equal(read.failure.code, code, `${what ?? ''} ${read.failure.detail}`);
  return read.failure;
}

async function isGood(subject: UpstreamSubject, answer: ScriptedAnswer): Promise<void> {
  const body = JSON.stringify(GOOD);
  await using stage = await Stage.start(subject, answers({ body, ...answer }));
  const read = await stage.read();
  assert.ok(read.ok, JSON.stringify(read));
}

async function isTooLarge(stage: Stage): Promise<void> {
  const answer = await stage.read();
  assert.ok(!answer.ok);
  assert.equal(answer.failure.code, 'malformed_answer');
  assert.match(answer.failure.detail, /answered 200 with more than 1048576 bytes\.$/);
}
