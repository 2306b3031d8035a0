/** How bad an incident is. */
import type { Capability } from '#domain/entity.ts';
import type { Status } from '#domain/status.ts';
import type { Cause, CauseKind } from './cause.ts';
import type { Severity } from './incident.ts';

/** Kinds about what cannot be seen, not about what Meta says. */
const BLIND: ReadonlySet<CauseKind> = new Set(['credential', 'unreadable', 'upstream', 'server']);

/** From what it is about and what Meta says; upstream and server rise to critical by what they hide. */
export function severityOf(about: {
  readonly cause: Pick<Cause, 'kind'>;
  readonly capability: Capability | null;
  readonly status: Status;
}): Severity {
  const { cause, capability, status } = about;
  if (BLIND.has(cause.kind)) return 'error';
  if (cause.kind !== 'entity' && cause.kind !== 'fleet') return 'warning';
  if (status !== 'BLOCKED') return 'warning';
  return capability === 'calling' ? 'error' : 'critical';
}
