/**
 * Who hears of what where no rule says otherwise: *notify* hears everything that begins, *page* only what
 * somebody must get up for (docs/decisions/0021-outbox.md).
 */
import type { Actor } from '#domain/actor.ts';
import type { TellingFacts } from './match.ts';
import { carries } from './match.ts';
import type { Urgency } from './receiver.ts';

/** So many numbers at once wake somebody, whoever must mend it. */
const PAGES_FROM_NUMBERS = 10;

/** Whose numbers these are is known, and it is not us who lose by them. */
const CUSTOMER = { customer: '*' } as const;

const OURS_TO_MEND: Readonly<Partial<Record<Actor, string>>> = {
  integrator: 'you must mend it',
  provider: 'the provider must mend it',
  unknown: 'nobody knows who must mend it',
};

/** Whether a receiver of this urgency hears of it, and why: the second half of a sentence. */
export function defaultRule(
  urgency: Urgency,
  facts: TellingFacts,
): { readonly isTold: boolean; readonly because: string } {
  if (urgency === 'notify') return { isTold: true, because: 'it is notified of everything' };
  const because = wakes(facts);
  return because === null
    ? { isTold: false, because: notWaking(facts) }
    : { isTold: true, because };
}

/** Why somebody is woken for it; null where nobody is. */
function wakes(facts: TellingFacts): string | null {
  const { incident, numbers, channels } = facts;
  const { kind } = incident.cause;
  if (incident.severity !== 'critical') return null;
  if (kind === 'upstream' || kind === 'server') return 'half of the fleet is out of sight';
  if (!isLossOfMessaging(facts)) return null;
  const mender = OURS_TO_MEND[incident.actor];
  if (mender !== undefined) return mender;
  if (numbers >= PAGES_FROM_NUMBERS) return `${numbers} numbers are hit`;
  // Where it is not known whose they are, somebody should look.
  const isOwn = channels.length === 0 || channels.some(({ labels }) => !carries(labels, CUSTOMER));
  return isOwn ? 'it hits numbers without the label customer' : null;
}

function isLossOfMessaging({ incident }: TellingFacts): boolean {
  const { cause, status, capability } = incident;
  const isLoss = cause.kind === 'entity' || cause.kind === 'fleet';
  return isLoss && status === 'BLOCKED' && capability !== 'calling';
}

function notWaking(facts: TellingFacts): string {
  const { incident } = facts;
  if (incident.cause.kind === 'warning') return 'an early warning wakes nobody';
  if (incident.status === 'LIMITED') return 'what is LIMITED wakes nobody';
  if (incident.capability === 'calling') return 'trouble with calls wakes nobody';
  if (!isLossOfMessaging(facts)) return 'nothing is known to be lost';
  return `its customer must mend it, and fewer than ${PAGES_FROM_NUMBERS} numbers are hit`;
}
