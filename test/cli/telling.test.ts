/** Receivers, rules and silences as commands, against a server. */
import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '#cli/program.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { createFakeTerminal } from '#test/fakes/terminal.ts';
import { startWorld, TOKEN } from '#test/http/management-world.ts';
import type { World } from '#test/http/management-world.ts';

const URL = 'https://hooks.slack.example/canary-0001';

test('a receiver with one secret takes it from standard input', async () => {
  await using world = await startWorld();
  const args = ['put', 'ops', '--kind', 'slack', '--urgency', 'page', '--zone', 'Europe/Berlin'];
  const { out, code } = await run(world, `${URL}\n`, 'receivers', ...args);
  assert.equal(code, 0);
  assert.equal(out, 'Receiver ops was added (…0001).\nTry it: waba-health receivers test ops\n');
  const { out: list } = await run(world, '', 'receivers', 'list');
  assert.match(list, /^ops +slack +page +…0001 +works$/m);
  const { out: shown } = await run(world, '', 'receivers', 'show', 'ops');
  assert.match(shown, /Time zone +Europe\/Berlin/);
  assert.doesNotMatch(list + shown, /canary/);
});

test('a receiver with several secrets takes them as JSON, or each from a file of its own', async () => {
  await using world = await startWorld();
  using directory = temporaryDirectory();
  const user = join(directory.path, 'user');
  writeFileSync(user, 'canary-user\n');
  const mail = ['receivers', 'put', 'mail', '--kind', 'email', '--set', 'host=smtp.acme.example'];
  const json = '{"user": "canary-user", "password": "canary-password"}';
  const whole = [...mail, '--set', 'to=ops@acme.example', '--secret-file', '-'];
  assert.equal((await run(world, json, ...whole)).code, 0);
  const each = [...mail, '--set', 'to=ops@acme.example', '--secret-file', `user=${user}`];
  assert.match((await run(world, '', ...each)).out, /^Receiver mail was replaced/);
  const { body } = await world.api('GET', '/receivers/mail');
  const secrets = await world.store.read((view) => view.receivers.secretsOf(body.id));
  assert.deepEqual(secrets, { user: 'canary-user' });
  const kept = [...mail, '--set', 'to=others@acme.example', '--keep-secrets'];
  assert.equal((await run(world, '', ...kept)).code, 0);
  assert.deepEqual(await world.store.read((view) => view.receivers.secretsOf(body.id)), {
    user: 'canary-user',
  });
});

test('a secret that is not needed is taken where a file is standard input', async () => {
  await using world = await startWorld();
  using directory = temporaryDirectory();
  const file = join(directory.path, 'password');
  writeFileSync(file, 'canary-password');
  const args = ['receivers', 'put', 'am', '--kind', 'alertmanager', '--set', 'urls=http://am:9093'];
  const fd = openSync(file, 'r');
  try {
    const terminal = terminalOf(world, 'Bearer canary-token\n');
    const redirected = { ...terminal, input: { ...terminal.input, fd } };
    assert.equal(await runProgram([...args, '--server', world.url], redirected), 0);
  } finally {
    closeSync(fd);
  }
  const { body } = await world.api('GET', '/receivers/am');
  const secrets = await world.store.read((view) => view.receivers.secretsOf(body.id));
  assert.deepEqual(secrets, { authorization: 'Bearer canary-token' });
  const none = await run(world, 'what nobody reads', ...args);
  assert.equal(none.code, 0);
  assert.deepEqual(await world.store.read((view) => view.receivers.secretsOf(body.id)), {});
});

test('what signs is made, and shown once, as is a new one', async () => {
  await using world = await startWorld();
  const put = ['receivers', 'put', 'crm', '--kind', 'webhook', '--set', 'url=https://acme.example'];
  assert.match((await run(world, '', ...put)).out, /shown this once: whsec_/);
  assert.doesNotMatch((await run(world, '', ...put)).out, /whsec_/);
  const { out } = await run(world, '', 'receivers', 'rotate', 'crm', '--generate');
  assert.match(
    out,
    /^The signing_secret of crm was replaced\.\nThe new one, shown this once: whsec_/,
  );
  assert.match(out, /signed with the old one too until 2026-03-02 00:00 UTC\.$/m);
});

test('a secret is never taken as an argument, nor repeated', async () => {
  await using world = await startWorld();
  const lines: [string, string[], RegExp][] = [
    ['', ['put', 'ops', '--kind', 'slack', '--set', `url=${URL}`], /url is a secret of slack/],
    [
      '',
      ['put', 'ops', '--kind', 'slack', '--secret', URL],
      /A secret is not taken as an argument/,
    ],
    ['canary {', ['put', 'm', '--kind', 'email', '--secret-file', '-'], /has several secrets/],
    ['{"canary": ', ['put', 'm', '--kind', 'email', '--secret-file', '-'], /must be a JSON object/],
    ['{"canary": "x"}', ['put', 'm', '--kind', 'email', '--secret-file', '-'], /its names among/],
    ['', ['put', 'm', '--kind', 'email', '--secret-file', 'pasword=x'], /Did you mean password\?/],
    ['', ['rotate', 'ops', '--generate', '--secret-file', 'x'], /--generate makes the secret/],
    ['', ['put', 'ops', '--kind', 'slack'], /The url of slack is empty/],
  ];
  for (const [input, args, sentence] of lines) {
    const { code, err } = await run(world, input, 'receivers', ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, sentence);
    assert.doesNotMatch(err, /canary/);
  }
});

test('words that are wrong are told with those that were meant', async () => {
  await using world = await startWorld();
  const put = ['receivers', 'put', 'mail', '--kind'];
  const lines: [string[], RegExp][] = [
    [['receivers', 'put', 'mail'], /--kind <kind> is needed: one of webhook/],
    [[...put, 'slak'], /--kind must be one of .* Did you mean slack\?/],
    [[...put, 'slack', '--urgency', 'loud'], /--urgency must be page or notify/],
    [[...put, 'email', '--set', 'host'], /--set must be <name>=<value>/],
    [[...put, 'email', '--set', 'hots=x'], /it has the settings host, to\. Did you mean host\?/],
    [['rules', 'put', 'gold'], /--to <receiver> is needed/],
    [
      ['rules', 'put', 'gold', '--to', 'ops', '--remind-after', '1s'],
      /--remind-after must be a duration of at least 5m, such as 4h, or never/,
    ],
    [['rules', 'try', '1', '--name', 'gold'], /--name needs a rule to try/],
    [['rules', 'put', 'gold', '--to', 'ops', '--match', 'colour=red'], /knows no "colour"/],
    [['silences', 'add', '--for', '2h'], /--reason <text> is needed/],
    [['silences', 'add', '--reason', 'x'], /either --for <duration> or --until <when>/],
    [
      ['silences', 'add', '--reason', 'x', '--until', 'soon'],
      /--until must be a time in UTC .* from now: 2h/,
    ],
    [['silences', 'end', 'it'], /Give the id of the silence/],
    [['deliveries', 'list', '--state', 'lost'], /--state must be one of pending/],
    [['deliveries', 'replay', 'it'], /Give the id of the delivery/],
    [['incidents', 'list', '--cause', 'entty'], /--cause must be one of .* Did you mean entity\?/],
    [['incidents', 'list', '--state', 'closed'], /--state must be one of open, resolved, any/],
  ];
  for (const [args, sentence] of lines) {
    const { code, err } = await run(world, '', ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, sentence);
  }
});

test('a rule is put, listed, shown and removed', async () => {
  await using world = await startWorld();
  assert.match(
    (await run(world, '', 'rules', 'list')).out,
    /every receiver hears by the default rule/,
  );
  await run(world, URL, 'receivers', 'put', 'ops', '--kind', 'slack');
  const match = ['--match', 'severity=critical', '--match', 'label:tier=gold'];
  const put = ['put', 'gold', '--to', 'ops', ...match, '--group', '5m', '--remind-every', 'never'];
  const { out } = await run(world, '', 'rules', ...put);
  assert.match(out, /^Rule gold was added\.$/m);
  assert.match(out, /Matches +severity=critical label:tier=gold/);
  assert.match(out, /Groups +what happens within 5m\n +Reminds +after 4h$/m);
  assert.match(
    (await run(world, '', 'rules', 'list')).out,
    /^gold +ops +in use +severity=critical/m,
  );
  assert.match((await run(world, '', 'rules', 'show', 'gold')).out, /Tells +ops/);
  assert.equal((await run(world, '', 'rules', 'remove', 'gold')).out, 'Rule gold was removed.\n');
});

test('a silence is added by whoever is logged in, listed and ended', async () => {
  await using world = await startWorld();
  const add = ['add', '--match', 'code=141006', '--for', '2h', '--reason', 'they know'];
  const nobody = await run(world, '', 'silences', ...add);
  assert.match(nobody.err, /--by <name> is needed/);
  const { out } = await run(world, '', 'silences', ...add, '--by', 'Ann');
  const until = 'from 2026-03-01 00:00 UTC to 2026-03-01 02:00 UTC';
  assert.ok(out.startsWith(`Nobody is told of code=141006 ${until}.`), out);
  const id = /sil_\w+/.exec(out)?.[0] ?? '';
  const { out: list } = await run(world, '', 'silences', 'list', '--in-force');
  assert.match(list, /in force .* Ann +code=141006 +they know$/m);
  assert.match((await run(world, '', 'silences', 'end', id)).out, /has ended/);
  const { out: none } = await run(world, '', 'silences', 'list', '--in-force');
  assert.equal(none, 'No silence is in force.\n');
});

async function run(world: World, input: string, ...args: readonly string[]) {
  const terminal = terminalOf(world, input);
  const code = await runProgram([...args, '--server', world.url], terminal);
  return { code, ...terminal.written };
}

function terminalOf(world: World, input: string) {
  const env = { HOME: '/nowhere', WABA_HEALTH_ADMIN_TOKEN: TOKEN };
  return createFakeTerminal({ env, input, now: () => world.clock.now() });
}
