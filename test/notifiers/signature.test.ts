/** Signatures of Standard Webhooks, against the specification's own example. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { secretProblem, signatureOf } from '#notifiers/webhook/signature.ts';
import { answers, ScriptedServer } from '#test/fakes/scripted-server.ts';
import { NOW, notifiersOf, sendingTo, SIGNING_SECRET, targetsAt } from './notifier-stage.ts';

const PREVIOUS = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

test('the example of the specification is signed as it says', () => {
  const example = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    seconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  };
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  assert.equal(signatureOf(example, [SIGNING_SECRET]), signature);
  assert.match(signatureOf(example, [SIGNING_SECRET, PREVIOUS]), /^v1,g0hM\S+= v1,\S+=$/);
});

test('a secret that is too short, too long or no base64 is refused', () => {
  assert.equal(secretProblem(ofBytes(24), 'signing_secret'), null);
  assert.equal(secretProblem(ofBytes(64), 'signing_secret'), null);
  for (const secret of [
    ofBytes(23),
    ofBytes(65),
    'whsec_',
    'MfKQ',
    ofBytes(24).slice(0, -1),
    'x',
  ]) {
    assert.match(secretProblem(secret, 'signing_secret') ?? '', /24 to 64 random bytes/);
  }
});

test('a webhook is signed with both secrets while there is a previous one', async () => {
  await using server = await ScriptedServer.start(answers({ status: 204 }));
  const target = targetsAt(server.url)['webhook'];
  assert.ok(target);
  const { webhook } = notifiersOf();
  await webhook.send(sendingTo(target));
  const secrets = { ...target.secrets, previous_signing_secret: PREVIOUS };
  await webhook.send(sendingTo({ ...target, secrets }, { attempt: 2, at: NOW + 5_000 }));
  const [first, second] = server.seen;
  assert.ok(first && second);
  assert.equal(first.headers['webhook-id'], 'dl_01j0000000000000000000acme');
  assert.equal(second.headers['webhook-id'], first.headers['webhook-id'], 'the id stays');
  assert.equal(Number(second.headers['webhook-timestamp']), NOW / 1000 + 5, 'the time does not');
  const signatures = (second.headers['webhook-signature'] ?? '').split(' ');
  const keys = [Buffer.from(SIGNING_SECRET.slice(6), 'base64'), Buffer.alloc(32, 7)];
  const expected = keys.map((key) => {
    const signed = `dl_01j0000000000000000000acme.${NOW / 1000 + 5}.${second.body}`;
    return `v1,${createHmac('sha256', key).update(Buffer.from(signed, 'latin1')).digest('base64')}`;
  });
  assert.deepEqual(signatures, expected);
  assert.equal((first.headers['webhook-signature'] ?? '').split(' ').length, 1);
});

function ofBytes(count: number): string {
  return `whsec_${Buffer.alloc(count, 1).toString('base64')}`;
}
