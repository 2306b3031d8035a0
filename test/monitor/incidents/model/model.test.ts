/** Any order of words, failures, time and decisions: incidents are what DESIGN §6 says, and nothing else. */
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import type { PlayWish } from './play.ts';
import { startPlay } from './play.ts';
import type { Step } from './steps.ts';
import { anyStep, CHANNELS_MAX } from './steps.ts';

const RUNS = Number(process.env['RUNS'] ?? 60);

test('whatever channels say, incidents are what their words make of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 5, maxLength: 40, size: 'max' }),
      fc.integer({ min: 3, max: CHANNELS_MAX }),
      (steps, channels) => playOnSqlite(steps, { channels }),
    ),
    { numRuns: RUNS },
  );
});

async function playOnSqlite(steps: readonly Step[], wish: PlayWish): Promise<void> {
  const clock = createFakeClock();
  await using store = await openTestStore({ clock });
  const play = await startPlay({ store, clock, ids: createFakeIds() }, wish);
  for (const step of steps) await play.take(step);
  await play.close();
}
void assert;
