import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { createMetrics } from '#http/metrics/create-metrics.ts';

const NAME = /\bwaba_health_[a-z_]+\b/g;

test('the table of metrics has each of them once, and no other', async () => {
  const page = readFileSync('docs/operations.md', 'utf8');
  const rows = [...page.matchAll(/^\| `(waba_health_[a-z_]+)`/gm)].map(([, name = '']) => name);
  assert.deepEqual(new Set(rows), await metricNames());
  assert.equal(new Set(rows).size, rows.length);
});

test('the alerts ask for metrics that there are', async () => {
  const names = await metricNames();
  const rules = readFileSync('deploy/prometheus-rules.yml', 'utf8');
  const asked = rules.match(NAME) ?? [];
  assert.ok(asked.length > 5);
  for (const name of asked) assert.ok(names.has(name), name);
});

async function metricNames(): Promise<ReadonlySet<string>> {
  const metrics = createMetrics({ version: '1.2.3' });
  const text = await metrics.text();
  metrics.close();
  return new Set([...text.matchAll(/^# TYPE (waba_health_\S+)/gm)].map(([, name = '']) => name));
}
