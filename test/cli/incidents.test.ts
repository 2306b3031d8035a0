/** Incidents, and what was told of them, as commands against a server. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '#cli/program.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';
import { startWorld, TOKEN } from '#test/http/management-world.ts';
import type { World } from '#test/http/management-world.ts';
import { killDelivery, troubleSupport } from '#test/http/troubled.ts';

test('open incidents are listed, and one is shown with all that is known of it', async () => {
  await using world = await startWorld();
  assert.equal((await run(world, 'incidents', 'list')).out, 'No incident is open.\n');
  await troubleSupport(world);
  const { out: list } = await run(world, 'incidents', 'list');
  assert.match(
    list,
    /^1 +BLOCKED +critical +WABA 102290129340398 +141006 +1 +2026-03-01 00:01 UTC$/m,
  );
  const { out } = await run(world, 'incidents', 'show', '1');
  assert.match(out, /^Incident 1 {2}BLOCKED {2}WABA 102290129340398$/m);
  assert.match(out, /^Since +2026-03-01 00:01 UTC \(31 s\); last good 2026-03-01 00:00 UTC$/m);
  assert.match(out, /^! The payment method of the WABA failed/m);
  assert.match(out, /^ {2}support +since 2026-03-01 00:01 UTC {2}BLOCKED$/m);
  assert.match(out, /^2026-03-01 00:01 UTC {2}1 +ops +opened +pending +to be sent/m);
  const json = JSON.parse((await run(world, 'incidents', 'show', '1', '--json')).out);
  assert.deepEqual([json.number, json.members.length, json.deliveries.length], [1, 1, 2]);
});

test('why answers for whoever heard nothing', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const { out } = await run(world, 'incidents', 'why', '1', '--receiver', 'night');
  assert.match(out, /^night\n {2}2026-03-01 00:01:31 UTC {2}opened: withheld\. The default rule/);
  assert.match(out.replace(/\n +/g, ' '), /does not page it: its customer must mend it/);
  const { out: tried } = await run(world, 'rules', 'try', '1', '--to', 'night');
  assert.match(tried, /^night \(page\) hears by tried: Rule tried matches\.$/m);
  assert.match(tried, /^ops \(notify\) hears: The default rule: /m);
});

test('somebody is at an incident, and closes it', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const { out } = await run(world, 'incidents', 'ack', '1', '--watch', '--by', 'Ann');
  assert.match(out, /^Incident 1 is acknowledged: .* every 15 s until 2026-03-01 00:31 UTC\.$/m);
  assert.match((await run(world, 'incidents', 'list')).out, /at it: Ann$/m);
  assert.match((await run(world, 'incidents', 'resolve', '1')).err, /--by <name> is needed/);
  const closed = await run(world, 'incidents', 'resolve', '1', '--by', 'Ann', '--note', 'known');
  assert.match(closed.out, /^Incident 1 is closed/);
  assert.match(
    (await run(world, 'incidents', 'list', '--state', 'resolved')).out,
    /closed by hand$/m,
  );
  const again = await run(world, 'incidents', 'ack', '1', '--by', 'Ann');
  assert.match(again.err, /Incident 1 is resolved already/);
  assert.equal(again.code, 1);
});

test('evidence is written into new files that only their owner can read', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  using directory = temporaryDirectory();
  const to = join(directory.path, 'case');
  const { out } = await run(world, 'incidents', 'evidence', '1', '--to', to);
  assert.match(out, /Only you can read them/);
  for (const file of [`${to}.json`, `${to}.txt`]) assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(`${to}.json`, 'utf8')).incident.number, 1);
  const text = readFileSync(`${to}.txt`, 'utf8');
  assert.match(text, /verdict messaging +AVAILABLE → BLOCKED +trace Atrace +v26\.0/);
  assert.doesNotMatch(text, /customer|canary/);
  const twice = await run(world, 'incidents', 'evidence', '1', '--to', to);
  assert.equal(twice.code, 2);
  assert.match(twice.err, /case\.json is there already; name another with --to/);
});

test('a test waits for its message to be taken or refused', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const dies = async () => {
    const { items } = (await world.api('GET', '/deliveries?state=pending')).body;
    const tested = items.find(({ kind }: { kind: string }) => kind === 'test');
    if (tested !== undefined) await killDelivery(world, tested.id);
  };
  const refused = await run(world, 'receivers', 'test', 'ops', { pause: dies });
  assert.equal(refused.code, 1);
  assert.match(refused.out, /^ops did not take it, and it is not sent again: It answered 410\./);
  assert.match(refused.out, /refuses everything +410 +12 ms +It answered 410\.$/m);
  const silent = await run(world, 'receivers', 'test', 'night', '--timeout', '2s');
  assert.equal(silent.code, 1);
  assert.match(
    silent.out,
    /^Nothing has sent it within 2 s: does a server with the role deliver run\?/,
  );
  const { out: list } = await run(world, 'deliveries', 'list', '--state', 'dead');
  const id = /dl_\w+/.exec(list)?.[0] ?? '';
  assert.match((await run(world, 'deliveries', 'show', id)).out, /Why +It answered 410\./);
  assert.match((await run(world, 'deliveries', 'replay', id)).out, /is sent to ops again/);
});

type Option = { readonly pause: () => Promise<void> };

async function run(world: World, ...given: readonly (string | Option)[]) {
  const args = given.filter((one) => typeof one === 'string');
  const [option] = given.filter((one) => typeof one !== 'string');
  const env = { HOME: '/nowhere', WABA_HEALTH_ADMIN_TOKEN: TOKEN };
  const terminal = createFakeTerminal({ env, now: () => world.clock.now(), ...option });
  const code = await runProgram([...args, '--server', world.url], terminal);
  return { code, ...terminal.written };
}
