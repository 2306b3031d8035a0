/** The guard: no receiver's address leads into the network around this program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import type { SendResult } from '#ports/notifier.ts';
import { rangeOf } from '#notifiers/transport/address-ranges.ts';
import type { WayOutOptions } from '#notifiers/transport/way-out.ts';
import type { LookupAddress } from 'node:dns';
import { answers, ScriptedServer, TEST_CERTIFICATE } from '#test/fakes/scripted-server.ts';
import { tunnel } from '#test/fakes/tunnel.ts';
import { detailOf, notifiersOf, sendingTo } from './notifier-stage.ts';

test('only addresses of the open internet are nobody in particular', () => {
  const open = ['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1'];
  const openToo = ['2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808', '2003::1'];
  for (const address of [...open, ...openToo]) assert.equal(rangeOf(address), null, address);
  const own: Readonly<Record<string, readonly string[]>> = {
    'this machine itself': ['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
    'a private address': ['10.0.0.1', '172.16.0.1', '192.168.1.1', 'fd00::1', '64:ff9b::10.0.0.1'],
    "a provider's shared address": ['100.64.0.1', '100.100.100.200', '::ffff:100.64.0.1'],
    "a link-local or a cloud's own address": [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '168.63.129.16',
      'fe80::1%eth0',
      '64:ff9b::a9fe:a9fe',
    ],
    'a multicast address': ['224.0.0.1', '239.1.1.1', 'ff02::1'],
    'a reserved address': [
      '0.0.0.0',
      '255.255.255.255',
      '192.0.2.1',
      '198.18.0.1',
      '::',
      '::127.0.0.1',
      '64:ff9b:1::1',
      '2001::1',
      '2001:db8::1',
      '2002:7f00:1::',
      'fec0::1',
      'no address',
    ],
  };
  for (const [what, addresses] of Object.entries(own)) {
    for (const address of addresses) assert.equal(rangeOf(address)?.what, what, address);
  }
});

test('an address of this machine is refused however it is written', async () => {
  await using server = await ScriptedServer.start(answers({}));
  const { port } = server;
  const hosts = ['127.0.0.1', 'localhost', 'a.localhost', '2130706433', '0x7f.1', '[::1]', '0'];
  for (const host of [...hosts, '[::ffff:127.0.0.1]', '127.1', '[::]']) {
    const result = await sendTo(`http://${host}:${port}/`, { allow: [] });
    assert.equal(result.outcome, 'config', host);
    assert.match(detailOf(result), /leads to .*nothing is sent there unless/, host);
  }
  assert.equal(server.connections, 0);
});

test('a name is refused by where it leads', async () => {
  await using server = await ScriptedServer.start(answers({}));
  const targets = ['127.0.0.1', '::ffff:127.0.0.1', '10.1.2.3', '169.254.169.254', 'fd00::1'];
  for (const address of targets) {
    const resolve = resolvesTo(address);
    const result = await sendTo(`http://acme.example:${server.port}/`, { allow: [], resolve });
    assert.equal(result.outcome, 'config', address);
    assert.match(detailOf(result), /^acme\.example:\d+ leads to /, address);
    assert.ok(!detailOf(result).includes(address), 'what the name leads to stays with DNS');
  }
  assert.equal(server.connections, 0);
});

test('what is checked is what is connected to: the name is asked for once', async () => {
  await using server = await ScriptedServer.start(answers({}));
  let asked = 0;
  const resolve = () => {
    asked += 1;
    const address = asked === 1 ? '127.0.0.1' : '127.0.0.99';
    return Promise.resolve([{ address, family: 4 }]);
  };
  const options = { allow: ['127.0.0.1'], resolve };
  const result = await sendTo(`http://acme.example:${server.port}/`, options);
  assert.equal(result.outcome, 'delivered');
  assert.equal(asked, 1);
});

test('of a name with several addresses only those that are allowed are tried', async () => {
  await using server = await ScriptedServer.start(answers({}));
  const options = {
    allow: ['127.0.0.1/32'],
    resolve: resolvesTo('10.0.0.1', '169.254.169.254', '127.0.0.1'),
  };
  const result = await sendTo(`http://acme.example:${server.port}/`, options);
  assert.equal(result.outcome, 'delivered');
});

test('a range can be allowed, and all private ones, but link-local ones never at once', async () => {
  await using server = await ScriptedServer.start(answers({}));
  const url = `http://127.0.0.1:${server.port}/`;
  assert.equal((await sendTo(url, { allow: ['127.0.0.0/8'] })).outcome, 'delivered');
  assert.equal((await sendTo(url, { allow: [], allowPrivate: true })).outcome, 'delivered');
  assert.equal((await sendTo(url, { allow: ['10.0.0.0/8', 'fd00::/8'] })).outcome, 'config');
  const metadata = { allow: [], allowPrivate: true, resolve: resolvesTo('169.254.169.254') };
  assert.equal((await sendTo('http://acme.example/', metadata)).outcome, 'config');
});

test('a range that cannot be read stops the start', () => {
  for (const range of ['10.0.0.0/33', 'acme.example', '10.0.0.0/8/8x', '10.0.0.0/', '']) {
    assert.throws(
      () => notifiersOf({ allow: [range] }),
      (error) => error instanceof Problem && /must be written as 10\.20\.0\.0/.test(error.message),
      range,
    );
  }
});

test('a redirect is never followed, wherever it leads', async () => {
  await using inside = await ScriptedServer.start(answers({}));
  for (const status of [301, 302, 303, 307, 308]) {
    const headers = { location: `${inside.url}/admin?secret=1` };
    await using server = await ScriptedServer.start(answers({ status, headers }));
    const result = await sendTo(`${server.url}/`, {});
    assert.equal(result.outcome, 'config');
    assert.match(detailOf(result), /a redirect, and redirects are not followed/);
    assert.ok(!detailOf(result).includes(String(inside.port)));
  }
  assert.equal(inside.connections, 0);
});

test('behind a proxy the proxy resolves names, and private addresses are refused all the same', async () => {
  await using server = await ScriptedServer.start(answers({}), { tls: true });
  await using proxy = await ScriptedServer.start(tunnel(server));
  const options = {
    allow: [],
    proxy: new Secret(proxy.url),
    extraCa: [TEST_CERTIFICATE],
    resolve: () => Promise.reject(new Error('DNS is not asked')),
  };
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '10.0.0.1']) {
    assert.equal((await sendTo(`https://${host}:${server.port}/`, options)).outcome, 'config');
  }
  assert.equal(proxy.connections, 0);
  const result = await sendTo(`https://acme.example:${server.port}/`, options);
  assert.equal(proxy.seen[0]?.target, `acme.example:${server.port}`);
  // The test's certificate is for localhost alone.
  assert.match(detailOf(result), /certificate is not trusted/);
});

test('a host that goes without the proxy is under the guard', async () => {
  await using server = await ScriptedServer.start(answers({}), { tls: true });
  await using proxy = await ScriptedServer.start(tunnel(server));
  const options = {
    allow: [],
    proxy: new Secret(proxy.url),
    noProxy: 'acme.example',
    extraCa: [TEST_CERTIFICATE],
    resolve: resolvesTo('127.0.0.1'),
  };
  const result = await sendTo(`https://acme.example:${server.port}/`, options);
  assert.equal(result.outcome, 'config');
  assert.equal(proxy.connections, 0);
  assert.equal(server.connections, 0);
});

function sendTo(url: string, options: Partial<WayOutOptions>): Promise<SendResult> {
  const target = { kind: 'slack', settings: {}, secrets: { url } } as const;
  return notifiersOf(options).slack.send(sendingTo(target));
}

function resolvesTo(...addresses: readonly string[]) {
  const found: LookupAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }));
  return () => Promise.resolve(found);
}
