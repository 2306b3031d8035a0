/** Counters that events feed: one function for each event, so that a new one without it does not compile. */
import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import { deliveryFeeders } from './delivery-metrics.ts';
import { SIGNAL_SOURCES } from '#domain/signals/signal.ts';
import type { EventMap, EventName, Events } from '#ports/events.ts';

type Feeders = { readonly [N in EventName]: (event: EventMap[N]) => void };

const NOTHING = () => undefined;

/** From a fast answer to the longest that a read may take. */
const READ_BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];
/** From a schedule that keeps time to one that has lost it. */
const LAG_BUCKETS_S = [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 900];

/** Events that end in this registry. */
export function eventMetrics(registry: Registry): Events {
  const feeders = {
    ...checkFeeders(registry),
    ...numberFeeders(registry),
    ...deliveryFeeders(registry),
    ...signalFeeders(registry),
    ...otherFeeders(registry),
  } satisfies Feeders;
  return {
    emit<N extends EventName>(name: N, event: EventMap[N]) {
      const feed: Feeders[N] = feeders[name];
      feed(event);
    },
  };
}

function checkFeeders(registry: Registry) {
  const registers = [registry];
  const checks = new Counter({
    name: 'waba_health_checks_total',
    help: 'Checks whose outcome was committed.',
    labelNames: ['upstream', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'waba_health_check_failures_total',
    help: 'Checks that saw nothing, by the code of the failure.',
    labelNames: ['upstream', 'code'],
    registers,
  });
  const duration = new Histogram({
    name: 'waba_health_check_duration_seconds',
    help: 'From the claim of a channel to the commit of its outcome.',
    labelNames: ['upstream'],
    buckets: READ_BUCKETS_S,
    registers,
  });
  const superseded = new Counter({
    name: 'waba_health_checks_superseded_total',
    help: 'Outcomes that were not written because a newer one was there.',
    registers,
  });
  for (const upstream of UPSTREAM_KINDS) {
    checks.inc({ upstream, outcome: 'good' }, 0);
    checks.inc({ upstream, outcome: 'failed' }, 0);
  }
  return {
    check_finished({ upstream, failure, tookMs }: EventMap['check_finished']) {
      checks.inc({ upstream, outcome: failure === null ? 'good' : 'failed' });
      if (failure !== null) failures.inc({ upstream, code: failure });
      duration.observe({ upstream }, tookMs / 1000);
    },
    check_superseded: () => superseded.inc(),
  };
}

/** About what is read once in a while: profiles and tokens. */
function numberFeeders(registry: Registry) {
  const registers = [registry];
  const profiles = new Counter({
    name: 'waba_health_profile_reads_total',
    help: 'Reads of what a number is beside its health.',
    labelNames: ['outcome'],
    registers,
  });
  const inspections = new Counter({
    name: 'waba_health_token_inspections_total',
    help: 'Inspections of Graph tokens, by how they ended; a finding is something to be done about one.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['good', 'failed']) profiles.inc({ outcome }, 0);
  for (const outcome of ['good', 'finding', 'failed']) inspections.inc({ outcome }, 0);
  return {
    profile_read({ failure }: EventMap['profile_read']) {
      profiles.inc({ outcome: failure === null ? 'good' : 'failed' });
    },
    credential_inspected({ failure, findings }: EventMap['credential_inspected']) {
      const outcome = findings.length > 0 ? 'finding' : 'good';
      inspections.inc({ outcome: failure === null ? outcome : 'failed' });
    },
  };
}

function signalFeeders(registry: Registry) {
  const signals = new Counter({
    name: 'waba_health_signals_total',
    help: 'Hints that were recorded: changes in webhooks, and reports of send errors.',
    labelNames: ['source', 'weight', 'known'],
    registers: [registry],
  });
  for (const source of SIGNAL_SOURCES) signals.inc({ source, weight: 'change', known: 'true' }, 0);
  return {
    signal_recorded({ source, weight, known }: EventMap['signal_recorded']) {
      signals.inc({ source, weight, known: String(known) });
    },
  };
}

function otherFeeders(registry: Registry) {
  const registers = [registry];
  const changes = new Counter({
    name: 'waba_health_verdict_changes_total',
    help: 'Changes of what may be said of a channel, by the status that it took.',
    labelNames: ['capability', 'status'],
    registers,
  });
  const lag = new Histogram({
    name: 'waba_health_schedule_lag_seconds',
    help: 'From the moment at which a channel was due to the beginning of its read.',
    buckets: LAG_BUCKETS_S,
    registers,
  });
  const errors = new Counter({
    name: 'waba_health_errors_total',
    help: 'Errors of our own: requests and background work that failed. The log has each.',
    labelNames: ['where'],
    registers,
  });
  for (const where of ['request', 'background']) errors.inc({ where }, 0);
  const heartbeats = new Counter({
    name: 'waba_health_heartbeats_total',
    help: 'Heartbeats by outcome: withheld ones are those that something here forbids.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['sent', 'failed', 'withheld']) heartbeats.inc({ outcome }, 0);
  return {
    verdict_changed({ capability, is }: EventMap['verdict_changed']) {
      changes.inc({ capability, status: is ?? 'none' });
    },
    reads_begun({ lagsMs }: EventMap['reads_begun']) {
      for (const lagMs of lagsMs) lag.observe(lagMs / 1000);
    },
    version_forwarded: NOTHING,
    heartbeat: ({ outcome }: EventMap['heartbeat']) => heartbeats.inc({ outcome }),
    background_failed: () => errors.inc({ where: 'background' }),
    request_failed: () => errors.inc({ where: 'request' }),
  };
}
