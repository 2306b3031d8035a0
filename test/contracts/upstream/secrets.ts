/** A secret goes into the question and nowhere else. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Secret } from '#domain/secret.ts';
import { answersJson } from '#test/fakes/scripted-server.ts';
import { ACME_SECRET, GOOD, Stage, fails } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';

export function secrets(subject: UpstreamSubject): void {
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

  test('a secret that comes back as a content type is not told', async () => {
    const headers = { 'content-type': ACME_SECRET.reveal() };
    const failure = await fails(subject, { status: 404, headers, body: 'no' }, 'malformed_answer');
    assert.match(failure.detail, /no JSON \(\[redacted\]\)/);
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
