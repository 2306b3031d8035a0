/** Proxy, certificates and TLS: how the transport finds its way out. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import type { TransportOptions } from '#upstreams/transport/transport.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import {
  ScriptedServer,
  TEST_CERTIFICATE,
  answersJson,
  silence,
} from '#test/fakes/scripted-server.ts';
import { tunnel } from '#test/fakes/tunnel.ts';

const GOOD = answersJson({ hello: 'Acme' });

test('a self-made certificate is refused, and the sentence names the remedy', async () => {
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  const reply = await get(server, {});
  assert.ok(!reply.ok);
  assert.equal(reply.failure.code, 'unreachable');
  assert.match(reply.failure.detail, /certificate is not trusted.* needs its CA file given/);
});

test('a self-made certificate that is given as a further one is trusted', async () => {
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  const reply = await get(server, { extraCa: [TEST_CERTIFICATE] });
  assert.ok(reply.ok);
  assert.equal(reply.status, 200);
});

test('a file that holds no certificate stops the start', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n';
  for (const text of [broken, 'none', TEST_CERTIFICATE + broken]) {
    refusesToStart({ extraCa: [text] }, /must hold certificates as PEM/);
  }
});

const extraCa = [TEST_CERTIFICATE];
// What stands in the environment must not matter: the options decide. Each test file is a process of
// its own, so nobody else sees this.
Object.assign(process.env, { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' });
delete process.env['https_proxy'];
delete process.env['http_proxy'];

test('without the option there is no proxy, whatever the environment says', async () => {
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  assert.ok((await get(server, { extraCa })).ok);
});

test('an https origin is asked through a tunnel of the proxy', async () => {
  process.env['NO_PROXY'] = '*';
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  await using proxy = await ScriptedServer.start(tunnel(server));
  const reply = await get(server, { extraCa, proxy: new Secret(proxy.url) });
  assert.ok(reply.ok);
  const [seen] = proxy.seen;
  assert.equal(seen?.method, 'CONNECT');
  assert.equal(seen?.target, `127.0.0.1:${server.port}`);
  assert.ok(!JSON.stringify(proxy.seen).includes('acme-token'), 'the proxy sees no secret');
});

test('user and password of the proxy go to the proxy alone', async () => {
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  await using proxy = await ScriptedServer.start(tunnel(server));
  const address = proxy.url.replace('http://', 'http://acme:pass@');
  await get(server, { extraCa, proxy: new Secret(address) });
  const basic = `Basic ${Buffer.from('acme:pass').toString('base64')}`;
  assert.equal(proxy.seen[0]?.headers['proxy-authorization'], basic);
  assert.equal(server.seen[0]?.headers['proxy-authorization'], undefined);
});

test('a host that is exempt is asked without the proxy', async () => {
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  await using proxy = await ScriptedServer.start(silence);
  for (const noProxy of ['127.0.0.1', 'acme.example, 127.0.0.1', '*']) {
    const reply = await get(server, { extraCa, noProxy, proxy: new Secret(proxy.url) });
    assert.ok(reply.ok, noProxy);
  }
  assert.equal(proxy.connections, 0);
});

test('a plain http origin is asked without the proxy', async () => {
  await using server = await ScriptedServer.start(GOOD);
  await using proxy = await ScriptedServer.start(silence);
  assert.ok((await get(server, { proxy: new Secret(proxy.url) })).ok);
  assert.equal(proxy.connections, 0);
});

test('a proxy that refuses is named, without its password', async () => {
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  await using proxy = await ScriptedServer.start((socket) => {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
  });
  const address = proxy.url.replace('http://', 'http://acme:wrong-password@');
  const reply = await get(server, { extraCa, proxy: new Secret(address) });
  assert.ok(!reply.ok);
  assert.equal(reply.failure.code, 'unreachable');
  assert.match(reply.failure.detail, /a proxy is set: 127\.0\.0\.1:\d+.*the proxy answered 407/);
  assert.ok(!reply.failure.detail.includes('wrong-password'));
});

test('a proxy that closes the connection or is not there is unreachable', async () => {
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  const proxy = await ScriptedServer.start((socket) => void socket.destroy());
  const options = { extraCa, proxy: new Secret(proxy.url) };
  const closed = await get(server, options);
  assert.equal(!closed.ok && closed.failure.code, 'unreachable');
  await proxy[Symbol.asyncDispose]();
  const gone = await get(server, options);
  assert.ok(!gone.ok);
  assert.equal(gone.failure.code, 'unreachable');
  assert.match(gone.failure.detail, /ECONNREFUSED/);
});

test('a proxy that never answers costs no more than the deadline', async () => {
  await using server = await ScriptedServer.start(GOOD, { tls: true });
  await using proxy = await ScriptedServer.start(silence);
  const clock = createFakeClock();
  const reading = get(server, { extraCa, clock, proxy: new Secret(proxy.url) });
  await proxy.requests(1);
  await clock.advance(1_000);
  const reply = await reading;
  assert.equal(!reply.ok && reply.failure.code, 'timeout');
});

test('an address that is none stops the start, and is not told', () => {
  for (const proxy of ['socks5://acme:pass@proxy:1080', 'proxy', '::']) {
    refusesToStart({ proxy: new Secret(proxy) }, /^The proxy must be .* http:\/\/proxy\.example/);
  }
});

async function get(server: ScriptedServer, options: Partial<TransportOptions>) {
  const transport = createTransport({ clock: createFakeClock(), ...options });
  const outlet = transport.open(new URL(server.url));
  const headers = ['authorization', 'Bearer acme-token'];
  try {
    return await outlet.ask({ path: '/', headers, timeoutMs: 1_000 });
  } finally {
    await outlet.close();
  }
}

function refusesToStart(options: Partial<TransportOptions>, sentence: RegExp): void {
  assert.throws(
    () => createTransport({ clock: createFakeClock(), ...options }),
    (error) =>
      error instanceof Problem && error.code === 'cannot_start' && sentence.test(error.message),
  );
}
