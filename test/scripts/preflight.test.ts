/** The preflight with stand-ins for the machine's programs: what a newcomer's first command says. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';

const WITHOUT_LIBRARY = `[ -e "$0.mended" ] && { echo 26.10.0; exit 0; }
echo 'node: error while loading shared libraries: libatomic.so.1: cannot open' >&2; exit 127`;

test('a Node that is new enough passes without a word', async () => {
  const { status, said } = await preflight({ node: 'echo 24.0.0' });
  assert.deepEqual([status, said], [0, '']);
});

test('an old Node is refused with what brings a new one', async () => {
  const { status, said } = await preflight({ node: 'echo 20.20.2' });
  assert.equal(status, 1);
  assert.match(said, /Node 24 or newer is needed, this is 20\.20\.2\.\n.*npm ci/);
});

test('root gets the missing library installed, and the preflight passes', async () => {
  const { status, said, mended } = await preflight({
    node: WITHOUT_LIBRARY,
    id: 'echo 0',
    'apt-get': 'case "$*" in *install*libatomic1) touch "${0%apt-get}node.mended" ;; esac',
  });
  assert.deepEqual([status, mended], [0, true]);
  assert.match(said, /libatomic1.*missing here: installing it/);
});

test('anybody else is told what to install', async () => {
  const { status, said, mended } = await preflight({
    node: WITHOUT_LIBRARY,
    id: 'echo 1000',
    'apt-get': 'touch "${0%apt-get}node.mended"',
  });
  assert.deepEqual([status, mended], [1, false]);
  assert.match(said, /sudo apt-get install libatomic1/);
});

test('an installation that fails is said, and not tried for ever', async () => {
  const { status, said } = await preflight({
    node: WITHOUT_LIBRARY,
    id: 'echo 0',
    'apt-get': 'exit 100',
  });
  assert.equal(status, 1);
  assert.match(said, /could not install libatomic1/);
});

async function preflight(programs: Readonly<Record<string, string>>) {
  using directory = temporaryDirectory();
  for (const [name, script] of Object.entries(programs)) {
    const path = join(directory.path, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }
  const env = { PATH: `${directory.path}:/usr/bin:/bin` };
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['scripts/preflight.sh'], {
    env,
    encoding: 'utf8',
  });
  const mended = existsSync(join(directory.path, 'node.mended'));
  return { status, said: `${stdout}${stderr}`, mended };
}
