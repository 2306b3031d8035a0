import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playScenario } from '#cli/demo/scenario.ts';
import type { ChannelHealth } from '#cli/text/health-text.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';
import { blockedHealth } from '#test/fixtures/blocked-health.ts';

test('the demo says in one line that a payment fails and in one that it is mended', async () => {
  const ending = new AbortController();
  const acts: string[] = [];
  let now = Date.UTC(2026, 10, 24, 2, 56);
  let looksLeft = 0;
  const terminal = createFakeTerminal({
    now: () => now,
    pause(ms) {
      now += ms;
      looksLeft -= 1;
      if (acts.length === 2 && looksLeft < 0) ending.abort();
      return Promise.resolve();
    },
  });
  await playScenario({
    terminal,
    ending: ending.signal,
    client: {
      // The schedule needs a moment: what is true shows at the third look.
      getChannelHealth() {
        const isBlocked = acts.at(-1) === 'block' && looksLeft <= 0;
        const isOld = acts.at(-1) === 'recover' && looksLeft > 0;
        const body = isBlocked || isOld ? blockedHealth() : available();
        return Promise.resolve({ status: 200 as const, body });
      },
    },
    simulator: {
      act(...actions) {
        acts.push(...actions.map((action) => action['do'] ?? ''));
        looksLeft = 3;
        return Promise.resolve();
      },
    },
  });
  assert.deepEqual(acts, ['block', 'recover']);
  const [first, second, ...others] = terminal.written.out.trimEnd().split('\n');
  assert.match(
    first ?? '',
    /support: the payment of its WABA fails: AVAILABLE → BLOCKED \(.*141006\)\), noticed by the schedule after 2 s$/,
  );
  assert.match(
    second ?? '',
    /support: the payment is mended: BLOCKED → AVAILABLE \(all is well\), noticed by the schedule after 2 s$/,
  );
  assert.deepEqual(others, []);
});

function available(): ChannelHealth {
  const health = blockedHealth();
  return {
    ...health,
    messaging: { ...health.messaging, status: 'AVAILABLE', decided_by: [] },
    reason: null,
    findings: [],
  };
}
