/** A suspect: the first bad observation of a cause by a channel. */
import type { Sign } from '#domain/incidents/sign.ts';
import type { Status } from '#domain/status.ts';
import { verdictsOf } from '#domain/verdict.ts';
import type { SaidCause, Sighted } from './sighted.ts';

/** Calling that nobody used for so long is not lost when it stops. */
const CALLING_WORKED_MS = 30 * 86_400_000;

export function firstSign({ row, channel, times }: Sighted, said: SaidCause): Sign {
  const { cause, capability, status, codes } = said;
  return {
    channelId: channel.id,
    cause,
    capability,
    stage: 'suspect',
    incidentId: null,
    status,
    codes,
    firstStartedAt: times.startedAt,
    firstBadAt: times.readAt,
    lastBadAt: times.readAt,
    badReads: 1,
    worked: worked(row, { capability, at: times.readAt }),
    replaced: replacedIn(row, capability),
    goodSince: null,
    goodAt: row.state.good?.readAt ?? null,
  };
}

/** Whether the channel ever had what is lost. What cannot be read was always to be read. */
function worked(
  { recorded, worked: at }: Sighted['row'],
  about: Pick<Sign, 'capability'> & { readonly at: number },
): boolean {
  if (about.capability === null) return true;
  const status = recorded[about.capability];
  if (status === 'AVAILABLE' || status === 'LIMITED') return true;
  const last = at[about.capability];
  if (last === null) return false;
  return about.capability === 'messaging' || about.at - last <= CALLING_WORKED_MS;
}

function replacedIn({ state }: Sighted['row'], capability: Sign['capability']): Status | null {
  if (state.good === null || capability === null) return null;
  return verdictsOf(state.good.report)[capability]?.status ?? null;
}
