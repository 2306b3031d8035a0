/** Many causes at once are most likely one at Meta: they are held one read longer, and told as one. */
import type { IncidentId } from '#domain/id.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import type { Sighted } from './sighted.ts';
import { raise } from './standalone.ts';

/** So many distinct causes that are new in so long, per upstream. */
const STORM_CAUSES = 10;
export const STORM_MS = 600_000;

/** So many openings of one cause in so long. */
export const FLAPS = 4;
export const FLAPS_MS = 3_600_000;

export async function isStorm({ tx, channel, times }: Sighted, sign: Sign): Promise<boolean> {
  if (sign.cause.kind !== 'entity' || !sign.worked) return false;
  const causes = await tx.incidents.newCausesOf(channel.upstream, times.readAt - STORM_MS);
  return causes >= STORM_CAUSES;
}

/** The fleet incident that tells of this cause instead, opened if need be. */
export async function inhibitor(sighted: Sighted, sign: Sign): Promise<IncidentId> {
  const { tx, deps, channel, times } = sighted;
  const fleet = await raise(tx, deps, {
    cause: { kind: 'fleet', type: null, ref: channel.upstream },
    upstream: channel.upstream,
    status: 'BLOCKED',
    actor: 'unknown',
    codes: [],
    detail: null,
    at: times.readAt,
    beganAt: sign.firstBadAt,
    gatherUntil: times.readAt + 30_000,
  });
  return fleet.id;
}
