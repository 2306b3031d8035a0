/**
 * A message: what is told about an incident (or about several, or about the week), as it stands when it is sent.
 * Built by `texts`, and put into each service's form by its notifier: notifiers decide nothing about content.
 */
import type { Severity } from '#domain/incidents/incident.ts';

/** The events that a message can be about; a webhook's `type` is `incident.opened` and so on. */
const MESSAGE_KINDS = [
  'incident.opened',
  'incident.worse',
  'incident.reminder',
  'incident.flapping',
  'incident.resolved',
  /** Opened and resolved before anything could be sent. */
  'incident.passed',
  /** Ended without recovery: retired, removed, paused, closed by hand. */
  'incident.ended',
  'baseline',
  'summary',
  'silence.ended',
  'digest',
  'test',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** A line of the message: a label and a text, as "Why: payment method failed (141006)". */
export interface MessageLine {
  /** Null for a line that speaks for itself. */
  readonly label: string | null;
  readonly text: string;
  /** An https page about it. */
  readonly link: string | null;
}

/** What an incident looks like to a program that receives messages. */
export interface MessageIncident {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly capability: string | null;
  readonly cause: {
    readonly kind: string;
    readonly type: string | null;
    readonly id: string | null;
  };
  readonly codes: readonly string[];
  readonly actor: string;
  /** RFC 3339. */
  readonly began_at: string;
  readonly opened_at: string;
  readonly ended_at: string | null;
  readonly resolved_at: string | null;
  /** How many numbers are affected now, how many ever were, and how many the cause could reach. */
  readonly numbers: { readonly affected: number; readonly ever: number; readonly total: number };
  /** The first of those affected. */
  readonly channels: readonly {
    readonly id: string;
    readonly name: string;
    readonly display_number: string | null;
    readonly verified_name: string | null;
  }[];
}

export interface Message {
  readonly kind: MessageKind;
  readonly severity: Severity;
  /** Whether trouble begins or goes on (`firing`), has ended, or neither, as in a digest. */
  readonly phase: 'firing' | 'ended' | 'note';
  /** What a lock screen shows: one line, no line breaks. */
  readonly title: string;
  /** At most 12, the title not among them. */
  readonly lines: readonly MessageLine[];
  /** The page of the incident, or where to read on; null where there is none. */
  readonly link: string | null;
  /** The key by which a receiver recognises the incident: `waba-health:<instance>:<incident id>`. */
  readonly dedupKey: string;
  /** When what it tells of happened, ms UTC. */
  readonly at: number;
  readonly incident: MessageIncident | null;
  /** Labels that do not change while the incident lives, for services that route by labels. */
  readonly labels: Readonly<Record<string, string>>;
}
