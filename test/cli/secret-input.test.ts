import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSecret, shellQuoted } from '#cli/secret-input.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';

const NOWHERE = { secretFile: undefined, secretEnv: undefined };

test('a secret comes from standard input, its line end dropped', async () => {
  const terminal = createFakeTerminal({ input: 'acme-key-123\r\n' });
  const { secret, shell } = await readSecret(terminal, NOWHERE, 'key');
  assert.equal(secret.reveal(), 'acme-key-123');
  assert.equal(shell, null);
});

test('a secret from a file or a variable can be read from there again by a shell', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'waba-health-test-'));
  t.after(() => rm(directory, { recursive: true }));
  const file = join(directory, "acme's key");
  await writeFile(file, 'acme-key-123\n');
  const terminal = createFakeTerminal({ env: { ACME_KEY: 'acme-key-456' } });
  const fromFile = await readSecret(terminal, { ...NOWHERE, secretFile: file }, 'key');
  assert.equal(fromFile.secret.reveal(), 'acme-key-123');
  assert.equal(fromFile.shell, `$(cat '${file.replace("'", `'\\''`)}')`);
  const fromVariable = await readSecret(terminal, { ...NOWHERE, secretEnv: 'ACME_KEY' }, 'key');
  assert.equal(fromVariable.secret.reveal(), 'acme-key-456');
  assert.equal(fromVariable.shell, '$ACME_KEY');
});

test('a person at a terminal is asked, and what is typed is not shown', async () => {
  const modes: boolean[] = [];
  const terminal = createFakeTerminal({ input: 'acmee\u007f-key\r ignored', isTTY: true });
  terminal.input.setRawMode = (raw) => modes.push(raw);
  const { secret } = await readSecret(terminal, NOWHERE, '360dialog key');
  assert.equal(secret.reveal(), 'acme-key');
  assert.match(terminal.written.err, /Paste the 360dialog key/);
  assert.deepEqual(modes, [true, false]);
});

test('an empty secret, one of two words and one too many are refused without being repeated', async () => {
  const empty = createFakeTerminal({ input: '\n' });
  await assert.rejects(readSecret(empty, NOWHERE, 'key'), /The key is empty/);
  const twoWords = createFakeTerminal({ input: 'canary canary' });
  await assert.rejects(readSecret(twoWords, NOWHERE, 'key'), (error: Error) => {
    assert.match(error.message, /one word/);
    return !error.message.includes('canary');
  });
  const huge = createFakeTerminal({ input: 'x'.repeat(10_000) });
  await assert.rejects(readSecret(huge, NOWHERE, 'key'), /too long/);
  const both = { secretFile: 'a', secretEnv: 'B' };
  await assert.rejects(readSecret(empty, both, 'key'), /keep one of them/);
  await assert.rejects(readSecret(empty, { ...NOWHERE, secretFile: '/no/file' }, 'key'), /ENOENT/);
  await assert.rejects(readSecret(empty, { ...NOWHERE, secretEnv: 'UNSET' }, 'key'), /not set/);
});

test('words for a shell are quoted only where they need it', () => {
  assert.equal(shellQuoted('/run/key.txt'), '/run/key.txt');
  assert.equal(shellQuoted('/my keys/a$b'), "'/my keys/a$b'");
});
