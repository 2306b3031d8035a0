import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import test from 'node:test';
import type { ExportQuery } from '#api/export-operation.ts';
import { ClientProblem } from '#client/client-problem.ts';
import { openExport } from '#client/open-export.ts';

const TOKEN = 'wha_canary-token';

test('an export is asked for with its filter, and its bytes come as they are sent', async () => {
  const seen: unknown[] = [];
  await using server = await answering((request, response) => {
    seen.push([request.url, request.headers.authorization]);
    response.write('one\n');
    response.end('two\n');
  });
  const query = { format: 'csv', kind: ['verdict', 'watch'], channel: 'support' } as const;
  assert.equal(await textOf(server.open({ ...query, kind: [...query.kind] })), 'one\ntwo\n');
  assert.deepEqual(seen, [
    ['/api/v1/export?format=csv&kind=verdict&kind=watch&channel=support', `Bearer ${TOKEN}`],
  ]);
});

test('an export that breaks off is told as one', async () => {
  await using server = await answering((_request, response) => {
    response.write('one\n', () => response.destroy());
  });
  const problem = await problemOf(textOf(server.open({})));
  assert.equal(problem.code, 'broken_off');
  assert.match(problem.message, /not all of it/);
});

test('a server that falls silent is given up, at the beginning and in the middle', async () => {
  await using mute = await answering(() => {}, { timeoutMs: 20 });
  assert.equal((await problemOf(textOf(mute.open({})))).code, 'timeout');
  await using stuck = await answering((_request, response) => void response.write('one\n'), {
    timeoutMs: 50,
  });
  assert.equal((await problemOf(textOf(stuck.open({})))).code, 'broken_off');
});

test('what the server refuses is told with its sentence, and no redirect is followed', async () => {
  const document = {
    type: 'urn:waba-health:problem:not_found',
    title: 'Nothing',
    status: 404,
    detail: 'There is no channel "umbrella".',
  };
  await using refusing = await answering((_request, response) =>
    response.writeHead(404).end(JSON.stringify(document)),
  );
  const refused = await problemOf(textOf(refusing.open({ channel: 'umbrella' })));
  assert.equal(refused.code, 'not_found');
  assert.equal(refused.message, document.detail);
  await using moved = await answering((_request, response) =>
    response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
  );
  assert.match((await problemOf(textOf(moved.open({})))).message, /redirects/);
});

async function textOf(opening: Promise<AsyncIterable<Uint8Array>>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await opening) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function problemOf(call: Promise<unknown>): Promise<ClientProblem> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ClientProblem, String(error));
  return error;
}

async function answering(listener: RequestListener, { timeoutMs = 10_000 } = {}) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const options = { baseUrl: `http://127.0.0.1:${address.port}`, token: TOKEN, timeoutMs };
  return {
    open: (query: ExportQuery) => openExport(options, query),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
