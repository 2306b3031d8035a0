import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '#cli/program.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';

test('a wrong command names the one that was meant', async () => {
  assert.deepEqual(await run('chanels', 'list'), {
    exitCode: 2,
    err: 'waba-health: "chanels" is not a command. Did you mean channels?\n',
  });
});

test('a wrong option names the one that was meant', async () => {
  assert.deepEqual(await run('channels', 'list', '--lable', 'a=b'), {
    exitCode: 2,
    err: 'waba-health: "--lable" is not an option of this command. Did you mean --label?\n',
  });
});

test('a wrong command line of a check is UNKNOWN to a monitoring system', async () => {
  assert.equal((await run('check')).exitCode, 3);
  assert.equal((await run('check', 'support', '--wait', 'forever')).exitCode, 3);
  assert.equal((await run('check', 'support', '--nonsense')).exitCode, 3);
});

test('a secret on the command line is refused and never repeated', async () => {
  const secret = 'canary-secret-0123456789';
  const lines = [
    ['channels', 'add', 'support', '--dialog360', '--key', secret],
    ['channels', 'add', 'support', '--dialog360', `--token=${secret}`],
    ['channels', 'add', 'support', '--dialog360', `--api-key=${secret}`],
    ['credentials', 'rotate', 'support', secret],
    ['serve', '--admin-token', secret],
    ['keys', 'revoke', secret],
    [secret],
  ];
  for (const line of lines) {
    const { exitCode, err } = await run(...line);
    assert.equal(exitCode, 2, line.join(' '));
    assert.doesNotMatch(err, /canary/, line.join(' '));
  }
  assert.match((await run(...(lines[0] ?? []))).err, /give it on standard input/);
  assert.match((await run(...(lines[1] ?? []))).err, /give it on standard input/);
});

test('what is missing or contradictory is said before a server is looked for', async () => {
  const sentences: [string[], RegExp][] = [
    [['channels', 'add', 'support'], /either --dialog360 or --graph/],
    [['channels', 'add', 'support', '--graph', '--dialog360'], /either --dialog360 or --graph/],
    [['channels', 'add', 'support', '--graph'], /--node <id> is needed/],
    [['channels', 'add', 'support', '--dialog360', '--node', '1'], /--node is only for --graph/],
    [['channels', 'add', 'x', '--dialog360', '--app', 'a'], /--app is only for --graph/],
    [['channels', 'add', 'x', '--dialog360', '--label', 'team'], /--label must be <name>=<value>/],
    [['channels', 'add', 'x', '--dialog360', '--interval', '1s'], /--interval must be a duration/],
    [['channels', 'add', 'x', '--dialog360', '--billed-by', 'us'], /--billed-by must be one of/],
    [['channels', 'add'], /The argument <name> is missing/],
    [['apps', 'add', 'x'], /--meta-app-id <id> is needed/],
    [['keys', 'add', 'x', '--adopt', '--expires', '1d'], /--expires is for a new key/],
    [['check', 'x', '--timeout', '5m'], /--timeout and --every need --wait/],
    [['check', 'support', '--credential', 'acme'], /digits only/],
    [['channels', 'list', '--credential'], /"--credential <ref>" needs a value/],
    [['channels', 'list', 'support'], /more arguments than this command takes/],
  ];
  for (const [line, sentence] of sentences) assert.match((await run(...line)).err, sentence);
});

test('a command without a server says how to start one', async () => {
  const { exitCode, err } = await run('channels', 'list', '--data-dir', '/no/such/directory');
  assert.equal(exitCode, 1);
  assert.match(err, /No server runs on \/no\/such\/directory: start it with "waba-health serve"/);
});

test('a remote server without a token is not asked with the token of this machine', async () => {
  const { exitCode, err } = await run('channels', 'list', '--server', 'https://acme.example');
  assert.equal(exitCode, 1);
  assert.match(err, /The token for https:\/\/acme\.example is missing/);
});

test('an error is JSON for whoever asked for JSON', async () => {
  const { err } = await run('channels', 'list', '--json', '--data-dir', '/no/such/directory');
  const said: unknown = JSON.parse(err);
  assert.partialDeepStrictEqual(said, { problem: { code: 'not_found', items: [] } });
});

test('every wrong option of a start is told at once', async () => {
  const terminal = createFakeTerminal({ env: { HOME: '/h', WABA_HEALTH_LISTN: 'x' } });
  const exitCode = await runProgram(['serve', '--listen', 'x', '--log-level', 'y'], terminal);
  assert.equal(exitCode, 1);
  assert.deepEqual(terminal.written.err.split('\n'), [
    'waba-health: 3 options are wrong.',
    '  --listen must be host:port such as 127.0.0.1:8360 or [::1]:8360, not "x".',
    '  --log-level must be one of error, warn, info, debug, not "y".',
    '  WABA_HEALTH_LISTN is not an option of waba-health: use WABA_HEALTH_LISTEN.',
    '',
  ]);
});

test('the help of a listing says that a status is the one that was told last', async () => {
  const terminal = createFakeTerminal();
  assert.equal(await runProgram(['channels', 'list', '--help'], terminal), 0);
  const text = terminal.written.out.replaceAll(/\s+/g, ' ');
  assert.match(text, /whose last change told this status: .* outdated by now .* shows UNKNOWN\./);
});

test('help and version are no errors', async () => {
  const terminal = createFakeTerminal();
  assert.equal(await runProgram(['--help'], terminal), 0);
  assert.match(terminal.written.out, /channels add support --dialog360 < key/);
  assert.equal(await runProgram(['serve', '--help'], terminal), 0);
  assert.match(terminal.written.out, /--no-proxy <hosts>/);
  assert.equal(await runProgram(['--version'], terminal), 0);
  assert.equal(terminal.written.err, '');
});

async function run(...args: string[]) {
  const terminal = createFakeTerminal({ env: { HOME: '/no/such/home' } });
  const exitCode = await runProgram(args, terminal);
  return { exitCode, err: terminal.written.err };
}
