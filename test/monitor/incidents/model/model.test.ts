/** Any order of words, failures, time and decisions: incidents are what their rules say, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import type { Reply } from './drive.ts';
import { HISTORIES } from './histories.ts';
import type { PlayWish } from './play.ts';
import { startPlay } from './play.ts';
import type { Step } from './steps.ts';
import { anyStep, CHANNELS_MAX } from './steps.ts';

const RUNS = 8;
/** Each of them is run often enough before a release: what fails is shrunk no further than this. */
const SHRINKING_MS = 60_000;

test('whatever channels say, incidents are what their words make of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 5, maxLength: 40, size: 'max' }),
      fc.integer({ min: 3, max: CHANNELS_MAX }),
      (steps, channels) => playOnSqlite(steps, { channels }),
    ),
    { numRuns: RUNS, interruptAfterTimeLimit: SHRINKING_MS },
  );
});

for (const [what, steps] of Object.entries(HISTORIES)) {
  test(`incidents are what the model says when ${what}`, () =>
    playOnSqlite(steps, { channels: 3 }));
}

test('the model notices a word that was another on its way, and a read that was lost', async () => {
  const steps = HISTORIES['it comes back again and again'] ?? [];
  const lies: readonly ((reply: Reply, no: number) => Reply)[] = [
    (reply, no) => (no === 2 ? mended(reply) : reply),
    (reply, no) => (no === 0 ? 'upstream_error' : reply),
  ];
  for (const distort of lies) {
    await assert.rejects(playOnSqlite(steps, { channels: 3, distort }), assert.AssertionError);
  }
});

function mended(reply: Reply): Reply {
  if (typeof reply === 'string') return reply;
  const entities = reply.entities.map((entity) => ({ ...entity, messaging: 'AVAILABLE' }));
  return { ...reply, entities };
}

async function playOnSqlite(steps: readonly Step[], wish: PlayWish): Promise<void> {
  const clock = createFakeClock();
  await using store = await openTestStore({ clock });
  const play = await startPlay({ store, clock, ids: createFakeIds() }, wish);
  for (const step of steps) await play.take(step);
  await play.close();
}
