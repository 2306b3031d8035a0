/** Incidents: what channels show of causes, the incidents that were opened for them, and what became of those. */
import type { UpstreamKind } from '#domain/billing.ts';
import type { Capability } from '#domain/entity.ts';
import type { ChannelId, IncidentId } from '#domain/id.ts';
import type { Cause, CauseKind } from '#domain/incidents/cause.ts';
import type { Incident, IncidentEvent, LeftReason, Member } from '#domain/incidents/incident.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import type { Status } from '#domain/status.ts';
import type { Page, PageRequest } from './page.ts';

export interface IncidentFilter {
  /** `open`: unresolved. */
  readonly state?: 'open' | 'resolved';
  readonly causeKind?: CauseKind;
  /** Only those of which this channel is or was a member. */
  readonly channelId?: ChannelId;
}

/** Of the unresolved ones. */
export interface OpenFilter {
  /** Only those that wait for their siblings. */
  readonly isGathering?: boolean;
}

/** What the suspects of one cause show together, the first 500 of them. */
export interface Suspicion {
  readonly channels: number;
  readonly reads: number;
  /** When the first bad read of any of them was begun, and was there. */
  readonly firstStartedAt: number;
  readonly firstBadAt: number;
  /** The newest good read of the cause by any of them; null without one. */
  readonly goodAt: number | null;
}

export interface MemberCounts {
  /** Members now, and whoever ever was one. */
  readonly affected: number;
  readonly ever: number;
}

/** How long after somebody was at it causes with this code were good again. */
export interface Earlier {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cases: number;
}

export interface IncidentsView {
  /** By id, or by number as text. */
  find(ref: string): Promise<Incident | null>;
  findAll(ids: readonly IncidentId[]): Promise<readonly Incident[]>;
  /** The unresolved one of a cause; in a change it is locked until that ends. */
  openOf(cause: Cause, capability: Capability | null): Promise<Incident | null>;
  /** Newest first. */
  list(page: PageRequest, filter: IncidentFilter): Promise<Page<Incident>>;
  /** All that is unresolved, oldest first; a page at a time. */
  walkOpen(page: PageRequest, filter: OpenFilter): Promise<Page<Incident>>;
  /** Those that this fleet incident tells of, oldest first. */
  inhibitedBy(id: IncidentId, page: PageRequest): Promise<Page<Incident>>;
  /** Everything that one channel shows at present, in the order of keys; in a change it is locked until that ends. */
  signsOf(channelId: ChannelId): Promise<readonly Sign[]>;
  /** Of those that are suspected of this status, or of worse. Null without one. */
  suspicionOf(
    cause: Cause,
    capability: Capability | null,
    status: Status,
  ): Promise<Suspicion | null>;
  /** The signs of an incident's present members, in the order of channels. */
  signsIn(id: IncidentId, page: PageRequest): Promise<Page<Sign>>;
  /** In the order in which they joined. */
  membersOf(id: IncidentId, page: PageRequest): Promise<Page<Member>>;
  /** Counts every one of them. */
  countsOf(id: IncidentId): Promise<MemberCounts>;
  /** Oldest first. */
  eventsOf(id: IncidentId, page: PageRequest): Promise<Page<IncidentEvent>>;
  /**
   * From the last acknowledgement to the first good read, over the newest 100 resolved incidents whose weightiest
   * code this is; null without any.
   */
  earlierOf(code: string): Promise<Earlier | null>;
  /** How many incidents of this very cause were opened at `since` or later. */
  opensOf(cause: Cause, capability: Capability | null, since: number): Promise<number>;
  /**
   * How many distinct entity causes of an upstream became suspect where the capability had worked, and still
   * are, or were opened at `since` or later, baseline incidents not among them. Counts up to 100.
   */
  newCausesOf(upstream: UpstreamKind, since: number): Promise<number>;
  /** When the last member that recovered was first good again, ms UTC; null when none did. */
  lastRecoveryOf(id: IncidentId): Promise<number | null>;
  /** When a present member, of the first 500, was last read well, ms UTC; null when none ever was. */
  newestReadOf(id: IncidentId): Promise<number | null>;
  /** How many are unresolved, by severity. */
  openCounts(): Promise<Readonly<Record<Incident['severity'], number>>>;
}

export interface IncidentsChange extends IncidentsView {
  /** Writes a sign; one of the same (channel, cause, capability) is replaced. */
  putSign(sign: Sign): Promise<void>;
  /**
   * Whether every read of a channel counts, also one that says the same as before: while something about it
   * is to be confirmed, or its recovery.
   */
  setClosely(channelId: ChannelId, isClosely: boolean): Promise<void>;
  /** Drops it. Null drops all of the channel. */
  dropSign(
    channelId: ChannelId,
    about: { readonly cause: Cause; readonly capability: Capability | null } | null,
  ): Promise<void>;
  /**
   * Opens it and gives it the next number. Null when the cause has an unresolved one already: whoever loses
   * that race joins.
   */
  open(incident: Omit<Incident, 'number'>): Promise<Incident | null>;
  /** Replaces every field but id, number, cause, capability and `openedAt`. */
  replace(incident: Incident): Promise<void>;
  /**
   * Makes suspects of a cause members of its incident, up to `limit` (≤ 500), in the order of channels. Gives
   * their signs as they are now.
   */
  enlist(incident: Incident, at: number, limit: number): Promise<readonly Sign[]>;
  /** Adds or, for one that is a member already or was, renews it. */
  join(member: Member): Promise<void>;
  leave(
    id: IncidentId,
    channelId: ChannelId,
    about: { readonly at: number; readonly reason: LeftReason },
  ): Promise<void>;
  /** Adds to the ends of timelines; at most 500. */
  addEvents(events: readonly IncidentEvent[]): Promise<void>;
  /**
   * Makes present members due at `now`, after `after` in the order of channels, up to `limit` (≤ 500). Gives
   * the last one, or null when there are no more.
   */
  wake(
    id: IncidentId,
    about: { readonly now: number; readonly after: ChannelId | null; readonly limit: number },
  ): Promise<ChannelId | null>;
  /**
   * Mutes the signs of present members, and these leave as `manual`, up to `limit` (≤ 500): nothing is opened for
   * them until a good read was seen. Gives how many.
   */
  mute(id: IncidentId, at: number, limit: number): Promise<number>;
  /**
   * Erases incidents that were resolved before this, their members and timelines first: up to `limit` (≤ 500) rows
   * of each. Gives how many rows went; 0 when none is left.
   */
  prune(about: { readonly before: number; readonly limit: number }): Promise<number>;
}
