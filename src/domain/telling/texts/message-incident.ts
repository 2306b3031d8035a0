/** What a program that receives a message learns of its incident: fields, where a person reads lines. */
import { shortInertText } from '#domain/inert-text.ts';
import type { MessageIncident } from '#domain/telling/message.ts';
import type { IncidentView } from './incident-view.ts';

/** Channels that are listed one by one: a webhook's body stays small. */
const CHANNELS_MAX = 20;
const TEXT_MAX = 256;

/** The incident as fields; foreign text in it is inert. */
export function messageIncident({ incident, numbers, channels }: IncidentView): MessageIncident {
  const { id, number, status, capability, cause, codes, actor } = incident;
  return {
    id,
    number,
    status,
    capability,
    cause: { kind: cause.kind, type: shown(cause.type), id: shown(cause.ref) },
    codes: codes.map((code) => shortInertText(code, TEXT_MAX)),
    actor,
    began_at: new Date(incident.beganAt).toISOString(),
    opened_at: new Date(incident.openedAt).toISOString(),
    ended_at: rfc3339(incident.endedAt),
    resolved_at: rfc3339(incident.resolvedAt),
    numbers,
    channels: channels.slice(0, CHANNELS_MAX).map((channel) => ({
      id: channel.id,
      name: channel.name,
      display_number: shown(channel.displayNumber),
      verified_name: shown(channel.verifiedName),
    })),
  };
}

function shown(text: string | null): string | null {
  return text === null ? null : shortInertText(text, TEXT_MAX);
}

function rfc3339(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
