/** What every route works with. */
import type { Monitor } from '#monitor/monitor.ts';
import type { Clock } from '#ports/clock.ts';
import type { Digest } from '#ports/digest.ts';

/** One line of `/readyz`, in the Kubernetes format. */
export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, or what an operator should know although it is ready; null when there is nothing to say. */
  readonly detail: string | null;
}

export interface HttpContext {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly digest: Digest;
  /** The administrator's token; checked in this one place. */
  readonly adminToken: { verify(token: string): Promise<boolean> };
  /** The program's own version, as it shows it. */
  readonly version: string;
  readonly ready: () => readonly ReadinessCheck[];
}
