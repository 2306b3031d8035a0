import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import test from 'node:test';
import { failedAnswer } from '#test/fakes/upstream.ts';
import { ISSUED_KEY, later, numbered } from '#test/monitor/monitor-world.ts';
import { openPublicWorld, until } from './public-world.ts';

/** Each area of the Messaging API beside the health status (docs/dialog360.md §3). */
const MESSAGING_API = [
  ['POST', '/messages'],
  ['POST', '/messages/'],
  ['POST', '/marketing_messages'],
  ['GET', '/marketing/dataset_quality'],
  ['GET', '/v1/configs/webhook'],
  ['POST', '/v1/configs/webhook/'],
  ['POST', '/v1/messages'],
  ['DELETE', '/v1/configs/templates/welcome'],
  ['POST', '/waba_webhook'],
  ['PATCH', '/multi_webhook'],
  ['GET', '/message_templates?limit=1'],
  ['POST', '/message_templates/archive'],
  ['GET', '/message_template_library'],
  ['POST', '/media'],
  ['GET', '/1234567890123456'],
  ['GET', '/1234567890123456/'],
  ['GET', '/whatsapp_business/attachments/?mid=1&ext=2'],
  ['POST', '/uploads?file_length=1'],
  ['POST', '/upload:MTphdHRhY2htZW50'],
  ['GET', '/whatsapp_business_profile'],
  ['POST', '/block_users'],
  ['GET', '/groups/1/invite_link'],
  ['POST', '/calling/calls'],
  ['GET', '/flows'],
] as const;

test('the rest of the Messaging API is told apart and where it belongs', async () => {
  await using world = await openPublicWorld();
  for (const [method, path] of MESSAGING_API) {
    const { status, says, headers } = await world.ask({ method, path });
    assert.equal(status, 404, path);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(
      says,
      `Of the Messaging API, waba-health answers GET /health_status only. Send ${method} ` +
        `${path.split('?')[0]} to https://waba-v2.360dialog.io as before, with your 360dialog key.`,
    );
  }
});

test('a body of any type and size does not hide where a request belongs', async () => {
  await using world = await openPublicWorld();
  for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain', '???']) {
    const headers = { 'content-type': type };
    const body = '{'.repeat(300_000);
    const { status, says } = await world.ask({ method: 'POST', path: '/media', headers, body });
    assert.equal(status, 404, type);
    assert.match(says ?? '', /Send POST \/media to/);
  }
});

test('almost the right path is told how to write it', async () => {
  await using world = await openPublicWorld();
  for (const path of [
    '/health_status/',
    '/Health_Status',
    '//health_status',
    '/v1/health_status',
  ]) {
    const { status, says } = await world.ask({ path });
    assert.equal(status, 404);
    assert.equal(says, `Nothing is at ${path}: write /health_status, exactly so.`);
  }
});

test('any other path is told what is answered here, and repeats nothing harmful', async () => {
  await using world = await openPublicWorld();
  const { status, says } = await world.ask({ path: '/<script>alert(1)</script>?secret=1' });
  assert.equal(status, 404);
  assert.equal(
    says,
    'Nothing is at /?script?alert?1??/script?. waba-health answers GET /health_status; its own ' +
      'API is below /api/v1 and described in /openapi.json.',
  );
});

test('another method of the health status is a 405 that names those that do', async () => {
  await using world = await openPublicWorld();
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PURGE', 'QUERY']) {
    const headers = { 'content-type': 'application/json' };
    const { status, headers: got, says } = await world.ask({ method, headers });
    assert.equal(status, 405, method);
    assert.equal(got.allow, 'GET, HEAD');
    assert.equal(says, `/health_status is read with GET or HEAD, not with ${method}.`);
  }
});

test('a path that cannot be decoded is a 400', async () => {
  await using world = await openPublicWorld();
  const { status, says } = await world.ask({ path: '/%zz' });
  assert.deepEqual([status, says], [400, 'This path is no valid URL: write % as %25.']);
});

test('a request target in absolute form is answered like the path in it', async () => {
  await using world = await openPublicWorld();
  const answered = await world.raw(
    'GET http://example.com/health_status HTTP/1.1\r\nHost: example.com\r\n' +
      `D360-API-KEY: ${ISSUED_KEY}\r\nConnection: close\r\n\r\n`,
  );
  assert.match(answered, /^HTTP\/1\.1 200 /);
});

test('a small body on a GET is ignored and one that is too large refused', async () => {
  await using world = await openPublicWorld();
  const small = await world.ask({ headers: { 'content-length': '5' }, body: 'hello' });
  assert.equal(small.status, 200);
  const large = await world.raw(
    'GET /health_status HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n' +
      `D360-API-KEY: ${ISSUED_KEY}\r\n\r\n`,
  );
  const [head = '', body] = large.split('\r\n\r\n');
  assert.match(head, /^HTTP\/1\.1 413 [^]*\r\nConnection: close/);
  assert.equal(body, '{"error":"The body is larger than the 1048576 bytes that are allowed."}');
});

const REFUSED: [string, string, RegExp][] = [
  [
    'headers that are too large',
    `GET / HTTP/1.1\r\na: ${'x'.repeat(20_000)}\r\n\r\n`,
    /^431 .*16384/,
  ],
  ['something that is no HTTP', 'hello\r\n\r\n', /^400 This is no valid HTTP\/1\.1 request\.$/],
  ['a method that does not exist', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', /^400 This is no valid/],
  ['no Host', 'GET /health_status HTTP/1.1\r\n\r\n', /^400 The Host header is missing/],
  [
    'a length and chunks at once',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    /^400 This is no valid/,
  ],
  [
    'an expectation that nobody meets',
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: wonders\r\n\r\n',
    /^417 The only expectation/,
  ],
];

for (const [what, request, expected] of REFUSED) {
  test(`a request with ${what} is refused in the shape of the contract`, async () => {
    await using world = await openPublicWorld();
    const [head = '', body = ''] = (await world.raw(request)).split('\r\n\r\n');
    const [line = '', ...headers] = head.split('\r\n');
    assert.ok(headers.includes('Content-Type: application/json'), head);
    assert.ok(headers.includes('Connection: close'), head);
    assert.ok(headers.includes(`Content-Length: ${body.length}`), head);
    assert.match(`${line.split(' ')[1]} ${JSON.parse(body).error}`, expected);
  });
}

test('a request that does not come to its end is refused in time', async () => {
  const limits = { headersTimeoutMs: 100, requestTimeoutMs: 100, checkEveryMs: 50 };
  await using world = await openPublicWorld({ limits });
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
  socket.write('GET /health_status HTTP/1.1\r\nHost:');
  const [data] = await once(socket, 'data');
  assert.match(String(data), /^HTTP\/1\.1 408 [^]*"The request was not complete in time/);
  await once(socket, 'close');
});

test('closing answers what is under way and then ends the connection', async () => {
  await using world = await openPublicWorld();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
  const request = `GET /health_status HTTP/1.1\r\nHost: a\r\nD360-API-KEY: ${ISSUED_KEY}\r\n\r\n`;
  socket.write(request);
  await until(() => world.upstream.asked.length === 1);
  const closed = world.server.close();
  coming.come(numbered('phone-available', 1));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 200 /);
  await closed;
  await assert.rejects(world.ask(), { code: 'ECONNREFUSED' });
});

test('closing does not wait longer than its limit for a request', async () => {
  await using world = await openPublicWorld({ limits: { drainMs: 2_000 } });
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const cutOff = assert.rejects(world.ask(), { code: 'ECONNRESET' });
  await until(() => world.upstream.asked.length === 1);
  const closed = world.server.close();
  await world.clock.advance(1_999);
  await until(() => true);
  await world.clock.advance(1);
  await closed;
  await cutOff;
  coming.come(failedAnswer('timeout'));
});

test('a server that never listened closes as well', async () => {
  await using world = await openPublicWorld();
  const { server } = world;
  await server.close();
  await server.close();
});

test('a port that is taken is told with the sentence that says what to do', async () => {
  await using world = await openPublicWorld();
  const port = Number(new URL(world.url).port);
  const other = world.anotherServer();
  await assert.rejects(other.listen({ host: '127.0.0.1', port }), {
    code: 'cannot_start',
    message:
      `Cannot listen on 127.0.0.1:${port}: another program listens there. ` +
      'Stop it, or choose another port.',
  });
  await other.close();
});
