/** What is set at 360dialog as the webhook of a number: read only where wished for, and kept in a harmless form. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import { createDialog360 } from '#upstreams/dialog360/dialog360.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { answers, answersJson, silence } from '#test/fakes/scripted-server.ts';
import type { Script } from '#test/fakes/scripted-server.ts';
import { ONE_SECOND_MS, Stage } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';
import { startAcme, SUPPORT_KEY } from '#test/simulator/acme.ts';

const subject: UpstreamSubject = {
  nodeId: null,
  tokenRejected: 'not_found_or_forbidden',
  open: createDialog360,
  batched: ([answer = {}]) => answer,
};
const PROFILE = {
  display_phone_number: '+49 30 1234',
  webhook_configuration: { phone_number: 'https://meta.example/' },
};

/** Answers the profile, and this to whoever asks for the webhook. */
function with360(webhook: Script): Script {
  return (socket, request) => {
    const script = request.target === '/v1/configs/webhook' ? webhook : answersJson(PROFILE);
    script(socket, request);
  };
}

async function settingIn(webhook: Script) {
  await using stage = await Stage.start(subject, with360(webhook));
  const answer = await stage.readProfile({ withWebhook: true });
  assert.ok(answer.ok);
  assert.equal(answer.profile.displayNumber, '+49 30 1234');
  return answer.profile.webhook;
}

test('it is asked for with the key, and only where that is wished for', async () => {
  await using stage = await Stage.start(
    subject,
    with360(answersJson({ url: 'https://a.example/' })),
  );
  await stage.readProfile();
  assert.equal(stage.server.seen.length, 1);
  await stage.readProfile({ withWebhook: true });
  const [, , request] = stage.server.seen;
  assert.equal(request?.method, 'GET');
  assert.equal(request?.target, '/v1/configs/webhook');
  assert.ok(request?.headers['d360-api-key']);
});

test('of an address the host is kept and a fingerprint of the rest, of the headers nothing', async () => {
  const url = 'https://canary1:canary2@hooks.acme.example/canary3?token=canary4#canary5';
  const headers = { authorization: 'Bearer canary6' };
  const webhook = await settingIn(answersJson({ url, headers }));
  assert.match(webhook.number ?? '', /^https:\/\/hooks\.acme\.example\/… #[0-9a-f]{12}$/);
  assert.doesNotMatch(JSON.stringify(webhook), /canary/);
  assert.ok(webhook.numberAskedAt !== null);
  const same = await settingIn(answersJson({ url }));
  assert.equal(same.number, webhook.number);
  const other = await settingIn(answersJson({ url: url.replace('canary4', 'canary7') }));
  assert.notEqual(other.number, webhook.number);
});

test('404 in JSON and an empty address say that none is set', async () => {
  for (const script of [
    answersJson({ error: 'Webhook not found' }, { status: 404 }),
    answersJson({ url: '' }),
    answersJson({ url: null }),
  ]) {
    assert.equal((await settingIn(script)).number, 'none');
  }
});

test('whatever else comes, nothing is known of it, and the profile is read all the same', async () => {
  for (const script of [
    answers({ status: 404, body: '<html>not here</html>' }),
    answers({ status: 503, body: '{"error":"busy"}' }),
    answersJson({ error: 'Invalid API key' }, { status: 401 }),
    answersJson({ error: 'no' }),
    answersJson({ url: ['https://a.example/'] }),
    answersJson({}),
    answersJson([]),
  ]) {
    const { number, numberAskedAt } = await settingIn(script);
    assert.deepEqual([number, numberAskedAt], ['https://meta.example/', null]);
  }
});

test('both questions together have the time of one', async () => {
  await using stage = await Stage.start(subject, with360(silence));
  const reading = stage.readProfile({ withWebhook: true });
  await stage.server.requests(2);
  await stage.clock.advance(ONE_SECOND_MS);
  const answer = await reading;
  assert.ok(answer.ok);
  assert.equal(answer.profile.webhook.numberAskedAt, null);
  assert.equal(stage.clock.pending, 0);
});

test('the simulated 360dialog has it set, loses it with another key, and has it set again', async () => {
  await using simulator = await startAcme();
  const clock = createFakeClock();
  const transport = createTransport({ clock });
  const dialog360 = createDialog360({ transport, clock, baseUrl: simulator.dialog360Url });
  const numberOf = async (key: string) => {
    const access = { secret: new Secret(key), app: null };
    const question = { nodeId: null, access, timeoutMs: 10_000, withWebhook: true };
    const answer = await dialog360.readProfile(question);
    return answer.ok ? answer.profile.webhook.number : answer.failure.code;
  };
  const { control } = simulator;
  assert.equal(await numberOf(SUPPORT_KEY), 'none');
  control.webhook({ number: 'support', url: 'https://hooks.acme.example/wa', headers: { a: 'b' } });
  const set = await numberOf(SUPPORT_KEY);
  assert.match(set ?? '', /^https:\/\/hooks\.acme\.example\/… #/);
  control.webhook({ number: 'support', url: 'https://elsewhere.example/wa' });
  assert.match((await numberOf(SUPPORT_KEY)) ?? '', /^https:\/\/elsewhere\.example\/… #/);
  control.replace({ key: SUPPORT_KEY, with: 'support-key-the-second' });
  assert.equal(await numberOf(SUPPORT_KEY), 'credential_rejected');
  assert.equal(await numberOf('support-key-the-second'), 'none');
  control.webhook({ number: 'support', url: 'https://hooks.acme.example/wa' });
  assert.equal(await numberOf('support-key-the-second'), set);
  control.webhook({ number: 'support' });
  assert.equal(await numberOf('support-key-the-second'), 'none');
  await dialog360.close();
});
