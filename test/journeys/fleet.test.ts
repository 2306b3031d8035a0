import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { World } from './world.ts';
import { ACME, startWorld, UMBRELLA } from './world.ts';

async function addToken(world: World): Promise<void> {
  const added = await world.cli(['credentials', 'add', 'acme', '--graph'], { input: ACME.token });
  assert.equal(added.code, 0, added.stderr);
}

/** Name, number id and labels of each channel that is watched. */
async function fleetOf(world: World) {
  const { stdout } = await world.cli(['channels', 'list', '--json']);
  const { items }: { items: { name: string; upstream: string; labels: object }[] } =
    JSON.parse(stdout);
  return Object.fromEntries(
    items.map(({ name, upstream, labels }) => [name, { upstream, labels }]),
  );
}

function fileIn(world: World, name: string, text: string): string {
  const file = join(world.directory, name);
  writeFileSync(file, text);
  return file;
}

test('all numbers that a token can see are watched in one command', async () => {
  await using world = await startWorld();
  await addToken(world);
  const seen = await world.cli(['channels', 'discover', '--credential', 'acme']);
  assert.equal(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, new RegExp(`${ACME.sales.id} .*not watched`));
  assert.match(seen.stdout, /^3 numbers in 1 WABAs, 3 of them not watched\.$/m);
  assert.equal(seen.stderr, '', 'no bar where standard error is no terminal');

  const add = ['channels', 'discover', '--credential', 'acme', '--add', '--label', 'team=acme'];
  const planned = await world.cli([...add, '--dry-run']);
  assert.match(planned.stdout, /3 numbers would be watched \(nothing was added\)/);
  assert.deepEqual(await fleetOf(world), {});
  const one = await world.cli([...add, '--node', ACME.sales.id, '--name-template', 'wa-{node}']);
  assert.equal(one.code, 0, one.stderr);
  const added = await world.cli(add);
  assert.equal(added.code, 0, added.stderr);
  const fleet = await fleetOf(world);
  assert.deepEqual(Object.keys(fleet), ['orders', 'support', `wa-${ACME.sales.id}`]);
  assert.deepEqual(fleet['orders']?.labels, { team: 'acme' });

  await world.cli(['channels', 'retire', 'orders', '--reason', 'the shop closed']);
  const unwatched = await world.cli(['channels', 'unwatched', '--json']);
  const { items } = JSON.parse(unwatched.stdout);
  assert.equal(items.length, 1);
  assert.equal(items[0].node_id, ACME.orders.id);
  assert.equal(items[0].standing, 'unwatched');
});

test('a fleet is imported from a file: good rows are added, bad ones are told by their lines', async () => {
  await using world = await startWorld();
  const file = fileIn(
    world,
    'fleet.csv',
    'name,upstream,credential,secret,node_id,interval,label.team\n' +
      `support,graph,acme,${ACME.token},${ACME.support.id},5m,care\n` +
      `sales,graph,acme,${ACME.token},${ACME.sales.id},,sales\n` +
      `orders,dialog360,,${ACME.orders.key},,,\n` +
      `Wrong Name,graph,acme,,${ACME.sales.id},,\n` +
      `stranger,graph,acme,,${UMBRELLA.id},,\n`,
  );
  const planned = await world.cli(['channels', 'import', file, '--dry-run']);
  assert.equal(planned.code, 1);
  assert.match(planned.stdout, /1 credentials, 4 added, 1 refused/);
  assert.deepEqual(await fleetOf(world), {});

  const imported = await world.cli(['channels', 'import', file]);
  assert.equal(imported.code, 1, imported.stderr);
  assert.match(imported.stdout, /^1 credentials, 3 added, 2 refused\.$/m);
  assert.match(imported.stdout, /line 5: name must be 1 to 63 lower-case letters/);
  assert.match(imported.stdout, /line 6, stranger: Meta does not show the node/);
  assert.doesNotMatch(imported.stdout + imported.stderr, /canary/);
  assert.deepEqual(await fleetOf(world), {
    orders: { upstream: 'dialog360', labels: {} },
    sales: { upstream: 'graph', labels: { team: 'sales' } },
    support: { upstream: 'graph', labels: { team: 'care' } },
  });
  const health = await world.health(ACME.orders.key);
  assert.equal(health.status, 200, 'clients keep their 360dialog key');

  const again = await world.cli(['channels', 'import', file, '--json']);
  assert.partialDeepStrictEqual(JSON.parse(again.stdout), {
    counts: { credentials: 0, added: 0, changed: 0, unchanged: 3, refused: 2 },
  });
});

test('sync makes the fleet equal to the file, and asks before it retires much', async () => {
  await using world = await startWorld();
  await addToken(world);
  await world.cli(['channels', 'discover', '--credential', 'acme', '--add']);
  const source = { upstream: 'graph', credential: 'acme', node_id: ACME.support.id };
  const channels = [{ name: 'support', ...source, labels: { tier: 'gold' }, paused: true }];
  const file = fileIn(world, 'fleet.json', JSON.stringify({ channels }));
  const sync = ['channels', 'import', file, '--sync'];
  const refused = await world.cli(sync);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /leaves out 2 of 3 channels/);
  assert.equal(Object.keys(await fleetOf(world)).length, 3);

  const planned = await world.cli([...sync, '--dry-run']);
  assert.match(planned.stdout, /retired: orders, sales/);
  const done = await world.cli([...sync, '--yes']);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  assert.match(done.stdout, /^0 added, 1 changed, 2 retired\.$/m);
  assert.deepEqual(await fleetOf(world), {
    support: { upstream: 'graph', labels: { tier: 'gold' } },
  });
  const shown = await world.cli(['channels', 'show', 'support', '--json']);
  assert.notEqual(JSON.parse(shown.stdout).paused_at, null);
});

test('a number moves from a key of 360dialog to a Graph token and back by a file', async () => {
  await using world = await startWorld();
  await addToken(world);
  await world.cli(['channels', 'add', 'support', '--dialog360'], { input: ACME.support.key });
  const source = ['--graph', '--credential', 'acme'];
  const other = await world.cli([
    'channels',
    'move',
    'support',
    ...source,
    '--node',
    ACME.sales.id,
  ]);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /another number/);
  const move = ['channels', 'move', 'support', ...source, '--node', ACME.support.id];
  const moved = await world.cli(move);
  assert.equal(moved.code, 0, moved.stderr);
  assert.match(moved.stdout, /^support is read through graph now/m);
  assert.match(moved.stderr, /No channel uses the credential support any more/);
  assert.equal((await world.health(ACME.support.key)).status, 200, 'clients keep their key');
  const file = fileIn(world, 'fleet.csv', 'name,upstream,credential\nsupport,dialog360,support\n');
  const synced = await world.cli(['channels', 'import', file, '--sync']);
  assert.match(synced.stdout, /1 moved/);
  assert.equal((await fleetOf(world))['support']?.upstream, 'dialog360');
});

test('channels are paused by their label and resumed by their names', async () => {
  await using world = await startWorld();
  await addToken(world);
  const add = ['channels', 'discover', '--credential', 'acme', '--add', '--label', 'team=acme'];
  await world.cli(add);
  const paused = await world.cli(['channels', 'pause', '--label', 'team=acme', '--reason', 'move']);
  assert.match(paused.stdout, /^3 channels are paused\.$/m);
  const listed = await world.cli(['channels', 'list']);
  assert.equal(listed.stdout.match(/paused/g)?.length, 3);
  const resumed = await world.cli(['channels', 'resume', 'support', 'nobody']);
  assert.equal(resumed.code, 1);
  assert.match(resumed.stdout, /support is watched\.\nnobody: There is no channel nobody\./);
  const wrong = await world.cli(['channels', 'retire', '--label', 'team=acme']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /say --yes/);
});

test('what Meta says of a number and of a token is shown when it is asked for', async () => {
  await using world = await startWorld();
  await addToken(world);
  await world.cli(['channels', 'discover', '--credential', 'acme', '--add']);
  const profile = await world.cli(['channels', 'profile', 'support']);
  assert.equal(profile.code, 0, profile.stderr);
  assert.match(profile.stdout, /Messaging limit +TIER_10K/);
  const listed = await world.cli(['channels', 'list']);
  assert.match(listed.stdout, /^support +\+\d.* support +AVAILABLE/m);
  const inspected = await world.cli(['credentials', 'inspect', 'acme']);
  assert.equal(inspected.code, 0, inspected.stdout + inspected.stderr);
  assert.match(inspected.stdout, /Permissions +.*whatsapp_business_management/);
});
