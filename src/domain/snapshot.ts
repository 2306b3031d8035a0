/** What a good read saw, and how it was obtained. The body itself is kept beside it, by its hash. */
import type { Identity } from './identity.ts';
import type { HealthReport } from './health-report.ts';

/** What the answer's headers told about the one who served it. */
export interface Served {
  /** The Graph version that really served the call (`facebook-api-version`). */
  readonly version: string | null;
  /** The support handle (`x-fb-trace-id`, `x-fb-request-id`). */
  readonly traceId: string | null;
}

export interface Snapshot {
  /** The channel's attempt number under which it was read: a newer number is a newer snapshot. */
  readonly attempt: number;
  /** When the question was sent and when its answer had arrived, ms UTC. */
  readonly startedAt: number;
  readonly readAt: number;
  /** SHA-256 of the body's bytes, lower-case hex. */
  readonly bodyHash: string;
  readonly report: HealthReport;
  readonly identity: Identity;
  readonly served: Served;
}
