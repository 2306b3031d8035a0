import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import { createHeartbeat } from '#notifiers/heartbeat/heartbeat.ts';
import { createWayOut } from '#notifiers/transport/way-out.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { answers, ScriptedServer } from '#test/fakes/scripted-server.ts';

const PATH = '/0f1e2d3c-canary-4b5a';

function heartbeatTo({ url }: ScriptedServer) {
  const wayOut = createWayOut({ clock: createFakeClock(), allowPrivate: true });
  return createHeartbeat(wayOut, new Secret(`${url}${PATH}`));
}

test('a heartbeat is a POST to its address, and any 2xx is heard', async () => {
  await using server = await ScriptedServer.start(answers({ status: 204 }));
  assert.equal(await heartbeatTo(server).ping(new AbortController().signal), null);
  assert.deepEqual(
    server.seen.map(({ method, target }) => [method, target]),
    [['POST', PATH]],
  );
});

test('one that is not taken says so without its address', async () => {
  const body = JSON.stringify({ error: `nothing is at ${PATH}` });
  await using server = await ScriptedServer.start(answers({ status: 404, body }));
  const detail = await heartbeatTo(server).ping(new AbortController().signal);
  assert.match(detail ?? '', /answered 404/);
  assert.doesNotMatch(detail ?? '', /canary/);
});

test('one that is ended from outside ends at once', async () => {
  await using server = await ScriptedServer.start(() => undefined);
  const ending = new AbortController();
  const pinging = heartbeatTo(server).ping(ending.signal);
  ending.abort();
  const detail = await pinging;
  assert.ok(detail !== null);
  assert.doesNotMatch(detail, /canary/);
});
