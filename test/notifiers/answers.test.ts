/** What a receiver's answer means, and that none of them gives a secret away. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { SendResult } from '#ports/notifier.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { answers, answersJson, ScriptedServer, silence } from '#test/fakes/scripted-server.ts';
import type { Script } from '#test/fakes/scripted-server.ts';
import { RESOLVED } from './acme-messages.ts';
import {
  BOT_TOKEN,
  detailOf,
  notifiersOf,
  NOW,
  sendingTo,
  sendTo,
  targetsAt,
} from './notifier-stage.ts';

type Outcome = SendResult['outcome'];

const NAMES = Object.keys(targetsAt('http://127.0.0.1:1'));

test('the status of an answer says what becomes of the message', async () => {
  const table: Readonly<Record<Outcome, readonly number[]>> = {
    delivered: [200, 201, 202, 204, 206],
    throttled: [429],
    transient: [408, 425, 500, 502, 503, 504, 599],
    payload: [400, 413, 415, 422],
    config: [300, 301, 304, 308, 401, 402, 403, 404, 405, 409, 410, 418, 451],
  };
  for (const [outcome, statuses] of Object.entries(table)) {
    for (const status of statuses) {
      await using server = await ScriptedServer.start(answers({ status, body: 'no' }));
      const result = await sendTo('slack', server);
      assert.equal(result.outcome, outcome, String(status));
      assert.equal(result.status, status);
    }
  }
});

test('whoever says until when wants peace, in seconds, as a date or in its own words', async () => {
  const date = new Date(NOW + 90_000).toUTCString();
  const cases: readonly [string, Script, number | null][] = [
    ['slack', answers({ status: 429, headers: { 'retry-after': '30' } }), 30_000],
    ['slack', answers({ status: 429, headers: { 'retry-after': date } }), 90_000],
    ['slack', answers({ status: 429, headers: { 'retry-after': 'soon' } }), null],
    ['slack', answers({ status: 429, headers: { 'retry-after': '99999999' } }), 86_400_000],
    ['slack', answers({ status: 503, headers: { 'retry-after': '5' } }), 5_000],
    ['teams', answers({ status: 403, body: 'Rate limit is exceeded' }), null],
    ['discord', answersJson({ retry_after: 1.5, global: false }, { status: 429 }), 1_500],
    [
      'telegram',
      answersJson({ ok: false, parameters: { retry_after: 7 } }, { status: 429 }),
      7_000,
    ],
  ];
  for (const [name, script, waitMs] of cases) {
    await using server = await ScriptedServer.start(script);
    const result = await sendTo(name, server);
    assert.ok(result.outcome === 'throttled', `${name}: ${result.outcome}`);
    assert.equal(result.retryAfterMs, waitMs, name);
  }
});

test('a 400 that no other message would change is told from one about the message', async () => {
  const cases: readonly [string, Script, Outcome, RegExp][] = [
    ['slack', answers({ status: 400, body: 'invalid_blocks' }), 'payload', /: invalid_blocks$/],
    ['slack', answers({ status: 400, body: 'no_team' }), 'config', /channel is gone/],
    [
      'pagerduty',
      answersJson({ message: 'no', errors: ["'routing_key' is invalid"] }, { status: 400 }),
      'config',
      /routing_key is not accepted/,
    ],
    [
      'telegram',
      answersJson({ description: "Bad Request: can't parse entities" }, { status: 400 }),
      'payload',
      /parse entities/,
    ],
    [
      'telegram',
      answersJson({ description: 'Bad Request: chat not found' }, { status: 400 }),
      'config',
      /Put the bot into the chat/,
    ],
    [
      'telegram',
      answersJson({ parameters: { migrate_to_chat_id: -100987 } }, { status: 400 }),
      'config',
      /set chat_id to -100987/,
    ],
  ];
  for (const [name, script, outcome, detail] of cases) {
    await using server = await ScriptedServer.start(script);
    const result = await sendTo(name, server);
    assert.equal(result.outcome, outcome, name);
    assert.match(detailOf(result), detail);
  }
});

test('what the service calls the message is kept for its support', async () => {
  const cases: readonly [string, unknown, string][] = [
    ['discord', { id: '1234567890' }, '1234567890'],
    ['telegram', { ok: true, result: { message_id: 77 } }, '77'],
    [
      'pagerduty',
      { status: 'success', dedup_key: 'waba-health:main:inc_1' },
      'waba-health:main:inc_1',
    ],
  ];
  for (const [name, body, reference] of cases) {
    await using server = await ScriptedServer.start(answersJson(body, { status: 202 }));
    assert.deepEqual(await sendTo(name, server), { outcome: 'delivered', status: 202, reference });
  }
});

test('a broken answer counts by its status, and no answer is transient', async () => {
  const big = 'x'.repeat(70_000);
  const cases: readonly [string, Script, Outcome][] = [
    ['reset', (socket) => void socket.resetAndDestroy(), 'transient'],
    ['accepted and dropped', (socket) => void socket.end(), 'transient'],
    ['no HTTP', (socket) => void socket.end('SSH-2.0-x\r\n'), 'transient'],
    ['broken off after 200', head(200, 'content-length: 9\r\n'), 'delivered'],
    ['broken off after 500', head(500, 'content-length: 9\r\n'), 'transient'],
    ['huge after 200', answers({ body: big }), 'delivered'],
    ['huge after 410', answers({ status: 410, body: big }), 'config'],
    ['HTML', answers({ status: 404, body: '<html><b>\u202eno</b></html>' }), 'config'],
    ['no UTF-8', answers({ status: 500, body: Buffer.from([0xff, 0xfe, 0]) }), 'transient'],
  ];
  for (const [name, script, outcome] of cases) {
    await using server = await ScriptedServer.start(script);
    const result = await sendTo('slack', server);
    assert.equal(result.outcome, outcome, name);
    assert.ok(detailOf(result).length <= 400, name);
    assert.doesNotMatch(detailOf(result), /[<>\u202e]/, name);
  }
});

test('a receiver that hangs or drips is given up after 15 seconds', async () => {
  const drip = head(500, 'content-length: 99\r\n', false);
  for (const script of [silence, drip]) {
    await using server = await ScriptedServer.start(script);
    const clock = createFakeClock(NOW);
    const target = targetsAt(server.url)['slack'];
    assert.ok(target);
    const sent = notifiersOf({ clock }).slack.send(sendingTo(target));
    await server.requests(1);
    await clock.advance(14_999);
    assert.equal(clock.pending, 1, 'it still waits');
    await clock.advance(1);
    const result = await sent;
    assert.equal(result.outcome, 'transient');
    assert.match(detailOf(result), /within 15000 ms/);
  }
});

test('an attempt that is ended from outside ends at once, begun or not', async () => {
  await using server = await ScriptedServer.start(silence);
  for (const name of NAMES) {
    const ending = new AbortController();
    const asked = server.seen.length;
    const sent = sendTo(name, server, { signal: ending.signal });
    await server.requests(asked + 1);
    ending.abort();
    assert.equal((await sent).outcome, 'transient', name);
    assert.equal(
      (await sendTo(name, server, { signal: ending.signal })).outcome,
      'transient',
      name,
    );
  }
});

test('no secret comes back in a result, whatever a receiver echoes', async () => {
  const echo: readonly Script[] = [400, 401, 404, 429, 500, 200].flatMap((status) => [
    echoOf((request) => JSON.stringify(request), status),
    echoOf(
      (request) => JSON.stringify({ message: request.target, dedup_key: request.target }),
      status,
    ),
    echoOf(({ headers }) => JSON.stringify({ description: JSON.stringify(headers) }), status),
    echoOf(({ body }) => body.slice(0, 500), status),
    echoOf(({ headers }) => headers['authorization'] ?? '', status),
    // Piece by piece, so that what is left out of one is not hidden by its neighbours.
    echoOf(({ target }) => target.split(/[/?&=]/).join(' . '), status),
  ]);
  for (const name of NAMES) {
    for (const script of echo) {
      await using server = await ScriptedServer.start(script);
      const result = JSON.stringify(await sendTo(name, server));
      assert.doesNotMatch(result, /canary|MfKQ9r8G|services\/T0/i, name);
      assert.ok(!result.includes(BOT_TOKEN.slice(7)), name);
    }
  }
});

test('a message goes to every peer of Alertmanager, and one that takes it is enough', async () => {
  await using one = await ScriptedServer.start(answers({ status: 500 }));
  await using other = await ScriptedServer.start(answers({}));
  const settings = { urls: `${one.url}/, ${other.url}/am/` };
  const target = { kind: 'alertmanager', settings, secrets: {} } as const;
  const { alertmanager } = notifiersOf();
  const result = await alertmanager.send(sendingTo(target, { message: RESOLVED }));
  assert.deepEqual(result, { outcome: 'delivered', status: 200, reference: '1 of 2 peers' });
  assert.equal(one.seen[0]?.target, '/api/v2/alerts');
  assert.equal(other.seen[0]?.target, '/am/api/v2/alerts');
  other.script = answers({ status: 400 });
  assert.equal((await alertmanager.send(sendingTo(target))).outcome, 'transient');
  assert.deepEqual(alertmanager.repeat, { everyMs: 60_000, afterEndMs: 300_000 });
});

test('each message has a connection of its own', async () => {
  await using server = await ScriptedServer.start(answers({}));
  for (const _ of [1, 2, 3]) await sendTo('slack', server);
  assert.equal(server.connections, 3);
});

/** A script that sends the head of an answer and never its body. */
function head(status: number, headers: string, ends = true): Script {
  return (socket: Socket) => {
    socket.write(`HTTP/1.1 ${status} Word\r\n${headers}\r\nx`);
    if (ends) socket.end();
  };
}

function echoOf(body: (request: Parameters<Script>[1]) => string, status: number): Script {
  return (socket, request) => answers({ status, body: body(request) })(socket, request);
}
