/** History, uptime and export as commands, against a server that tells what a test has written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '#cli/program.ts';
import { addTransitions, aTransition } from '#test/contracts/store/transitions.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';
import { addSupport } from '#test/http/acme.ts';
import { startWorld, TOKEN } from '#test/http/management-world.ts';
import type { World } from '#test/http/management-world.ts';

const DAY = 86_400_000;

test('history tells of one channel or of all, as far as is asked', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const one = await run(world, 'history', 'support', '--kind', 'watch');
  assert.match(
    one.out,
    /^support\nWhen +What +Change\n2026-03-01 00:00:00 UTC  watching  added\n$/,
  );
  const all = await run(world, 'history', '--limit', '1');
  assert.match(all.out, /^When +Channel +What/);
  assert.match(all.err, /more than these 1/);
  const none = await run(world, 'history', '--until', '2020-01-01');
  assert.equal(none.out, 'Nothing has changed in this time.\n');
  const json = await run(world, 'history', 'support', '--json');
  assert.ok(JSON.parse(json.out).items.length > 1);
});

test('uptime is told of one channel or of all', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.clock.advance(300_000);
  const one = await run(world, 'uptime', 'support', '--from', '5m');
  assert.match(one.out, /^support, 2026-03-01 00:00 UTC to 2026-03-01 00:05 UTC$/m);
  assert.match(one.out, /^ {2}Messaging +100\.000 % +5 min +– +– +100\.000 %$/m);
  const all = await run(world, 'uptime');
  assert.match(all.out, /^support +100\.000 % +5 min .* 0\.011 %$/m);
  assert.deepEqual(all.progress, ['1 of 1 channels']);
});

test('an export goes to standard output as it comes, and progress to a person', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { id } = (await world.api('GET', '/channels/support')).body;
  const now = world.clock.now();
  const about = { kind: 'profile', series: 'profile:name' } as const;
  await addTransitions(
    world.store,
    Array.from({ length: 700 }, (_, n) => aTransition(id, { ...about, at: now - DAY + n })),
  );
  const { out, progress } = await run(world, 'export', '--kind', 'profile', '--from', '2d');
  assert.equal(out.trimEnd().split('\n').length, 700);
  assert.match(progress.at(-1) ?? '', /^700 lines, 0\.\d MB$/);
  const csv = await run(world, 'export', '--format', 'csv', '--channel', 'support');
  assert.match(csv.out, /^at,channel,channel_id,kind,/);
  const nothing = await run(world, 'export', '--channel', 'umbrella');
  assert.equal(nothing.code, 1);
  assert.match(nothing.err, /no channel with the name or id "umbrella"/);
});

test('an export ends when nobody reads it any more', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const { id } = (await world.api('GET', '/channels/support')).body;
  const detail = 'x'.repeat(1_000);
  for (let round = 0; round < 4; round += 1) {
    await addTransitions(
      world.store,
      Array.from({ length: 500 }, () => aTransition(id, { detail })),
    );
  }
  const env = { HOME: '/nowhere', WABA_HEALTH_ADMIN_TOKEN: TOKEN };
  const terminal = createFakeTerminal({ env, isRead: () => false });
  assert.equal(await runProgram(['export', '--server', world.url], terminal), 0);
  assert.ok(terminal.written.out.length < 1_000_000);
  assert.equal(terminal.written.err, '');
});

test('channels are listed by status', async () => {
  await using world = await startWorld();
  await addSupport(world);
  assert.match((await run(world, 'channels', 'list', '--status', 'available')).out, /^support /m);
  const none = await run(world, 'channels', 'list', '--status', 'BLOCKED');
  assert.equal(none.out, 'No channel here is BLOCKED.\n');
});

test('what no flag can mean is refused before anybody is asked', async () => {
  await using world = await startWorld();
  const refused: [string[], RegExp][] = [
    [['history', '--from', 'yesterday'], /--from must be a time in UTC/],
    [['history', '--from', '2026-02-30'], /--from must be a time in UTC/],
    [['history', '--kind', 'mood'], /--kind must be one of verdict/],
    [['uptime', '--until', '24.12.2026'], /--until must be a time in UTC/],
    [['export', '--format', 'xml'], /--format must be ndjson or csv/],
    [['channels', 'list', '--status', 'fine'], /--status must be one of AVAILABLE/],
  ];
  for (const [args, sentence] of refused) {
    const { code, err } = await run(world, ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, sentence);
  }
});

async function run(world: World, ...args: readonly string[]) {
  const env = { HOME: '/nowhere', WABA_HEALTH_ADMIN_TOKEN: TOKEN };
  const terminal = createFakeTerminal({ env, now: () => world.clock.now() });
  const code = await runProgram([...args, '--server', world.url], terminal);
  return { code, ...terminal.written };
}
