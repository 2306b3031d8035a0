/** A message as one alert. Its labels are its identity there, so they hold nothing that changes while it lives. */
import { inertText } from '#domain/inert-text.ts';
import type { Message } from '#domain/telling/message.ts';
import { fit, jsonOf } from '#notifiers/transport/fit.ts';
import { pageOf, plainLines, titleOf } from '#notifiers/transport/message-text.ts';

/** Longer than three repetitions, shorter than the 5 minutes after which Alertmanager ends an alert by itself. */
const LIVES_MS = 240_000;
const LABEL_MAX = 1_024;
const DESCRIPTION_MAX = 10_000;

export interface Alerting {
  readonly message: Message;
  readonly isPlain: boolean;
  /** Now, ms UTC. */
  readonly at: number;
}

export function alertsBody({ message, isPlain, at }: Alerting): string {
  const { incident, phase } = message;
  const startsAt = incident === null ? message.at : Date.parse(incident.began_at);
  const endedAt = Date.parse(incident?.resolved_at ?? incident?.ended_at ?? '');
  const known = Number.isNaN(endedAt) ? message.at : endedAt;
  // An end before the beginning is refused, and one in the future would fire on.
  const endsAt = phase === 'ended' ? Math.min(Math.max(known, startsAt), at) : at + LIVES_MS;
  const page = pageOf(message);
  const alert = {
    labels: labelsOf(message),
    annotations: isPlain ? { summary: titleOf(message) } : annotationsOf(message, page),
    startsAt: new Date(Math.min(startsAt, endsAt)).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    ...(page === null ? {} : { generatorURL: page }),
  };
  return jsonOf([alert]);
}

function labelsOf({ labels, dedupKey }: Message): Readonly<Record<string, string>> {
  const named = Object.entries(labels).map(([name, value]) => {
    const plain = name.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=[0-9])/, '_');
    return [plain, fit(inertText(value), LABEL_MAX)];
  });
  return { ...Object.fromEntries(named), alertname: 'WabaHealth', waba_health_key: dedupKey };
}

function annotationsOf(message: Message, page: string | null): object {
  const { severity, incident } = message;
  return {
    summary: titleOf(message),
    description: plainLines(message, DESCRIPTION_MAX),
    // Not a label: it rises when LIMITED turns into BLOCKED, and would be another alert.
    severity,
    ...(incident === null ? {} : { status: incident.status, incident: String(incident.number) }),
    ...(page === null ? {} : { link: page }),
  };
}
