import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { headerText, headerWord } from '#http/header-text.ts';
import { goodAnswer } from '#test/fakes/upstream.ts';
import { example } from '#test/monitor/monitor-world.ts';
import { openPublicWorld } from './public-world.ts';

/** What the headers say about each of Meta's examples. */
const EXAMPLES: [string, Readonly<Record<string, string | undefined>>][] = [
  [
    'phone-available',
    {
      verdict: 'messaging=AVAILABLE, calling=AVAILABLE, reported=AVAILABLE',
      effects: 'business-initiated=yes, replies=yes, inbound=yes, calling=yes',
      reason: undefined,
      since: undefined,
    },
  ],
  [
    'phone-blocked-payment',
    {
      verdict: 'messaging=BLOCKED, reported=BLOCKED',
      effects: 'business-initiated=no, replies=limited, inbound=yes, calling=unknown',
      reason: 'WABA/141006',
      since: '2026-03-01T00:00:00.000Z',
    },
  ],
  [
    'phone-sip-only-reported-blocked',
    {
      verdict: 'messaging=AVAILABLE, calling=BLOCKED, reported=BLOCKED',
      effects: 'business-initiated=yes, replies=yes, inbound=yes, calling=no',
      reason: undefined,
      since: undefined,
    },
  ],
];

for (const [name, expected] of EXAMPLES) {
  test(`the headers sum up ${name} on a 200 and on a 304`, async () => {
    await using world = await openPublicWorld();
    world.upstream.answers(() => goodAnswer(example(name)));
    const { headers: first } = await world.ask();
    const none = { 'if-none-match': '*' };
    for (const { headers } of [await world.ask(), await world.ask({ headers: none })]) {
      const said = {
        verdict: headers['waba-health-verdict'],
        effects: headers['waba-health-effects'],
        reason: headers['waba-health-reason'],
        since: headers['waba-health-since'],
      };
      assert.deepEqual(said, expected);
      assert.equal(headers['waba-health-verdict'], first['waba-health-verdict']);
    }
  });
}

test('since stays the first read that showed the status', async () => {
  await using world = await openPublicWorld();
  world.upstream.answers(() => goodAnswer(example('phone-blocked-payment')));
  await world.ask();
  await world.clock.advance(300_000);
  await world.ask();
  await world.clock.advance(0);
  const { headers } = await world.ask();
  assert.equal(headers.age, '0');
  assert.equal(headers['waba-health-since'], '2026-03-01T00:00:00.000Z');
});

test('a status word that nobody knows is UNKNOWN, and harmless in a header', async () => {
  await using world = await openPublicWorld();
  const word = 'SO "SO"\r\nSet-Cookie: a=b\u{1F600}';
  world.upstream.answers(() =>
    goodAnswer({
      health_status: {
        can_send_message: word,
        entities: [{ entity_type: 'W\nABA', id: '1', can_send_message: word }],
      },
    }),
  );
  const { status, headers } = await world.ask();
  assert.equal(status, 200);
  assert.equal(
    headers['waba-health-verdict'],
    String.raw`messaging=UNKNOWN, reported="SO \"SO\"??Set-Cookie: a=b??"`,
  );
  assert.equal(headers['waba-health-reason'], 'W?ABA/SO "SO"??Set-Cookie: a=b??');
  assert.equal(headers['set-cookie'], undefined);
});

test('any word becomes printable ASCII of bounded length, and a known one stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (word) => {
      assert.match(headerWord(word), /^[\x20-\x7e]{1,130}$/);
      assert.match(headerText(word), /^[\x20-\x7e]{0,64}$/);
    }),
  );
  for (const word of ['AVAILABLE', 'SOME_NEW:word/1.0']) assert.equal(headerWord(word), word);
  assert.equal(headerWord(''), '""');
});
