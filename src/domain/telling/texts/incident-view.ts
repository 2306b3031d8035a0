/** What a text about an incident is made of: all that was known when it was sent, loaded beforehand. */
import type { Explanation } from '#domain/explanation.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Incident, LeftReason } from '#domain/incidents/incident.ts';
import type { Status } from '#domain/status.ts';

/** A channel by all that people know it by. */
export interface NamedNumber {
  readonly id: ChannelId;
  readonly name: string;
  readonly displayNumber: string | null;
  readonly verifiedName: string | null;
}

/** Where to read on: a page, and without one the command that shows the same. */
export interface Place {
  readonly url: string | null;
  readonly command: string;
}

export interface IncidentView {
  readonly incident: Incident;
  /** How many are affected now, how many ever were, and how many the cause could reach. */
  readonly numbers: { readonly affected: number; readonly ever: number; readonly total: number };
  /** The first of those affected, or of those that ever were; at most 50. */
  readonly channels: readonly NamedNumber[];
  /** How we call what it is about: the credential, app or receiver. Null where it has no name of ours. */
  readonly name: string | null;
  /** What the catalogue says about its first code; null where it has none. */
  readonly explanation: Explanation | null;
  /** How long after somebody was at it causes with this code were good again. */
  readonly earlier: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly cases: number;
  } | null;
  /** The rest of the fleet, and other incidents that are open; null in a message about a part of it. */
  readonly elsewhere: { readonly numbers: number; readonly incidents: number } | null;
  /** What was last known of the numbers that cannot be seen; null where it is not about these. */
  readonly lastKnown: Readonly<Record<Status, number>> | null;
  /** Of a fleet incident: how many causes it tells of. */
  readonly causes: number;
  /** How often this cause was opened within the last hour. */
  readonly opens: number;
  /** How many left, and why; null where these are too many to count. */
  readonly left: Readonly<Partial<Record<LeftReason, number>>> | null;
  /** Once it is over: how many of `channels` another incident keeps BLOCKED. */
  readonly stillHeld: number;
  /** Who closed it by hand. */
  readonly closedBy: string | null;
  /** What named it beside our own reads, in few words: `webhook account_update`. */
  readonly signals: readonly string[];
  /** Only numbers with these labels are counted; null for all. */
  readonly labels: Readonly<Record<string, string>> | null;
  /** When the receiver hears of it again though nothing changes, ms UTC; null for never. */
  readonly remindAt: number | null;
  readonly place: Place;
}

/** The moment and the reader of a message. */
export interface Occasion {
  /** When it is sent, and when what it tells of happened: ms UTC. */
  readonly now: number;
  readonly at: number;
  /** The reader's IANA time zone; null shows UTC alone. */
  readonly zone: string | null;
  /** The id of this installation. */
  readonly instance: string;
}
