import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadClientOptions, loadServerOptions } from '#config/load.ts';
import type { Sources } from '#config/load.ts';
import { Problem } from '#domain/problem.ts';

const HOME = { HOME: '/home/acme' };
const TOKEN = 'token-of-the-administrator';

test('a flag comes before a variable, and a variable before the default', () => {
  const env = { ...HOME, WABA_HEALTH_READ_TIMEOUT: '7s', WABA_HEALTH_CONFIRM_AFTER: '9s' };
  const options = server({ flags: { readTimeout: '3s' }, env });
  assert.equal(options.readTimeout, 3_000);
  assert.equal(options.confirmAfter, 9_000);
  assert.equal(options.shutdownTimeout, 10_000);
});

test('without any option the server has what it needs', () => {
  const options = server({ env: HOME });
  assert.deepEqual(options.listen, { host: '127.0.0.1', port: 8360 });
  assert.equal(options.dataDir, '/home/acme/.local/share/waba-health');
  assert.equal(options.graphUrl, 'https://graph.facebook.com');
  assert.equal(options.dialog360Url, 'https://waba-v2.360dialog.io');
  assert.equal(options.proxy, null);
  assert.deepEqual(options.caFile, []);
});

test('the data directory follows XDG_DATA_HOME, unless that is relative', () => {
  assert.equal(server({ env: { ...HOME, XDG_DATA_HOME: '/data' } }).dataDir, '/data/waba-health');
  assert.equal(
    server({ env: { ...HOME, XDG_DATA_HOME: 'data' } }).dataDir,
    '/home/acme/.local/share/waba-health',
  );
});

test('without a home directory the data directory must be given', () => {
  assert.deepEqual(wrongs({}), [
    '--data-dir is needed here: its default $XDG_DATA_HOME/waba-health cannot be known, because neither it nor HOME is set.',
  ]);
});

test('every wrong option is told at once, each where it was given', () => {
  const flags = { listen: '8360', readTimeout: 'soon', caFile: ['/no/such.pem'] };
  const env = {
    ...HOME,
    WABA_HEALTH_GRAPH_VERSION: '26',
    WABA_HEALTH_LOG_LEVEL: 'loud',
    WABA_HEALTH_LISTN: '127.0.0.1:1',
  };
  assert.deepEqual(wrongs({ flags, env }), [
    '--listen must be host:port such as 127.0.0.1:8360 or [::1]:8360, not "8360".',
    'WABA_HEALTH_GRAPH_VERSION must be a version such as v26.0, not "26".',
    '--ca-file must name a file that can be read: "/no/such.pem" does not exist.',
    '--read-timeout must be a duration from 100ms to 25s, such as 30s or 5m, not "soon".',
    'WABA_HEALTH_LOG_LEVEL must be one of error, warn, info, debug, not "loud".',
    'WABA_HEALTH_LISTN is not an option of waba-health: use WABA_HEALTH_LISTEN.',
  ]);
});

test('one wrong option is the whole sentence', () => {
  assert.throws(() => server({ env: HOME, flags: { readTimeout: '1h' } }), {
    name: 'Problem',
    code: 'cannot_start',
    message: '--read-timeout must be a duration from 100ms to 25s, such as 30s or 5m, not "1h".',
  });
});

test('what Kubernetes sets for a service named waba-health is no wrong option', () => {
  const env = {
    ...HOME,
    WABA_HEALTH_SERVICE_HOST: '10.0.0.9',
    WABA_HEALTH_SERVICE_PORT_HTTP: '8360',
    WABA_HEALTH_PORT: 'tcp://10.0.0.9:8360',
    WABA_HEALTH_PORT_8360_TCP_ADDR: '10.0.0.9',
  };
  assert.equal(server({ env }).listen.port, 8360);
});

test('an empty variable counts as none', () => {
  assert.equal(server({ env: { ...HOME, WABA_HEALTH_READ_TIMEOUT: '' } }).readTimeout, 10_000);
});

test('the proxy of the system is taken, and ours comes before it', () => {
  const env = { ...HOME, HTTPS_PROXY: 'http://theirs:3128' };
  assert.equal(server({ env }).proxy?.reveal(), 'http://theirs:3128');
  const both = { ...env, WABA_HEALTH_PROXY: 'http://ours:3128' };
  assert.equal(server({ env: both }).proxy?.reveal(), 'http://ours:3128');
});

test('a database is an address in a variable, an argument without password, or a file', () => {
  const open = 'postgresql://waba@db.acme.example:5432/health?sslmode=verify-full';
  const secret = 'postgres://waba:hunter2@db.acme.example/health';
  assert.equal(server({ env: HOME }).database, null);
  assert.equal(server({ env: HOME, flags: { database: open } }).database?.reveal(), open);
  const env = { ...HOME, WABA_HEALTH_DATABASE: secret };
  assert.equal(server({ env }).database?.reveal(), secret);
  const readFile = () => new TextEncoder().encode(`${secret}\n`);
  const flags = { databaseFile: '/run/secrets/database' };
  assert.equal(server({ env: HOME, flags, readFile }).databaseFile?.reveal(), secret);
  assert.deepEqual(wrongs({ env, flags, readFile }), [
    'WABA_HEALTH_DATABASE and --database-file are both given: keep one of them.',
  ]);
});

test('a database password is refused as an argument, and no wrong address is repeated', () => {
  for (const url of ['postgresql://waba:hunter2@db/health', 'postgresql://db/health?password=x']) {
    assert.deepEqual(wrongs({ env: HOME, flags: { database: url } }), [
      '--database holds a password: give it as WABA_HEALTH_DATABASE, where only we can read it.',
    ]);
  }
  for (const url of ['mysql://waba:hunter2@db/health', 'postgresql://waba:hunter2@db', 'hunter2']) {
    const [wrong, ...more] = wrongs({ env: { ...HOME, WABA_HEALTH_DATABASE: url } });
    assert.match(wrong ?? '', /^WABA_HEALTH_DATABASE must be an address such as postgresql:/);
    assert.ok(more.length === 0 && !wrong?.includes('hunter2'));
  }
});

test('hosts to ask without the proxy are taken as systems have them', () => {
  const NO_PROXY = 'localhost,127.0.0.1, .svc,10.0.0.0/8,*.acme.example';
  assert.equal(server({ env: { ...HOME, NO_PROXY } }).noProxy, NO_PROXY);
});

test('roles are a list in any order, and an unknown one is refused with the known ones', () => {
  const rolesOf = (roles: string) => server({ flags: { roles }, env: HOME }).roles;
  assert.deepEqual(server({ env: HOME }).roles, ['api', 'watch', 'deliver']);
  assert.deepEqual(rolesOf('watch, api'), ['api', 'watch']);
  assert.deepEqual(rolesOf('watch'), ['watch']);
  assert.deepEqual(wrongs({ flags: { roles: 'api,wach' }, env: HOME }), [
    '--roles knows api, watch, deliver, not "wach" (watch was probably meant).',
  ]);
  assert.equal(wrongs({ flags: { roles: '' }, env: HOME }).length, 1);
});

test('a proxy password is refused as an argument and never repeated', () => {
  const url = 'http://acme:hunter2@proxy:3128';
  assert.deepEqual(wrongs({ env: HOME, flags: { proxy: url } }), [
    '--proxy holds a password: give it as WABA_HEALTH_PROXY, where only we can read it.',
  ]);
  assert.equal(server({ env: { ...HOME, WABA_HEALTH_PROXY: url } }).proxy?.reveal(), url);
});

test('an address with a password, a query or another protocol is no base address', () => {
  for (const url of ['ftp://meta', 'https://a:b@meta', 'https://meta/?x=1', 'meta', 'https://m#']) {
    assert.equal(wrongs({ env: HOME, flags: { graphUrl: url } }).length, 1, url);
  }
  assert.equal(
    server({ env: HOME, flags: { graphUrl: 'http://[::1]:80/a/' } }).graphUrl,
    'http://[::1]/a',
  );
});

test('addresses to listen on are told apart from everything else', () => {
  assert.deepEqual(listenOf('[::]:0'), { host: '::', port: 0 });
  assert.deepEqual(listenOf('localhost:65535'), { host: 'localhost', port: 65_535 });
  for (const text of ['127.0.0.1', ':8360', '::1:80', 'host:65536', 'http://host:80', 'a b:1']) {
    assert.equal(wrongs({ env: HOME, flags: { listen: text } }).length, 1, text);
  }
});

test('a secret file gives its secret without the line end, and is never quoted', () => {
  const readFile = filesOf({ '/run/token': `${TOKEN}\n`, '/run/short': 'short' });
  const given = server({ env: HOME, flags: { adminTokenFile: '/run/token' }, readFile });
  assert.equal(given.adminTokenFile?.reveal(), TOKEN);
  const [wrong] = wrongs({ env: HOME, flags: { adminTokenFile: '/run/short' }, readFile });
  assert.equal(
    wrong,
    '--admin-token-file must name a file that holds one secret of at least 16 letters, digits and signs, without spaces: "/run/short".',
  );
});

test('a wrong secret in a variable is not repeated', () => {
  const env = { ...HOME, WABA_HEALTH_ADMIN_TOKEN: 'hunter2 hunter2 hunter2' };
  assert.doesNotMatch(wrongs({ env }).join(), /hunter2/);
});

test('the administrator token is given once', () => {
  const readFile = filesOf({ '/run/token': TOKEN });
  const env = { ...HOME, WABA_HEALTH_ADMIN_TOKEN: TOKEN };
  assert.deepEqual(wrongs({ env, flags: { adminTokenFile: '/run/token' }, readFile }), [
    'WABA_HEALTH_ADMIN_TOKEN and --admin-token-file are both given: keep one of them.',
  ]);
});

test('a seal key is 32 bytes as hex or as base64', () => {
  const hex = '00ff'.repeat(16);
  const base64 = Buffer.from(hex, 'hex').toString('base64');
  const readFile = filesOf({ '/hex': `${hex}\n`, '/base64': base64, '/short': '00ff' });
  const key = (file: string) => server({ env: HOME, flags: { sealKeyFile: file }, readFile });
  assert.equal(Buffer.from(key('/hex').sealKeyFile ?? []).toString('hex'), hex);
  assert.equal(Buffer.from(key('/base64').sealKeyFile ?? []).toString('hex'), hex);
  assert.equal(wrongs({ env: HOME, flags: { sealKeyFile: '/short' }, readFile }).length, 1);
});

test('certificates come from several files, in a variable with commas', () => {
  const pem = '-----BEGIN CERTIFICATE-----\n';
  const readFile = filesOf({ '/a.pem': pem, '/b.pem': pem, '/c.pem': 'nothing' });
  const env = { ...HOME, WABA_HEALTH_CA_FILE: '/a.pem,/b.pem' };
  assert.deepEqual(
    server({ env, readFile }).caFile.map((file) => file.path),
    ['/a.pem', '/b.pem'],
  );
  assert.equal(wrongs({ env: HOME, flags: { caFile: '/c.pem' }, readFile }).length, 1);
});

test('a client reads its own options and leaves those of the server alone', () => {
  const env = { ...HOME, WABA_HEALTH_SERVER: 'https://acme.example/health/' };
  const options = loadClientOptions({ flags: {}, env, readFile: filesOf({}) });
  assert.equal(options.server, 'https://acme.example/health');
  assert.equal(options.tokenFile, null);
  const wrongForServer = { ...env, WABA_HEALTH_LISTEN: 'nonsense' };
  assert.doesNotThrow(() =>
    loadClientOptions({ flags: {}, env: wrongForServer, readFile: filesOf({}) }),
  );
});

test('a wrong text is shown without its control characters and cut short', () => {
  const [wrong] = wrongs({ env: HOME, flags: { logLevel: `\u001b[31m${'x'.repeat(200)}` } });
  assert.match(wrong ?? '', /not "\?\[31mx{70,}…"\.$/);
});

function server(sources: Partial<Sources>) {
  return loadServerOptions({ flags: {}, env: {}, readFile: filesOf({}), ...sources });
}

function listenOf(text: string) {
  return server({ env: HOME, flags: { listen: text } }).listen;
}

function wrongs(sources: Partial<Sources>): readonly string[] {
  try {
    server(sources);
  } catch (error) {
    assert.ok(error instanceof Problem);
    return error.items.map((item) => item.message);
  }
  return [];
}

function filesOf(files: Readonly<Record<string, string>>): Sources['readFile'] {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return new TextEncoder().encode(text);
  };
}

test('history is kept for a number of days, and a wrong one is refused with those that are right', () => {
  assert.equal(server({ env: HOME, flags: {} }).historyDays, 400 * 86_400_000);
  assert.equal(server({ env: HOME, flags: { historyDays: '30' } }).historyDays, 30 * 86_400_000);
  for (const historyDays of ['0', '3651', '1.5', '30d', '-1']) {
    assert.throws(() => server({ env: HOME, flags: { historyDays } }), /from 1 to 3650/);
  }
});
