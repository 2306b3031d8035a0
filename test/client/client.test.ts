import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import test from 'node:test';
import { inspect } from 'node:util';
import { ClientProblem } from '#client/client-problem.ts';
import { createClient } from '#client/create-client.ts';

const TOKEN = 'wha_canary-token';

const APP = {
  id: 'app_1',
  name: 'acme',
  meta_app_id: '1234567890',
  ours: true,
  has_secret: false,
  created_at: '2026-03-01T00:00:00.000Z',
  updated_at: '2026-03-01T00:00:00.000Z',
};

test('a call becomes a request with path, query, body and token', async () => {
  const seen: { line: string; headers: IncomingMessage['headers']; body: string }[] = [];
  await using server = await answering(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    response.writeHead(201).end(JSON.stringify(APP));
  });
  const answer = await server.client.putApp({
    params: { ref: 'acme' },
    body: { meta_app_id: '1234567890' },
  });
  assert.deepEqual(answer, { status: 201, body: APP });
  assert.equal(seen[0]?.line, 'PUT /api/v1/apps/acme');
  assert.equal(seen[0]?.headers.authorization, `Bearer ${TOKEN}`);
  assert.equal(seen[0]?.headers['content-type'], 'application/json');
  assert.equal(seen[0]?.body, '{"meta_app_id":"1234567890"}');
});

test('lists are repeated in the query', async () => {
  const seen: (string | undefined)[] = [];
  await using server = await answering((request, response) => {
    seen.push(request.url);
    response.writeHead(204).end();
  });
  const listing = server.client.listChannels({ query: { label: ['a=1', 'b=ü&c'], limit: 2 } });
  await assert.rejects(listing, ClientProblem);
  assert.deepEqual(seen, ['/api/v1/channels?label=a%3D1&label=b%3D%C3%BC%26c&limit=2']);
});

test('a name that would lead to another path is refused before anything is sent', async () => {
  let requests = 0;
  await using server = await answering((_request, response) => {
    requests += 1;
    response.writeHead(204).end();
  });
  for (const ref of ['..', '../channels?purge=true', '', 'a/b']) {
    const problem = await problemOf(server.client.removeApp({ params: { ref } }));
    assert.equal(problem.code, 'invalid_request');
    assert.match(problem.message, /^path\.ref must be a name/);
  }
  assert.equal(requests, 0);
});

test('an answer without a body is an answer', async () => {
  await using server = await answering((_request, response) => response.writeHead(204).end());
  const answer = await server.client.revokeApiKey({ params: { id: `key_${'0'.repeat(26)}` } });
  assert.deepEqual(answer, { status: 204, body: undefined });
});

test('fields that are new to the client are left out, not refused', async () => {
  const app = { ...APP, webhook: null };
  await using server = await answering((_request, response) =>
    response.writeHead(200).end(JSON.stringify({ ...app, colour: 'red' })),
  );
  const { body } = await server.client.getApp({ params: { ref: 'acme' } });
  assert.deepEqual(body, app);
});

test('a problem of the server is told with its code, sentence and items', async () => {
  const items = [{ at: 'meta_app_id', message: 'is missing' }];
  await using server = await answering((_request, response) =>
    response.writeHead(400, { 'content-type': 'application/problem+json' }).end(
      JSON.stringify({
        type: 'urn:waba-health:problem:invalid_request',
        title: 'The request is not valid',
        status: 400,
        detail: 'meta_app_id is missing.',
        items,
      }),
    ),
  );
  const problem = await problemOf(server.client.getApp({ params: { ref: 'acme' } }));
  assert.equal(problem.code, 'invalid_request');
  assert.equal(problem.status, 400);
  assert.equal(problem.message, 'meta_app_id is missing.');
  assert.deepEqual(problem.items, items);
});

test('a page of some proxy in between is no answer', async () => {
  await using server = await answering((_request, response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
  );
  const problem = await problemOf(server.client.listApps());
  assert.equal(problem.code, 'unexpected_answer');
  assert.equal(problem.status, 502);
  assert.doesNotMatch(problem.message, /gateway/);
});

test('an answer that does not fit its schema is not believed', async () => {
  await using server = await answering((_request, response) =>
    response.writeHead(200).end(JSON.stringify({ ...APP, ours: 'yes' })),
  );
  const problem = await problemOf(server.client.getApp({ params: { ref: 'acme' } }));
  assert.equal(problem.code, 'unexpected_answer');
  assert.match(problem.message, /does not fit: ours/);
});

test('an answer without end is not read to its end', async () => {
  await using server = await answering((_request, response) => {
    const megabyte = 'x'.repeat(1024 * 1024);
    response.on('error', () => {});
    const more = () => {
      while (!response.destroyed && response.write(megabyte));
    };
    response.on('drain', more);
    more();
  });
  const problem = await problemOf(server.client.listApps());
  assert.match(problem.message, /the body is too large/);
});

test('no redirect is followed, so that the token goes nowhere else', async () => {
  let elsewhere = 0;
  await using other = await answering((_request, response) => {
    elsewhere += 1;
    response.end();
  });
  await using server = await answering((_request, response) =>
    response.writeHead(307, { location: `${other.url}/api/v1/apps` }).end(),
  );
  const problem = await problemOf(server.client.listApps());
  assert.equal(problem.code, 'unexpected_answer');
  assert.match(problem.message, /redirects/);
  assert.equal(elsewhere, 0);
});

test('a server that is not there is unreachable', async () => {
  const server = await answering(() => {});
  await server[Symbol.asyncDispose]();
  const problem = await problemOf(server.client.listApps());
  assert.equal(problem.code, 'unreachable');
  assert.equal(problem.status, null);
  assert.match(problem.message, /^Cannot reach http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\./);
});

test('a server that says nothing is given up after the timeout', async () => {
  await using server = await answering(() => {}, { timeoutMs: 20 });
  const problem = await problemOf(server.client.listApps());
  assert.equal(problem.code, 'timeout');
  assert.match(problem.message, /within 0\.02 s/);
});

test('a body that stops in the middle is given up after the timeout', async () => {
  await using server = await answering(
    (_request, response) => void response.writeHead(200).write('{"items":'),
    { timeoutMs: 50 },
  );
  assert.equal((await problemOf(server.client.listApps())).code, 'timeout');
});

test('whatever goes wrong, the token is in no error', async () => {
  const refused = await answering(() => {});
  await refused[Symbol.asyncDispose]();
  await using broken = await answering((request) => request.socket.destroy());
  await using odd = await answering((_request, response) => response.end('no JSON'));
  for (const { client } of [refused, broken, odd]) {
    const problem = await problemOf(client.listApps());
    assert.doesNotMatch(inspect(problem, { depth: 10, showHidden: true }), /canary/);
  }
});

test('a client is not made with what cannot work', () => {
  const options = { baseUrl: 'http://127.0.0.1:1', token: TOKEN, timeoutMs: 1000 };
  assert.throws(() => createClient({ ...options, baseUrl: 'ftp://acme.example' }), /http:\/\//);
  assert.throws(() => createClient({ ...options, baseUrl: 'acme.example' }), TypeError);
  for (const token of ['', `${TOKEN}\n`, `${TOKEN} x`]) {
    assert.throws(
      () => createClient({ ...options, token }),
      (error: Error) => error instanceof TypeError && !error.message.includes('canary'),
    );
  }
});

async function answering(listener: RequestListener, { timeoutMs = 10_000 } = {}) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    client: createClient({ baseUrl: `${url}/`, token: TOKEN, timeoutMs }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function problemOf(call: Promise<unknown>): Promise<ClientProblem> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ClientProblem, inspect(error));
  return error;
}
