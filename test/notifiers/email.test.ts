/** E-mail, against a mail server that speaks SMTP and TLS. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Message } from '#domain/telling/message.ts';
import type { WayOutOptions } from '#notifiers/transport/way-out.ts';
import type { Sending, SendResult } from '#ports/notifier.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { MailServer } from '#test/fakes/mail-server.ts';
import { ScriptedServer, silence, TEST_CERTIFICATE } from '#test/fakes/scripted-server.ts';
import { until } from '#test/fakes/until.ts';
import { endless, HOSTILE, OPENED, RESOLVED } from './acme-messages.ts';
import { detailOf, NOW, notifiersOf, sendingTo } from './notifier-stage.ts';
import type { Target } from './notifier-stage.ts';

const PASSWORD = 'canary-password-of-the-mail-server';

const LOCAL: Partial<WayOutOptions> = {
  extraCa: [TEST_CERTIFICATE],
  resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
};

test('a mail is what its file says, byte for byte, in every attempt', async () => {
  await using server = await MailServer.start();
  assert.equal((await mailTo(server, {})).outcome, 'delivered');
  await mailTo(server, {}, { attempt: 2 });
  const [first, second] = server.mails;
  const file = new URL('../fixtures/notifiers/opened.eml', import.meta.url);
  assert.equal(first?.text.replaceAll('\r\n', '\n'), readFileSync(file, 'utf8'));
  assert.equal(second?.text, first?.text);
  assert.deepEqual(first?.to, ['oncall@acme.example', 'sales@acme.example']);
  assert.equal(first?.from, 'health@acme.example');
});

test('a connection is encrypted by STARTTLS or from the start, and signed in after that', async () => {
  for (const security of ['starttls', 'tls']) {
    await using server = await MailServer.start({ secure: security === 'tls' });
    const settings = { security, user: 'health' };
    assert.equal((await mailTo(server, settings)).outcome, 'delivered', security);
    assert.equal(server.mails[0]?.isEncrypted, true);
    assert.equal(server.mails[0]?.user, 'health');
  }
});

test('a server that offers no encryption gets no mail, unless none is wanted', async () => {
  await using server = await MailServer.start({ disabledCommands: ['STARTTLS', 'AUTH'] });
  assert.notEqual((await mailTo(server, {})).outcome, 'delivered');
  assert.equal(server.mails.length, 0);
  assert.equal((await mailTo(server, { security: 'none' })).outcome, 'delivered');
});

test('a certificate that nobody vouches for is refused', async () => {
  for (const security of ['starttls', 'tls']) {
    await using server = await MailServer.start({ secure: security === 'tls' });
    const result = await mailTo(server, { security }, {}, { ...LOCAL, extraCa: [] });
    assert.equal(result.outcome, 'transient');
    assert.equal(server.mails.length, 0);
  }
});

test('a name with line breaks and markup adds neither a header nor a tag', async () => {
  await using server = await MailServer.start();
  await mailTo(server, {}, { message: HOSTILE });
  const { text = '', to } = server.mails[0] ?? {};
  const head = text.slice(0, text.indexOf('\r\n\r\n'));
  assert.doesNotMatch(head, /^bcc:/im);
  assert.deepEqual(to, ['oncall@acme.example', 'sales@acme.example']);
  const names = [...head.matchAll(/^([\w-]+):/gm)].map(({ 1: name }) => name);
  assert.equal(new Set(names).size, names.length, 'no header stands twice');
  assert.doesNotMatch(text, /javascript:|\u202e|=E2=80=AE/i);
  assert.doesNotMatch(text.slice(text.indexOf('<!doctype')), /<script|<!channel/i);
});

test('messages about one incident are one thread, and each has an id of its own', async () => {
  await using server = await MailServer.start();
  await mailTo(server, {}, { id: 'dl_one', message: OPENED });
  await mailTo(server, {}, { id: 'dl_two', message: RESOLVED });
  const heads = server.mails.map(({ text }) => text);
  const thread = '<inc_01j0000000000000000000acme@acme.example>';
  for (const head of heads) {
    assert.ok(head.includes(`\r\nReferences: ${thread}\r\n`));
    assert.ok(head.includes(`\r\nIn-Reply-To: ${thread}\r\n`));
    assert.ok(head.startsWith('Auto-Submitted: auto-generated\r\n'));
  }
  assert.ok(heads[0]?.includes('Message-ID: <dl_one@acme.example>'));
  assert.ok(heads[1]?.includes('Message-ID: <dl_two@acme.example>'));
});

test('a message without end becomes a mail of ordinary size, plain or not', async () => {
  await using server = await MailServer.start();
  for (const isPlain of [false, true]) await mailTo(server, {}, { message: endless(1), isPlain });
  assert.equal(server.mails.length, 2);
  for (const { text } of server.mails) {
    assert.ok(text.length < 200_000);
    assert.ok(text.split('\r\n').every((line) => line.length <= 998));
  }
  assert.doesNotMatch(server.mails[1]?.text ?? '', /text\/html/);
});

test('what the server says decides: 4xx passes, 5xx is about the session or about the mail', async () => {
  await using server = await MailServer.start();
  const cases = [
    { at: 'auth', code: 535, outcome: 'config' },
    { at: 'auth', code: 454, outcome: 'transient' },
    { at: 'from', code: 550, outcome: 'config' },
    { at: 'from', code: 421, outcome: 'transient' },
    { at: 'to', code: 550, outcome: 'config' },
    { at: 'to', code: 451, outcome: 'transient' },
    { at: 'data', code: 554, outcome: 'payload' },
    { at: 'data', code: 452, outcome: 'transient' },
  ] as const;
  for (const { at, code, outcome } of cases) {
    const echoed = [PASSWORD, Buffer.from(`\u0000health\u0000${PASSWORD}`).toString('base64')];
    server.refusal = {
      at,
      code,
      words: `No <b>${echoed.join(' ')}</b> \u202e${'long '.repeat(90)}`,
    };
    const result = await mailTo(server, { user: 'health' });
    assert.equal(result.outcome, outcome, `${at} ${code}`);
    assert.equal(result.status, code);
    const detail = detailOf(result);
    assert.doesNotMatch(detail, /canary|<b>|\u202e|AGhlYWx0aA/, `${at} ${code}`);
    assert.ok(detail.length < 300, detail);
  }
});

test('a reader whom the server refuses is told of when the others are served', async () => {
  await using server = await MailServer.start();
  server.refusal = { at: 'to', code: 550, words: 'no such user', only: 'sales@acme.example' };
  const result = await mailTo(server, {});
  assert.ok(result.outcome === 'delivered');
  assert.match(result.reference ?? '', /refused for 1 of 2 readers/);
});

test('a mail server that hangs, is cut off or is gone is transient, and never waited for longer', async () => {
  await using hanging = await ScriptedServer.start(silence);
  const clock = createFakeClock(NOW);
  const sent = mailTo(hanging, {}, {}, { ...LOCAL, clock });
  await until(() => hanging.connections === 1);
  await clock.advance(15_000);
  assert.equal((await sent).outcome, 'transient');

  const ending = new AbortController();
  const cut = mailTo(hanging, {}, { signal: ending.signal });
  await until(() => hanging.connections === 2);
  ending.abort();
  assert.equal((await cut).outcome, 'transient');

  const { port } = hanging;
  await hanging[Symbol.asyncDispose]();
  const gone = await mailTo({ port }, {});
  assert.equal(gone.outcome, 'transient');
  assert.match(detailOf(gone), /ECONNREFUSED/);
});

test('a mail server is under the guard like everything else', async () => {
  await using server = await MailServer.start();
  for (const host of ['127.0.0.1', 'localhost', 'mail.acme.example', '[::1]']) {
    const result = await mailTo(server, { host }, {}, { ...LOCAL, allow: [] });
    assert.equal(result.outcome, 'config', host);
    assert.match(detailOf(result), /leads to this machine itself/);
  }
  assert.equal(server.mails.length, 0);
});

function mailTo(
  { port }: { port: number },
  settings: Readonly<Record<string, string>>,
  ...[about = {}, options = LOCAL]: [Partial<Sending>?, Partial<WayOutOptions>?]
): Promise<SendResult> {
  const secrets: Record<string, string> = 'user' in settings ? { password: PASSWORD } : {};
  const target: Target = {
    kind: 'email',
    settings: {
      host: 'localhost',
      port: String(port),
      from: 'health@acme.example',
      to: 'oncall@acme.example, sales@acme.example',
      ...settings,
    },
    secrets,
  };
  const message: Message = OPENED;
  return notifiersOf(options).email.send(sendingTo(target, { message, ...about }));
}
