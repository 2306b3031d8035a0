import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { inertText } from '#domain/inert-text.ts';
import { CAUSE_KINDS } from '#domain/incidents/cause.ts';
import type { Message } from '#domain/telling/message.ts';
import { incidentMessage } from '#domain/telling/texts/incident-message.ts';
import { zonedMoment } from '#domain/telling/texts/zoned-moment.ts';
import { NIGHT } from '#test/domain/samples.ts';
import { goldenText, TEXT_CASES, TEXTS_FOLDER } from './golden-texts.ts';
import { AT_NIGHT, later, over, view } from './samples.ts';

const KINDS = [
  'incident.opened',
  'incident.worse',
  'incident.reminder',
  'incident.flapping',
  'silence.ended',
  'incident.resolved',
  'incident.passed',
  'incident.ended',
] as const;

/** Title and text: little enough for a phone, whatever others call themselves. */
const TITLE_MAX = 240;
const TEXT_MAX = 600;

test('every message reads as its golden file says', () => {
  const unread = new Set(readdirSync(TEXTS_FOLDER));
  for (const [name, tell] of Object.entries(TEXT_CASES)) {
    const file = `${name}.txt`;
    unread.delete(file);
    const golden = readFileSync(join(TEXTS_FOLDER, file), 'utf8');
    assert.equal(goldenText(tell()), golden, `${name}: run "npm run texts" and read what changed`);
  }
  assert.deepEqual([...unread], [], 'golden files that no case writes');
});

test('no message has more than twelve lines, nor a line that is not one', () => {
  for (const [name, tell] of Object.entries(TEXT_CASES)) requireReadable(tell(), name);
});

test('every kind of cause can be told in every kind of message, with nothing known about it', () => {
  for (const kind of CAUSE_KINDS) {
    for (const message of KINDS) {
      const about = view({
        of: over({ cause: { kind, type: null, ref: null }, codes: [], detail: null }),
        numbers: { affected: 0, ever: 0, total: 0 },
        channels: [],
        left: null,
        place: { url: null, command: 'waba-health incidents show 142' },
      });
      const told = incidentMessage(message, about, later(0, { zone: null }));
      requireReadable(told, `${kind} ${message}`);
      assert.doesNotMatch(goldenText(told), /null|undefined|NaN|\[object/);
    }
  }
});

test('whatever others call themselves, a message stays short and inert', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom('toString', '__proto__', 'constructor', ''),
  );
  fc.assert(
    fc.property(
      fc.record({
        names: fc.array(name, { minLength: 1, maxLength: 5 }),
        codes: fc.array(name, { maxLength: 6 }),
        detail: fc.option(name),
        type: name,
        kind: fc.constantFrom(...CAUSE_KINDS),
        message: fc.constantFrom(...KINDS),
      }),
      ({ names, codes, detail, type, kind, message }) => {
        const channels = names.map((verifiedName, at) => ({
          id: `ch_${at}` as const,
          name: `shop-${at}`,
          displayNumber: verifiedName,
          verifiedName,
        }));
        const acknowledgement = { at: NIGHT, by: type, note: type };
        const of = { cause: { kind, type, ref: type }, codes, detail, acknowledgement };
        const labels = { [type]: type };
        const about = view({ of, channels, hit: names.length, name: type, labels, closedBy: type });
        requireReadable(incidentMessage(message, about, AT_NIGHT), 'any');
      },
    ),
  );
});

test('what names an incident to machines is the same in every message about it', () => {
  const keys = KINDS.map((kind) => incidentMessage(kind, view({ of: over() }), AT_NIGHT));
  assert.deepEqual(
    [...new Set(keys.map(({ dedupKey }) => dedupKey))],
    ['waba-health:inst_acme:inc_acme'],
  );
  assert.equal(new Set(keys.map(({ labels }) => JSON.stringify(labels))).size, 1);
});

test('a moment is told in UTC and by the clock of the reader, with the day where it is another', () => {
  const zone = 'Europe/Berlin';
  const at = Date.UTC(2026, 6, 1, 22, 30);
  assert.equal(zonedMoment(at, { now: at, zone }), '22:30 UTC (2 Jul 00:30 Berlin)');
  assert.equal(zonedMoment(at, { now: at + 86_400_000, zone: null }), '1 Jul 22:30 UTC');
  assert.equal(zonedMoment(at, { now: at, zone: 'Etc/GMT+5' }), '22:30 UTC');
  assert.equal(zonedMoment(at, { now: at, zone: 'not a zone' }), '22:30 UTC');
  const winter = Date.UTC(2026, 11, 1, 2, 47);
  assert.equal(zonedMoment(winter, { now: winter, zone }), '02:47 UTC (03:47 Berlin)');
});

function requireReadable({ title, lines }: Message, name: string): void {
  assert.ok(lines.length <= 12, `${name}: ${lines.length} lines`);
  assert.ok(title.length <= TITLE_MAX, `${name}: a title of ${title.length}`);
  for (const text of [title, ...lines.flatMap(({ label, text: said }) => [label ?? '', said])]) {
    assert.equal(text, inertText(text), `${name}: something active`);
    assert.ok(text.length <= TEXT_MAX * 3, `${name}: a line of ${text.length}`);
  }
}
