/** What each service is sent, byte for byte: `test/fixtures/notifiers` holds it as a person reads it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject } from '#domain/json.ts';
import { jsonOf } from '#notifiers/transport/fit.ts';
import { DIGEST, endless, HOSTILE, OPENED, RESOLVED } from './acme-messages.ts';
import { bodySent, golden, targetsAt } from './notifier-stage.ts';

const NAMES = Object.keys(targetsAt('http://127.0.0.1:1'));

const CASES = [
  { name: 'opened', message: OPENED },
  { name: 'resolved', message: RESOLVED },
  { name: 'digest', message: DIGEST },
  { name: 'hostile', message: HOSTILE },
  { name: 'plain', message: OPENED, isPlain: true },
];

test('each service is sent what its file says, byte for byte', async () => {
  for (const kind of NAMES) {
    for (const { name, message, isPlain } of CASES) {
      const body = await bodySent(kind, message, isPlain);
      const expected = golden(kind, name);
      assert.deepEqual(JSON.parse(body), expected, `${kind}: ${name}`);
      assert.equal(body, jsonOf(expected), `${kind}: ${name}`);
    }
  }
});

test('no text of a stranger calls anybody, opens a tag or turns the direction of reading', async () => {
  for (const kind of NAMES) {
    const body = await bodySent(kind, HOSTILE);
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.doesNotMatch(body, /[\u0000-\u001f\u200b\u202e\ud800-\udfff]/, kind);
    assert.doesNotMatch(body, /javascript:/, kind);
    if (kind === 'slack' || kind === 'telegram') assert.doesNotMatch(body, /<[!@]|<script/, kind);
    if (kind === 'template') assert.doesNotMatch(body, /<[!@]|@everyone|@here/, kind);
  }
  assert.match(await bodySent('discord', HOSTILE), /"allowed_mentions":\{"parse":\[\]\}/);
});

test('whatever a message holds, each service gets no more than it takes, and nothing halved', async () => {
  const bytesMax: Readonly<Record<string, number>> = {
    webhook: 19_999,
    pagerduty: 512_000,
    teams: 28_000,
    slack: 60_000,
  };
  for (const kind of NAMES) {
    // Emoji take two units, and escapes up to five: each of seven shifts cuts somewhere else in them.
    for (let shift = 0; shift < 7; shift += 1) {
      for (const isPlain of [false, true]) {
        const body = await bodySent(kind, endless(shift), isPlain);
        const value: unknown = JSON.parse(body);
        const texts = textsIn(value);
        const where = `${kind}, shift ${shift}, ${isPlain ? 'plain' : 'full'}`;
        assert.ok(Buffer.byteLength(body) <= (bytesMax[kind] ?? 100_000), where);
        assert.ok(
          texts.every((text) => text.isWellFormed() && !text.includes('\uFFFD')),
          where,
        );
        if (kind === 'slack' || kind === 'telegram') {
          const isWhole = texts.every((text) => !/&(?!amp;|lt;|gt;|quot;)/.test(text));
          assert.ok(isWhole || (kind === 'telegram' && isPlain), `${where}: half an escape`);
        }
        assert.match(body, /\(cut\)|left out\)|"cut":true/, where);
      }
    }
  }
});

test('Slack gets at most 3,000 characters a section, 150 a header and 10,000 in all', async () => {
  for (let shift = 0; shift < 7; shift += 1) {
    const { text, blocks } = objectOf(JSON.parse(await bodySent('slack', endless(shift))));
    assert.ok(Array.isArray(blocks) && blocks.length <= 50);
    const lengths = blocks.map((block: unknown) => {
      const { type, text: shown } = objectOf(block);
      const length = textsIn(shown).join('').length;
      assert.ok(
        length <= (type === 'header' ? 150 + 'plain_text'.length : 3_000 + 'mrkdwn'.length),
      );
      return textsIn(block).join('').length;
    });
    const total = lengths.reduce((sum, length) => sum + length, String(text).length);
    assert.ok(total <= 10_000, `${total}`);
  }
});

test('Discord and Telegram get no longer texts than they take', async () => {
  const { embeds } = objectOf(JSON.parse(await bodySent('discord', endless())));
  const { title, description } = objectOf(Array.isArray(embeds) ? embeds[0] : null);
  assert.ok(String(title).length <= 256 && String(description).length <= 4_096);
  const { content } = objectOf(JSON.parse(await bodySent('discord', endless(), true)));
  assert.ok(String(content).length <= 2_000);
  for (const isPlain of [false, true]) {
    const { text } = objectOf(JSON.parse(await bodySent('telegram', endless(), isPlain)));
    assert.ok(String(text).length <= 4_096);
    assert.match(String(text), /Incident 142/, 'the way to the whole story is never cut');
  }
});

test('PagerDuty gets a key of at most 255 characters, the same for the same incident', async () => {
  const [one, other] = await Promise.all([
    bodySent('pagerduty', endless()),
    bodySent('pagerduty', { ...endless(3), phase: 'ended' }),
  ]);
  const { dedup_key: key, payload } = objectOf(JSON.parse(one));
  assert.equal(key, objectOf(JSON.parse(other))['dedup_key']);
  assert.ok(String(key).length <= 255);
  assert.ok(String(objectOf(payload)['summary']).length <= 1_024);
});

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(isJsonObject(value));
  return value;
}

/** All texts in a JSON value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
