/** Settings and secrets: what is wrong is said before anything is sent, and nothing secret with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECEIVER_KINDS } from '#domain/telling/receiver.ts';
import type { ReceiverKind } from '#domain/telling/receiver.ts';
import { BOT_TOKEN, checked, notifiersOf, sendingTo, targetsAt } from './notifier-stage.ts';

type Texts = Readonly<Record<string, string>>;

const NOTIFIERS = notifiersOf();
const URL_OF_SLACK = 'https://hooks.slack.com/services/T0/B0/canary-secret';
const MAIL = { host: 'mail.acme.example', from: 'health@acme.example', to: 'oncall@acme.example' };

test('every kind of receiver has its notifier, with fields that say what they are', () => {
  for (const kind of RECEIVER_KINDS) {
    const { fields, kind: own } = NOTIFIERS[kind];
    assert.equal(own, kind);
    assert.ok(fields.every(({ name, what }) => /^[a-z_]+$/.test(name) && what.length > 10));
  }
});

test('what is usable is not objected to', () => {
  for (const [name, { kind, settings, secrets }] of Object.entries(
    targetsAt('https://a.example'),
  )) {
    assert.equal(checked(NOTIFIERS[kind], settings, secrets), '', name);
  }
  assert.equal(checked(NOTIFIERS.email, MAIL, {}), '');
  const signedIn = { ...MAIL, port: '465', security: 'tls', user: 'health' };
  assert.equal(checked(NOTIFIERS.email, signedIn, { password: 'x' }), '');
});

test('each wrong setting is told with what would be right', () => {
  const cases: readonly [ReceiverKind, Texts, Texts, RegExp][] = [
    ['slack', {}, {}, /^url is missing: the address of the incoming webhook/],
    ['slack', { url: URL_OF_SLACK }, {}, /url is a secret/],
    ['slack', { channel: '#x' }, { url: URL_OF_SLACK }, /channel is not known here; known are url/],
    ['slack', {}, { url: 'ftp://a.example' }, /url must be an https:/],
    ['slack', {}, { url: 'https://u:p@a.example' }, /neither user nor password/],
    ['slack', {}, { url: 'https://a.example/#x' }, /no fragment/],
    ['slack', {}, { url: `https://a.example/${'x'.repeat(3_000)}` }, /at most 2048/],
    ['slack', {}, { url: 'https://a.example/\u0000' }, /control characters/],
    ['webhook', {}, { url: URL_OF_SLACK, signing_secret: 'short' }, /24 to 64 random bytes/],
    ['webhook', {}, { url: URL_OF_SLACK }, /signing_secret is missing/],
    ['pagerduty', {}, { routing_key: 'x' }, /32 letters and digits/],
    ['pagerduty', { base_url: 'x' }, { routing_key: 'a'.repeat(32) }, /base_url must be/],
    ['alertmanager', { urls: 'http://a.example, x' }, {}, /urls, address 2, must be/],
    ['alertmanager', { urls: 'http://a.example' }, { authorization: 'a\nb' }, /visible ASCII/],
    ['teams', {}, { url: 'https://acme.webhook.office.com/x' }, /Microsoft has retired/],
    ['template', { preset: 'signal' }, {}, /discord or telegram/],
    ['template', { preset: 'discord', body: '{}' }, { url: URL_OF_SLACK }, /body has no use/],
    ['template', { preset: 'telegram', chat_id: 'x' }, { token: BOT_TOKEN }, /chat_id must be/],
    ['template', { preset: 'telegram', chat_id: '1' }, { token: '1/2' }, /token must be/],
    ['template', { body: '{"a": {{text}}}' }, { url: URL_OF_SLACK }, /body must be JSON/],
    ['template', { body: '{"a": "{{ tile }}"}' }, { url: URL_OF_SLACK }, /\{\{tile\}\}.*known are/],
    ['template', { body: '{}', text_max: '9' }, { url: URL_OF_SLACK }, /2500 to 20000/],
    ['email', { ...MAIL, to: 'a@b.example\r\nBcc: x@y.example' }, {}, /to, address 1, must be/],
    ['email', { ...MAIL, from: 'Acme <a@b.example>' }, {}, /from must be an address/],
    ['email', { ...MAIL, port: '0' }, {}, /port must be/],
    ['email', { ...MAIL, security: 'ssl' }, {}, /tls, starttls or none/],
    ['email', { ...MAIL, user: 'x' }, {}, /go together/],
    ['email', { ...MAIL, user: 'x', security: 'none' }, { password: 'y' }, /show the password/],
    ['email', { ...MAIL, host: 'a b' }, {}, /host must be/],
  ];
  for (const [kind, settings, secrets, sentence] of cases) {
    const said = checked(NOTIFIERS[kind], settings, secrets);
    assert.match(said, sentence);
    assert.doesNotMatch(said, /canary|u:p@/);
  }
});

test('a target is recognised by its host and the end of its secret, and by no more', () => {
  const targets = targetsAt('https://acme.example');
  const hints = Object.entries(targets).map(([name, { kind, settings, secrets }]) => {
    return [name, NOTIFIERS[kind].hint(settings, secrets)];
  });
  assert.deepEqual(Object.fromEntries(hints), {
    webhook: 'acme.example …uery',
    slack: 'acme.example …uery',
    pagerduty: 'acme.example …6789',
    alertmanager: 'acme.example',
    teams: 'acme.example …uery',
    discord: 'acme.example …uery',
    telegram: 'Telegram -1001234567890, bot 123456',
    template: 'acme.example …uery',
  });
  const to = `${MAIL.to}, sales@acme.example`;
  const hint = NOTIFIERS.email.hint({ ...MAIL, to }, {});
  assert.equal(hint, 'oncall@acme.example and 1 more by mail.acme.example');
});

test('a receiver that nobody could have stored is a matter of configuration, not a crash', async () => {
  for (const kind of RECEIVER_KINDS) {
    const result = await NOTIFIERS[kind].send(sendingTo({ kind, settings: {}, secrets: {} }));
    assert.equal(result.outcome, 'config', kind);
  }
});
