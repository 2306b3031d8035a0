/**
 * A read outside the claim: of what is not watched yet, or with a secret that is not stored yet. What
 * comes of it is written only together with the creation or the rotation that it was made for.
 */
import type { UpstreamKind } from '#domain/billing.ts';
import type { Outcome } from '#domain/channel-state.ts';
import type { Identity } from '#domain/identity.ts';
import type { Access } from '#ports/upstream.ts';
import type { Deps } from './deps.ts';
import { outcomeOf } from './outcome.ts';

/** The attempt number of a channel's first read. */
const FIRST = 1;

export interface Trial {
  readonly outcome: Outcome;
  /** The body of a good read. */
  readonly body: Uint8Array | null;
}

/** Ends within `policy.readTimeoutMs`; a failure is an outcome. */
export async function trialRead(
  { upstreams, clock, digest, policy }: Deps,
  about: {
    readonly upstream: UpstreamKind;
    readonly access: Access;
    readonly nodeId: string | null;
    readonly pinned: Identity | null;
  },
): Promise<Trial> {
  const { upstream, access, nodeId, pinned } = about;
  const startedAt = clock.now();
  const timeoutMs = policy.readTimeoutMs;
  const answer = await upstreams[upstream].read({ nodeId, access, timeoutMs });
  const readAt = clock.now();
  const outcome = outcomeOf(answer, { attempt: FIRST, startedAt, readAt, pinned, digest });
  return { outcome, body: outcome.ok && answer.ok ? answer.body : null };
}
