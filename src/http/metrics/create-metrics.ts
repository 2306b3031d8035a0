/**
 * Everything that Prometheus can read of this program. It is made before the monitor, whose events and
 * store it measures, and learns afterwards where the gauges come from.
 */
import { Counter, Registry } from 'prom-client';
import type { FleetCounts } from '#monitor/fleet.ts';
import type { OutboxCounts } from '#monitor/telling/outbox-counts.ts';
import type { Events } from '#ports/events.ts';
import type { ScheduleFacts } from '#monitor/schedule/facts.ts';
import { ANSWER_KINDS, answerCounts } from './answer-counts.ts';
import type { AnswerCounts } from './answer-counts.ts';
import { outboxMetrics } from './delivery-metrics.ts';
import { eventMetrics } from './event-metrics.ts';
import { fleetMetrics, scheduleMetrics } from './fleet-metrics.ts';
import { eventLoopMetrics, processMetrics, storeMetrics } from './process-metrics.ts';
import type { TransactionSeen } from './process-metrics.ts';

interface MetricSources {
  /** The fleet in numbers; may throw, and then the last numbers stand. */
  readonly fleet: () => Promise<FleetCounts>;
  /** What is owed to receivers; may throw likewise. */
  readonly outbox: () => Promise<OutboxCounts>;
  /** Null where no schedule runs. */
  readonly schedule: (() => ScheduleFacts) | null;
}

export interface Metrics {
  /** To be told every event. */
  readonly events: Events;
  /** To be told every transaction. */
  readonly transaction: (seen: TransactionSeen) => void;
  /** To be counted up at every answer of the public route. */
  readonly answers: AnswerCounts;
  readonly contentType: string;
  /** From now on, each scrape asks these. */
  watch(sources: MetricSources): void;
  /** Never throws: what cannot be asked keeps its last value. */
  text(): Promise<string>;
  /** Ends the measurement of the event loop. */
  close(): void;
}

export function createMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new Registry();
  const answers = answerCounts();
  countAnswers(registry, answers);
  const setFleet = fleetMetrics(registry);
  const setSchedule = scheduleMetrics(registry);
  const setOutbox = outboxMetrics(registry);
  const close = eventLoopMetrics(registry);
  processMetrics(registry, version);
  const unasked = new Counter({
    name: 'waba_health_scrapes_incomplete_total',
    help: 'Scrapes at which the fleet could not be counted, so that its gauges are those of before.',
    registers: [registry],
  });
  let sources: MetricSources | null = null;
  return {
    events: eventMetrics(registry),
    transaction: storeMetrics(registry),
    answers,
    contentType: registry.contentType,
    watch(given) {
      sources = given;
    },
    async text() {
      if (sources?.schedule) setSchedule(sources.schedule());
      const counts = await sources?.fleet().catch(() => null);
      const owed = await sources?.outbox().catch(() => null);
      if (counts === null || owed === null) unasked.inc();
      if (counts) setFleet(counts);
      if (owed) setOutbox(owed);
      return registry.metrics();
    },
    close,
  };
}

function countAnswers(registry: Registry, answers: AnswerCounts): void {
  const counter = new Counter({
    name: 'waba_health_public_answers_total',
    help: 'Answers of GET /health_status: from memory, after a read, or none.',
    labelNames: ['answer'],
    registers: [registry],
    collect() {
      counter.reset();
      for (const kind of ANSWER_KINDS) counter.inc({ answer: kind }, answers[kind]);
    },
  });
}
