/** What the process and its store cost: event loop, transactions, and Node's own figures. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** The timer behind the measurement: what it waits by itself is no delay. */
const RESOLUTION_MS = 10;
const QUANTILES = [0.5, 0.99, 1];
const NANOSECONDS = 1e9;

/** How a transaction of the store ended. */
export interface TransactionSeen {
  readonly kind: 'read' | 'scan' | 'change';
  readonly tookMs: number;
  /** False when it threw. */
  readonly isDone: boolean;
}

/** Gives what ends the measurement. */
export function eventLoopMetrics(registry: Registry): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const delay = new Gauge({
    name: 'waba_health_event_loop_delay_seconds',
    help: 'How late timers were since the scrape before; quantile 1 is the worst.',
    labelNames: ['quantile'],
    registers: [registry],
    collect() {
      for (const quantile of QUANTILES) {
        const seconds = delays.percentile(quantile * 100) / NANOSECONDS - RESOLUTION_MS / 1000;
        delay.set({ quantile: String(quantile) }, Math.max(0, seconds));
      }
      delays.reset();
    },
  });
  let before = performance.eventLoopUtilization();
  const utilization = new Gauge({
    name: 'waba_health_event_loop_utilization_ratio',
    help: 'Share of the time since the scrape before in which the event loop was busy.',
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      utilization.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
  return () => void delays.disable();
}

/** Gives what counts a transaction. */
export function storeMetrics(registry: Registry): (seen: TransactionSeen) => void {
  const registers = [registry];
  const labelNames = ['kind'];
  const duration = new Histogram({
    name: 'waba_health_store_transaction_duration_seconds',
    help: 'From the wish for a transaction to its end, waiting included.',
    labelNames,
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers,
  });
  const failed = new Counter({
    name: 'waba_health_store_transactions_failed_total',
    help: 'Transactions that ended in an error, refusals of a request among them.',
    labelNames,
    registers,
  });
  for (const kind of ['read', 'scan', 'change']) failed.inc({ kind }, 0);
  return ({ kind, tookMs, isDone }) => {
    duration.observe({ kind }, tookMs / 1000);
    if (!isDone) failed.inc({ kind });
  };
}

export function processMetrics(registry: Registry, version: string): void {
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'waba_health_build_info',
    help: 'Always 1; the labels say which program this is.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  build.set({ version, node: process.versions.node }, 1);
}
