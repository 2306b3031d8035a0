import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Ended } from './child.ts';
import { ACME, UMBRELLA, startWorld } from './world.ts';
import type { HttpAnswer, World } from './world.ts';

const APP_SECRET = ACME.appSecret;
const WRONG = 'wrong-secret-canary7-0123456789abcdef';
const NEXT_KEY = 'next-key-canary8-0123456789abcdef';
const PROXY_PASSWORD = 'proxy-password-canary10';

test('no secret is in any output, answer, log or byte of the data directory', async () => {
  await using world = await startWorld({ args: ['--read-timeout', '2s'] });
  const seen = new Seen(world);
  const issued = await everything(world, seen);
  await world.stopServer('SIGKILL');
  const secrets: Record<string, string> = {
    'Graph token': ACME.token,
    'adopted key': ACME.support.key,
    'key of another number': ACME.sales.key,
    'key of a stranger': UMBRELLA.key,
    'app secret': APP_SECRET,
    'refused secret': WRONG,
    'rotated key': NEXT_KEY,
    'issued key': issued,
    'administrator token': world.adminToken(),
    'seal key': readFileSync(join(world.dataDir, 'seal.key'), 'utf8').trim(),
    'proxy password': PROXY_PASSWORD,
  };
  for (const [name, secret] of Object.entries(secrets)) {
    assert.ok(secret.length >= 16, `${name} is long enough to be looked for`);
    assert.deepEqual(seen.placesOf(secret), [], `${name} is nowhere`);
  }
  // The search itself sees: what is allowed to be stored is found by it.
  assert.notDeepEqual(seen.placesOf('acme-graph'), []);
});

/** Does whatever can be done with a secret, well and badly; gives the key that was issued. */
async function everything(world: World, seen: Seen): Promise<string> {
  const cli = async (args: readonly string[], input = '', env = {}) =>
    seen.ended(args.join(' '), await world.cli(args, { input, env }));
  const secretEnv = { SECRET: APP_SECRET };
  await cli(
    ['apps', 'add', 'acme', '--meta-app-id', '900000000000001', '--secret-env', 'SECRET'],
    '',
    secretEnv,
  );
  await cli(['credentials', 'add', 'acme-graph', '--graph', '--app', 'acme'], ACME.token);
  await cli([
    'channels',
    'add',
    'orders',
    '--graph',
    '--node',
    ACME.orders.id,
    '--credential',
    'acme-graph',
    '--no-key',
  ]);
  await cli(['channels', 'add', 'support', '--dialog360'], ACME.support.key);
  await cli(['channels', 'add', 'wrong', '--dialog360'], WRONG);
  await cli(['channels', 'add', 'wrong', '--dialog360', '--key', WRONG]);
  await cli(['channels', 'add', 'wrong', '--dialog360', WRONG]);
  await cli(['credentials', 'rotate', 'support'], ACME.sales.key);
  await cli(['credentials', 'rotate', 'support', '--json'], WRONG);
  await world.act({ do: 'replace', key: ACME.support.key, with: NEXT_KEY });
  await cli(['credentials', 'rotate', 'support'], NEXT_KEY);
  await cli(['serve', '--proxy', `http://acme:${PROXY_PASSWORD}@127.0.0.1:1`]);
  await cli(['serve', '--listen', 'x'], '', {
    WABA_HEALTH_ADMIN_TOKEN: WRONG,
    WABA_HEALTH_PROXY: `ftp://a:${PROXY_PASSWORD}@b`,
  });
  await failures(world, cli);
  return requests(world, seen);
}

/** Asks for everything that can be read, and badly; gives the key that was issued. */
async function requests(world: World, seen: Seen): Promise<string> {
  for (const path of [
    '/channels',
    '/channels/support',
    '/channels/support/health',
    '/channels/support/keys',
    '/credentials',
    '/apps',
    '/instance',
  ]) {
    seen.answer(path, await world.api('GET', path));
  }
  for (const path of [
    '/livez',
    '/readyz?verbose',
    '/openapi.json',
    '/metrics',
    '/docs',
    '/nowhere',
  ]) {
    seen.answer(path, await world.get(path));
  }
  seen.answer(
    'wrong body',
    await world.api('PUT', '/credentials/x', { upstream: 'graph', secret: `${WRONG} ${WRONG}` }),
  );
  seen.answer(
    'wrong field',
    await world.api('PUT', '/credentials/x', { upstream: 'graph', secrets: WRONG }),
  );
  for (const key of [WRONG, NEXT_KEY, ACME.support.key])
    seen.answer('health', await world.health(key));
  // The one answer that shows a key is the one that issues it.
  const { body } = await world.api('POST', '/channels/support/keys', {});
  const issued: { text: string } = JSON.parse(body);
  seen.answer('health', await world.health(issued.text));
  return issued.text;
}

/** Errors of the upstreams that repeat the secret they were asked with. */
async function failures(
  world: World,
  cli: (args: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const fault of [
    { kind: 'graph_error', code: 190, message: 'The access token {token} is bad' },
    { kind: 'graph_error', code: 100, message: 'Bearer {token} of {key}' },
    { kind: 'status', status: 500 },
    { kind: 'html' },
    { kind: 'reset' },
  ]) {
    await world.act({ do: 'fault', ...fault });
    await cli(['check', 'orders']);
    await cli(['check', 'support', '--json']);
    await cli(['check', ACME.sales.id, '--credential', 'acme-graph']);
    await world.act({ do: 'clear' });
  }
}

/** Everything that anybody could read, by where it was. */
class Seen {
  readonly #texts: { readonly where: string; readonly bytes: Buffer }[] = [];
  readonly #world: World;
  readonly #server: ReturnType<World['server']>;

  constructor(world: World) {
    this.#world = world;
    this.#server = world.server();
  }

  ended(where: string, { stdout, stderr }: Ended): void {
    // A command line with a secret in it is the tester's own.
    this.#texts.push({
      where: where.replaceAll(/\S*canary\S*/g, '…'),
      bytes: Buffer.from(stdout + stderr),
    });
  }

  answer(where: string, { headers, body }: HttpAnswer): void {
    this.#texts.push({ where, bytes: Buffer.from(JSON.stringify(headers) + body) });
  }

  /** Where this secret stands, as it is or encoded. */
  placesOf(secret: string): readonly string[] {
    const bytes = Buffer.from(secret);
    const forms = [
      bytes,
      Buffer.from(bytes.toString('hex')),
      Buffer.from(bytes.toString('base64').replace(/=+$/, '').slice(0, -1)),
      Buffer.from(encodeURIComponent(secret)),
    ];
    const log = {
      where: 'server output',
      bytes: Buffer.from(this.#server.stdout() + this.#server.stderr()),
    };
    return [...this.#texts, log, ...this.#files()]
      .filter((text) => forms.some((form) => text.bytes.includes(form)))
      .map((text) => text.where);
  }

  /** The files of the data directory, but for the two that exist to hold a secret. */
  #files() {
    const { dataDir } = this.#world;
    return readdirSync(dataDir)
      .filter((name) => name !== 'admin.token' && name !== 'seal.key')
      .map((name) => ({ where: name, bytes: readFileSync(join(dataDir, name)) }));
  }
}
