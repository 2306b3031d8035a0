import assert from 'node:assert/strict';
import test from 'node:test';
import { inParallel } from '#cli/in-parallel.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';

test('work is done a few at a time, in order, with a bar that goes away at the end', async () => {
  const lines: string[] = [];
  const terminal = { ...createFakeTerminal(), progress: (line: string) => void lines.push(line) };
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await inParallel([1, 2, 3, 4], { width: 2, what: 'Adding', terminal }, async (item) => {
    begun.push(item);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  });
  assert.deepEqual(begun, [1, 2, 3, 4]);
  assert.equal(most, 2);
  assert.deepEqual(lines, [
    `Adding [${'#'.repeat(6)}${'·'.repeat(18)}] 1 of 4`,
    `Adding [${'#'.repeat(12)}${'·'.repeat(12)}] 2 of 4`,
    `Adding [${'#'.repeat(18)}${'·'.repeat(6)}] 3 of 4`,
    `Adding [${'#'.repeat(24)}] 4 of 4`,
    '',
  ]);
});

test('where there is nothing to do, nothing is shown', async () => {
  const terminal = createFakeTerminal();
  await inParallel([], { width: 2, what: 'Adding', terminal }, () => assert.fail());
  assert.deepEqual(terminal.written, { out: '', err: '', progress: [] });
});

test('what one throws comes out after the others have ended, and begins no more', async () => {
  const ended: number[] = [];
  const failing = inParallel(
    [1, 2, 3, 4],
    { width: 2, what: 'Adding', terminal: createFakeTerminal() },
    async (item) => {
      await Promise.resolve();
      if (item === 1) throw new Error('one');
      ended.push(item);
    },
  );
  await assert.rejects(failing, { message: 'one' });
  assert.deepEqual(ended, [2]);
});
