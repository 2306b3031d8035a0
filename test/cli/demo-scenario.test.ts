import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playScenario } from '#cli/demo/scenario.ts';
import type { ChannelHealth } from '#cli/text/health-text.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';
import { blockedHealth } from '#test/fixtures/blocked-health.ts';

test('the demo says in one line that a payment fails and in one that it is mended', async () => {
  const ending = new AbortController();
  const acts: string[] = [];
  const pauses: number[] = [];
  const terminal = createFakeTerminal({
    pause(ms) {
      pauses.push(ms);
      if (pauses.length === 3) ending.abort();
      return Promise.resolve();
    },
  });
  let health = available();
  const body = () => Promise.resolve({ status: 200 as const, body: health });
  await playScenario({
    terminal,
    ending: ending.signal,
    client: {
      getChannelHealth: body,
      checkChannel() {
        health = acts.at(-1) === 'block' ? blockedHealth() : available();
        return body();
      },
    },
    simulator: {
      act(...actions) {
        acts.push(...actions.map((action) => action['do'] ?? ''));
        return Promise.resolve();
      },
    },
  });
  assert.deepEqual(acts, ['block', 'recover']);
  assert.equal(
    terminal.written.out,
    '02:56:00 UTC  support: the payment of its WABA fails: AVAILABLE → BLOCKED ' +
      '(The payment method of the WABA failed (WABA/141006))\n' +
      '02:56:00 UTC  support: the payment is mended: BLOCKED → AVAILABLE (all is well)\n',
  );
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
