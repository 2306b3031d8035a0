import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logEvents } from '#app/event-log.ts';
import { createLog } from '#app/log.ts';
import { redacted } from '#app/redact.ts';
import { Secret } from '#domain/secret.ts';

const TOKEN = `EAA${'Canary0'.repeat(8)}`;
const clock = { now: () => Date.UTC(2026, 10, 24, 2, 47), after: () => ({ cancel() {} }) };

test('a log line is one JSON object with its time and its level as a word', () => {
  const { log, lines } = listening();
  log.info({ channel: 'support' }, 'check failed');
  assert.deepEqual(lines(), [
    { level: 'info', time: '2026-11-24T02:47:00.000Z', channel: 'support', msg: 'check failed' },
  ]);
});

test('an error is logged with its causes, and without what else hangs on it', () => {
  const { log, text } = listening();
  const cause = Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
  const error = Object.assign(new Error('reading failed', { cause }), {
    request: { headers: { 'd360-api-key': 'canary-of-the-key' } },
  });
  logEvents(log).emit('background_failed', { what: 'refresh', error });
  assert.match(text(), /reading failed.*ECONNRESET/);
  assert.doesNotMatch(text(), /canary/);
});

test('what looks like a secret is taken out of a line, wherever it stands', () => {
  const { log, text } = listening();
  log.warn({ url: `https://graph/?access_token=${TOKEN}&x=1` }, `Bearer ${TOKEN}`);
  log.warn(
    { secret: new Secret(TOKEN), key: `wh_${'Canary0'.repeat(6)}` },
    'D360-API-KEY: Canary0',
  );
  assert.doesNotMatch(text(), /Canary0/);
  assert.match(text(), /x=1/);
});

test('the password of an address is taken out, and the address stays', () => {
  assert.equal(redacted('via http://acme:hunter2@proxy:3128/'), 'via http://[secret]@proxy:3128/');
  assert.equal(redacted('postgresql://waba:hunter2@db/health'), 'postgresql://[secret]@db/health');
});

test('a good check is told only to whoever asked for details, a failed one always', () => {
  const { log, lines } = listening();
  const event = {
    channelId: 'ch_01k0000000000000000000000a',
    channel: 'support',
    upstream: 'graph',
    attempt: 7,
    tookMs: 31,
    messaging: 'AVAILABLE',
    failure: null,
    detail: null,
  } as const;
  logEvents(log).emit('check_finished', event);
  logEvents(log).emit('check_finished', { ...event, messaging: null, failure: 'timeout' });
  assert.deepEqual(
    lines().map((line) => line['msg']),
    ['check failed'],
  );
});

function listening() {
  const written: string[] = [];
  const log = createLog({
    level: 'info',
    clock,
    destination: { write: (line: string) => void written.push(line) },
  });
  const text = () => written.join('');
  const lines = () =>
    written.map((line): Record<string, unknown> => {
      const parsed: unknown = JSON.parse(line);
      assert.ok(typeof parsed === 'object' && parsed !== null);
      return { ...parsed };
    });
  return { log, text, lines };
}
