/** Many questions in one round trip: each gets the answer that it would have got alone. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Secret } from '#domain/secret.ts';
import type { Answer, BatchAnswer } from '#ports/upstream.ts';
import { answers, answersJson, silence } from '#test/fakes/scripted-server.ts';
import type { ScriptedAnswer } from '#test/fakes/scripted-server.ts';
import { ACME_SECRET, GOOD, ONE_SECOND_MS, Stage } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';

const ERROR = { code: 190, error_subcode: 463, message: 'Session has expired', fbtrace_id: 'AbC' };
const USAGE = '{"1":[{"type":"whatsapp","call_count":7,"estimated_time_to_regain_access":3}]}';

/** One answer of each sort that the rest of this contract knows. */
const SAMPLES: readonly ScriptedAnswer[] = [
  { body: JSON.stringify(GOOD) },
  { body: ` ${JSON.stringify({ ...GOOD, padding: 'ä😀\u2028' }, null, 2)}\r\n` },
  { body: `\ufeff${JSON.stringify(GOOD)}` },
  { body: JSON.stringify({ ...GOOD, padding: 'x'.repeat(1_048_576) }) },
  {
    body: '{"health_status":{"can_send_message":"PAUSED","entities":[{"id":10229012934039812345}]}}',
  },
  { body: '' },
  { body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } },
  { body: JSON.stringify(GOOD).slice(0, -4) },
  { body: '[]' },
  { body: '{"health_status":'.repeat(50_000) },
  { status: 201, body: JSON.stringify(GOOD) },
  { status: 200, body: JSON.stringify({ error: ERROR }) },
  { status: 400, body: JSON.stringify({ error: ERROR }) },
  {
    status: 400,
    body: '{"error":{"code":80008}}',
    headers: { 'x-business-use-case-usage': USAGE },
  },
  { status: 400, body: '{"error":{"code":100,"error_subcode":33,"is_transient":true}}' },
  { status: 400, body: '{"error":"You have exceeded the endpoint rate limit"}' },
  { status: 401, body: `{"error":"Invalid API key ${ACME_SECRET.reveal()}"}` },
  { status: 302, headers: { location: '/elsewhere' } },
  { status: 429, headers: { 'retry-after': '30' } },
  { status: 503, body: 'busy' },
  {
    body: JSON.stringify(GOOD),
    headers: { 'facebook-api-version': 'v25.0', 'x-fb-trace-id': 'Ab1' },
  },
];

export function batches(subject: UpstreamSubject): void {
  test('every sort of answer is the same in a batch as alone', async () => {
    for (const sample of SAMPLES) {
      assert.deepEqual(await inBatch(subject, sample), await alone(subject, sample));
    }
  });

  test('no head and no body makes an item another answer than alone, and none rejects', async () => {
    await using stage = await Stage.start(subject, silence);
    const header = fc.tuple(
      fc.constantFrom('retry-after', 'x-app-usage', 'X-FB-Trace-Id', 'facebook-api-version'),
      fc.oneof(fc.string({ unit: 'grapheme-ascii' }).map(plain), fc.json().map(plain)),
    );
    const body = fc.oneof(
      fc.json(),
      fc.json().map((json) => `{"error":${json}}`),
      fc.json().map((json) => `{"health_status":{"entities":${json}},"id":7}`),
      fc.string({ unit: 'binary' }),
    );
    const sample = fc.record({
      status: fc.integer({ min: 200, max: 599 }).filter((status) => ![204, 304].includes(status)),
      headers: fc.array(header, { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
      body: body.map((text) => text.toWellFormed()),
    });
    await fc.assert(
      fc.asyncProperty(sample, async (answer) => {
        stage.server.script = answers(answer);
        const single = plainly(await stage.read());
        stage.server.script = answers(subject.batched([answer]));
        assert.deepEqual(plainly(await stage.readBatch()), single);
      }),
      { numRuns: 200 },
    );
  });

  test('answers come in the order of the questions, and spoil no other', async () => {
    await using stage = await Stage.start(subject, silence);
    const { batchMax } = stage.upstream;
    const mixed = Array.from(
      { length: batchMax },
      (_, index) => SAMPLES[index % SAMPLES.length] ?? {},
    );
    const small = mixed.map((sample) =>
      (sample.body?.length ?? 0) > 100_000 ? { body: '"too much for fifty"' } : sample,
    );
    stage.server.script = answers(subject.batched(small));
    const batch = await stage.readBatch(small.map(() => ({})));
    assert.ok(batch.ok);
    assert.equal(batch.answers.length, batchMax);
    for (const [index, sample] of small.entries()) {
      assert.deepEqual(
        plainly(batch.answers[index]),
        await alone(subject, sample),
        `item ${index}`,
      );
    }
    assert.equal(stage.server.seen.length, 1);
    assert.equal(stage.clock.pending, 0);
  });

  test('no question is answered without asking, and too many are a bug', async () => {
    await using stage = await Stage.start(subject, answersJson(GOOD));
    assert.deepEqual(await stage.readBatch([]), { ok: true, answers: [] });
    assert.equal(stage.server.seen.length, 0);
    const tooMany = Array.from({ length: stage.upstream.batchMax + 1 }, () => ({}));
    await assert.rejects(stage.readBatch(tooMany), /question/);
  });

  test('a secret that no header can carry is answered without being sent', async () => {
    await using stage = await Stage.start(subject, answersJson(GOOD));
    const access = { secret: new Secret('line\r\nbreak'), app: null };
    const batch = await stage.readBatch([{ access }]);
    const [answer] = batch.ok ? batch.answers : [];
    assert.equal(answer?.ok === false && answer.failure.code, 'credential_rejected');
    assert.equal(stage.server.seen.length, 0);
  });
}

export function batchesThatFail(subject: UpstreamSubject): void {
  test('a batch without an answer says why, in its time and not that of its questions', async () => {
    await using stage = await Stage.start(subject, silence, { connections: 1 });
    const reading = stage.readBatch([{ timeoutMs: 60 * ONE_SECOND_MS }]);
    await stage.server.requests(1);
    await stage.clock.advance(ONE_SECOND_MS);
    assert.deepEqual(codesOf(await reading), ['timeout']);
    stage.server.script = (socket) => void socket.resetAndDestroy();
    assert.deepEqual(codesOf(await stage.readBatch()), ['unreachable']);
    stage.server.script = (socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n[{"code":200');
    };
    assert.deepEqual(codesOf(await stage.readBatch()), ['malformed_answer']);
    await stage.upstream.close();
    assert.deepEqual(codesOf(await stage.readBatch()), ['unreachable']);
  });

  test('a page of something in between is a failure of all, and says nothing about access', async () => {
    const headers = { 'content-type': 'text/html' };
    for (const [status, code] of [
      [200, 'malformed_answer'],
      [403, 'malformed_answer'],
      [502, 'upstream_error'],
    ] as const) {
      const page = { status, headers, body: '<html>Forbidden</html>' };
      await using stage = await Stage.start(subject, answers(page));
      assert.deepEqual(codesOf(await stage.readBatch()), [code]);
    }
  });
}

/** The failures of a batch: its own, or those of its items. */
function codesOf(batch: BatchAnswer): readonly unknown[] {
  if (!batch.ok) return [batch.failure.code];
  return batch.answers.map((answer) => answer !== null && !answer.ok && answer.failure.code);
}

async function alone(subject: UpstreamSubject, sample: ScriptedAnswer): Promise<unknown> {
  await using stage = await Stage.start(subject, answers(sample));
  return plainly(await stage.read());
}

async function inBatch(subject: UpstreamSubject, sample: ScriptedAnswer): Promise<unknown> {
  await using stage = await Stage.start(subject, answers(subject.batched([sample])));
  return plainly(await stage.readBatch());
}

/** An answer, or the only one of a batch, for comparison: bytes as text, ports of servers left out. */
function plainly(answer: Answer | BatchAnswer | null | undefined): unknown {
  if (answer === null || answer === undefined) return answer;
  if ('answers' in answer) {
    assert.equal(answer.answers.length, 1);
    return plainly(answer.answers[0]);
  }
  if (answer.ok) return { ...answer, body: Buffer.from(answer.body).toString('utf8') };
  const detail = answer.failure.detail.replace(/127\.0\.0\.1:\d+/, 'host');
  return { ...answer, failure: { ...answer.failure, detail } };
}

/** Fit for a header: visible, and not blank at its ends. */
function plain(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '');
}
