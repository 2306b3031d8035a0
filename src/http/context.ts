/** What every route works with. */
import type { Monitor } from '#monitor/monitor.ts';
import type { Clock } from '#ports/clock.ts';
import type { Digest } from '#ports/digest.ts';
import type { IncidentLinks } from '#monitor/telling/incident-link.ts';
import type { Maintenance } from '#ports/maintenance.ts';
import type { Notifiers } from '#ports/notifier.ts';
import type { ScheduleFacts } from '#monitor/schedule/facts.ts';
import type { Metrics } from './metrics/create-metrics.ts';

/** One line of `/readyz`, in the Kubernetes format. */
export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, or what an operator should know although it is ready; null when there is nothing to say. */
  readonly detail: string | null;
}

/** Says whether a token is the right one, in the same time for any that is not. */
export interface TokenCheck {
  verify(token: string): Promise<boolean>;
}

export interface HttpContext {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly digest: Digest;
  /** The administrator's token, and what opens `/metrics` alone; each is checked in one place. */
  readonly adminToken: TokenCheck;
  /** Null: nobody may read the metrics here. */
  readonly metricsToken: TokenCheck | null;
  readonly metrics: Metrics;
  readonly maintenance: Maintenance;
  /** The links to pages of incidents; null where there are no such pages. */
  readonly incidentLinks: IncidentLinks | null;
  /** By them settings of receivers are checked; what is sent, is sent by the outbox. */
  readonly notifiers: Notifiers;
  /** What the schedule of this program does; null where none runs. */
  readonly schedule: (() => ScheduleFacts) | null;
  /** The program's own version, as it shows it. */
  readonly version: string;
  readonly ready: () => readonly ReadinessCheck[];
}
