/** What still works and what does not, in one sentence. */
import type { EffectLevel, EffectName } from '#domain/effect.ts';
import type { Explanation } from '#domain/explanation.ts';
import type { Incident } from '#domain/incidents/incident.ts';

type Levels = Readonly<Partial<Record<EffectName, EffectLevel>>>;

/** `New conversations fail; replies limited.` Where no code is known the status alone tells, and says so. */
export function effectsText(
  { capability, status }: Pick<Incident, 'capability' | 'status'>,
  explanation: Explanation | null,
): string {
  if (capability === 'calling') return callsText(status);
  const levels = levelsOf(explanation);
  const said = sendingText(levels);
  if (said === null) return `${STATUS_ALONE[status]}, as far as the status alone tells.`;
  const inbound = INBOUND[levels.inbound ?? 'yes'];
  return `${[said, ...(inbound === undefined ? [] : [inbound])].join('; ')}.`;
}

function callsText(status: Incident['status']): string {
  const said = status === 'LIMITED' ? 'Calls are limited' : 'No calls come in';
  return `${said}; messages are not affected.`;
}

const STATUS_ALONE: Readonly<Record<Incident['status'], string>> = {
  BLOCKED: 'Nothing can be sent',
  LIMITED: 'Sending is limited',
  UNKNOWN: 'Sending may be fine or not',
  AVAILABLE: 'Sending works',
};

const INBOUND: Readonly<Partial<Record<EffectLevel, string>>> = {
  no: 'incoming messages stop too',
  limited: 'incoming messages limited',
};

const CONVERSATIONS: Readonly<Record<EffectLevel, string>> = {
  no: 'New conversations fail',
  limited: 'New conversations limited',
  yes: 'New conversations work',
  unknown: 'New conversations uncertain',
};

const REPLIES: Readonly<Record<EffectLevel, string>> = {
  no: 'replies fail',
  limited: 'replies limited',
  yes: 'replies work',
  unknown: 'replies uncertain',
};

function sendingText({ business_initiated: first, replies }: Levels): string | null {
  if (first === undefined) return null;
  if (first === 'no' && replies === 'no') return 'Nothing can be sent';
  return replies === undefined
    ? CONVERSATIONS[first]
    : `${CONVERSATIONS[first]}; ${REPLIES[replies]}`;
}

function levelsOf(explanation: Explanation | null): Levels {
  const { business_initiated: first, replies, inbound } = explanation?.effects ?? {};
  return {
    ...(first && { business_initiated: first.level }),
    ...(replies && { replies: replies.level }),
    ...(inbound && { inbound: inbound.level }),
  };
}
