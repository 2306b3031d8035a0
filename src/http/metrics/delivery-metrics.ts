/** Deliveries as Prometheus sees them: what events count, and what is asked at each scrape. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { DELIVERY_STATES } from '#domain/telling/delivery.ts';
import type { OutboxCounts } from '#monitor/telling/outbox-counts.ts';
import type { EventMap } from '#ports/events.ts';

/** From at once to the end of all tries. */
const DWELL_BUCKETS_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800, 21_600, 86_400];

/** How a delivery can end that was owed. */
const ENDS = DELIVERY_STATES.filter((state) => state !== 'pending' && state !== 'withheld');
const FAILURES = ['throttled', 'transient', 'payload', 'config', 'cut_off'] as const;

export function deliveryFeeders(registry: Registry) {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'waba_health_deliveries_total',
    help: 'Messages that were owed to a receiver, by how that ended.',
    labelNames: ['outcome'],
    registers,
  });
  const failed = new Counter({
    name: 'waba_health_delivery_attempts_failed_total',
    help: 'Attempts to deliver that a receiver did not take, by how they failed.',
    labelNames: ['outcome'],
    registers,
  });
  const dwell = new Histogram({
    name: 'waba_health_delivery_dwell_seconds',
    help: 'From the commit of what a message tells of to the moment at which its receiver took it.',
    buckets: DWELL_BUCKETS_S,
    registers,
  });
  const broken = new Counter({
    name: 'waba_health_receivers_broken_total',
    help: 'Receivers that turned out to take no messages.',
    registers,
  });
  for (const outcome of ENDS) deliveries.inc({ outcome }, 0);
  for (const outcome of FAILURES) failed.inc({ outcome }, 0);
  return {
    delivery_finished({ outcome, tookMs }: EventMap['delivery_finished']) {
      deliveries.inc({ outcome });
      if (outcome === 'delivered') dwell.observe(tookMs / 1000);
    },
    delivery_failed: ({ outcome }: EventMap['delivery_failed']) => failed.inc({ outcome }),
    delivery_overtaken: () => undefined,
    receiver_broken: () => broken.inc(),
  };
}

/** Gives what sets the gauges about all that is owed. */
export function outboxMetrics(registry: Registry): (counts: OutboxCounts) => void {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `waba_health_${name}`, help, registers: [registry] });
  const pending = gauge('deliveries_pending', 'Messages that are owed and not yet taken.');
  const dead = gauge('deliveries_dead', 'Messages that were given up and can be sent again.');
  const late = gauge('deliveries_late_seconds', 'How long the oldest message has been due.');
  const broken = gauge('receivers_broken', 'Receivers that take no messages at present.');
  return (counts) => {
    pending.set(counts.pending);
    dead.set(counts.dead);
    broken.set(counts.broken);
    late.set(counts.oldestDueAt === null ? 0 : Math.max(0, counts.at - counts.oldestDueAt) / 1000);
  };
}
