import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Heard } from '#cli/demo/receiver.ts';
import { playScenario } from '#cli/demo/scenario.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';

test('the demo lets a payment fail, waits for its message, mends it and waits for the end to be told', async () => {
  const done: string[] = [];
  const terminal = createFakeTerminal({ now: () => Date.UTC(2026, 10, 24, 2, 56) });
  await playScenario({
    terminal,
    ending: new AbortController().signal,
    simulator: {
      act(...actions) {
        done.push(...actions.map((action) => `${action['do']} ${action['node']}`));
        return Promise.resolve();
      },
    },
    heard(type) {
      done.push(type);
      return Promise.resolve(heard(type));
    },
  });
  assert.deepEqual(done, [
    'block acme-retail',
    'incident.opened',
    'recover acme-retail',
    'incident.resolved',
  ]);
  const lines = terminal.written.out.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^02:56:00 UTC {2}the payment of the WABA acme-retail fails/);
  assert.match(lines[1] ?? '', /the payment is mended/);
});

test('a demo that is stopped while it waits ends without an error', async () => {
  const ending = new AbortController();
  const played = playScenario({
    terminal: createFakeTerminal(),
    ending: ending.signal,
    simulator: { act: () => Promise.resolve() },
    heard() {
      ending.abort();
      return Promise.reject(new Error('the demo ends'));
    },
  });
  await assert.doesNotReject(played);
});

function heard(type: string): Heard {
  return { type, subject: '200000000000001', title: 'BLOCKED', lines: [] };
}
