import assert from 'node:assert/strict';
import test from 'node:test';
import { answerCounts, kindOfStatus } from '#http/metrics/answer-counts.ts';
import { createMetrics } from '#http/metrics/create-metrics.ts';
import { causeLabel } from '#http/metrics/label.ts';
import { createMetricsServer, createProbeServer } from '#http/server.ts';
import { addSupport } from './acme.ts';
import { startWorld, TOKEN } from './management-world.ts';
import type { World } from './management-world.ts';
import { parsePrometheus, valueOf } from './prometheus-text.ts';
import { openPublicWorld } from './public-world.ts';

test('without a token of their own nobody may read the metrics, the administrator neither', async () => {
  await using world = await startWorld();
  const refused = await world.ask('GET', '/metrics', { token: TOKEN });
  assert.equal(refused.status, 401);
  assert.match(refused.body.detail, /--metrics-token-file/);
});

test('the token for the metrics opens them and nothing else', async () => {
  await using world = await startWorld({ metricsToken: 'the-token-of-prometheus' });
  const token = 'the-token-of-prometheus';
  const read = await world.ask('GET', '/metrics', { token });
  assert.equal(read.status, 200);
  assert.match(read.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  assert.equal(read.headers.get('cache-control'), 'no-store');
  for (const wrong of [null, TOKEN, `${token}x`]) {
    assert.equal((await world.ask('GET', '/metrics', { token: wrong })).status, 401);
  }
  assert.equal((await world.api('GET', '/instance', { token })).status, 401);
});

test('checks, failures and channels are counted, and the text is what Prometheus reads', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.api('POST', '/channels/support/checks', { body: {} });
  world.upstreams.graph.answers(() => ({ ok: false, failure: failure('timeout'), usage: [] }));
  await world.api('POST', '/channels/support/checks', { body: {} });
  const series = parsePrometheus(await world.metrics.text());
  const graph = { upstream: 'graph' };
  const checks = 'waba_health_checks_total';
  assert.equal(valueOf(series, checks, { ...graph, outcome: 'good' }), 1);
  assert.equal(valueOf(series, checks, { ...graph, outcome: 'failed' }), 1);
  assert.equal(valueOf(series, checks, { upstream: 'dialog360', outcome: 'good' }), 0);
  const failures = 'waba_health_check_failures_total';
  assert.equal(valueOf(series, failures, { ...graph, code: 'timeout' }), 1);
  const channels = 'waba_health_channels';
  assert.equal(valueOf(series, channels, { ...graph, status: 'AVAILABLE' }), 1);
  assert.equal(valueOf(series, 'waba_health_build_info', { version: '1.2.3' }), 1);
});

test('a view that has become outdated is counted as UNKNOWN, and how old it is', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.clock.advance(3_600_000);
  const series = parsePrometheus(await world.metrics.text());
  const graph = { upstream: 'graph' };
  assert.equal(valueOf(series, 'waba_health_channels', { ...graph, status: 'AVAILABLE' }), 0);
  assert.equal(
    valueOf(series, 'waba_health_channels_unknown', { ...graph, reason: 'outdated' }),
    1,
  );
  assert.equal(valueOf(series, 'waba_health_oldest_good_read_age_seconds', graph), 3_600);
});

test('while the store is away a scrape gives the numbers of before and says so', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const graph = { upstream: 'graph', status: 'AVAILABLE' };
  await world.metrics.text();
  await world.clock.advance(60_000);
  world.broken.store = new Error('gone');
  const series = parsePrometheus(await world.metrics.text());
  world.broken.store = null;
  assert.equal(valueOf(series, 'waba_health_channels', graph), 1);
  assert.equal(valueOf(series, 'waba_health_scrapes_incomplete_total'), 1);
});

test('a stored answer and a read that somebody waited for are told apart, in both lanes', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  await world.ask();
  await world.ask({ path: '/health_status?fields=health_status' });
  await world.ask({ key: 'nobody' });
  await world.ask({ path: '/health_status?fields=%20' });
  const etag = String((await world.ask()).headers['etag']);
  await world.ask({ headers: { 'if-none-match': etag } });
  assert.deepEqual(world.metrics.answers, {
    ...answerCounts(),
    read: 1,
    stored: 3,
    unauthorized: 1,
    refused: 1,
    not_modified: 1,
  });
  assert.equal(kindOfStatus(500), 'failed');
});

test('no text of an upstream and no secret becomes a label', async () => {
  await using world = await startWorld();
  await addSupport(world);
  for (const cause of ['WABA/141006', 'canary"} 1/1', 'NEW_TYPE/1', 'WABA/canary']) {
    await record(world, cause);
    await world.clock.advance(60_000);
    const text = await world.metrics.text();
    assert.doesNotMatch(text, /canary/i);
    const series = parsePrometheus(text);
    const known = cause === 'WABA/141006' ? cause : 'other';
    const labels = { status: 'BLOCKED', cause: known };
    assert.equal(valueOf(series, 'waba_health_channels_by_cause', labels), 1, cause);
  }
  assert.equal(causeLabel(null), 'none');
});

test('no series is about a single channel, credential or WABA', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const ours = parsePrometheus(await world.metrics.text()).filter(({ name }) =>
    name.startsWith('waba_health_'),
  );
  assert.ok(ours.length > 30);
  for (const { name, labels } of ours) {
    for (const value of Object.values(labels))
      assert.doesNotMatch(value, /\d{6,}|^(ch|cr)_|support/);
    assert.match(name, /^waba_health_[a-z_]+$/);
  }
});

test('the lag of the schedule is a histogram of how late each read began', async () => {
  const metrics = createMetrics({ version: '1.2.3' });
  metrics.events.emit('reads_begun', { lagsMs: [20, 700, 4_000] });
  const series = parsePrometheus(await metrics.text());
  metrics.close();
  const lag = 'waba_health_schedule_lag_seconds';
  assert.equal(valueOf(series, `${lag}_bucket`, { le: '1' }), 2);
  assert.equal(valueOf(series, `${lag}_count`), 3);
});

test('the schedule of this program tells its reads, its round trips and which upstream fails', async () => {
  const metrics = createMetrics({ version: '1.2.3' });
  const openSince = { graph: 1, dialog360: null };
  const counts = { lagP50Ms: 0, lagP99Ms: 0, inFlight: 7, checks: 100, trips: 3, lookedAt: null };
  const facts = { ...counts, openSince };
  metrics.watch({ fleet: notCounted, outbox: notCounted, schedule: () => facts });
  await metrics.text();
  const series = parsePrometheus(await metrics.text());
  metrics.close();
  assert.equal(valueOf(series, 'waba_health_schedule_reads_in_flight'), 7);
  assert.equal(valueOf(series, 'waba_health_schedule_round_trips_total'), 3);
  assert.equal(valueOf(series, 'waba_health_breaker_open', { upstream: 'graph' }), 1);
  assert.equal(valueOf(series, 'waba_health_breaker_open', { upstream: 'dialog360' }), 0);
});

test('a server without the role api answers probes and metrics, and says what it is', async () => {
  await using world = await startWorld();
  const server = createProbeServer(world.context);
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  assert.equal((await fetch(`${url}/livez`)).status, 200);
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  assert.equal((await fetch(`${url}/metrics`)).status, 401);
  for (const path of ['/health_status', '/api/v1/instance', '/']) {
    const answer = await fetch(url + path, { method: 'GET' });
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /without the role api/);
  }
  await server.close();
});

test('an address of its own answers the metrics without a token, and nothing else', async () => {
  await using world = await startWorld();
  const server = createMetricsServer(world.context);
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  const answer = await fetch(`${url}/metrics`);
  assert.equal(answer.status, 200);
  assert.ok(parsePrometheus(await answer.text()).length > 0);
  for (const path of ['/health_status', '/api/v1/instance', '/livez']) {
    assert.equal((await fetch(url + path)).status, 404);
  }
  await server.close();
});

function notCounted(): Promise<never> {
  return Promise.reject(new Error('not counted here'));
}

function failure(code: 'timeout') {
  return {
    code,
    detail: 'No answer came in time.',
    httpStatus: null,
    graphCode: null,
    graphSubcode: null,
    retryAfterMs: null,
    traceId: null,
  };
}

/** Lets history tell of *support* that it is BLOCKED for this cause. */
async function record(world: World, cause: string): Promise<void> {
  const recorded = { messaging: 'BLOCKED', calling: null, reason: null } as const;
  await world.store.change(async (tx) => {
    const channel = await tx.channels.find('support');
    assert.ok(channel !== null);
    await tx.history.record(channel.id, { recorded, cause });
  });
}
