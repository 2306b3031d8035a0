/**
 * The store: what is remembered. Two views of one consistent state: the type you hold says whether you
 * may write. Both contracts are proven by `test/contracts/store.ts` on every engine.
 *
 * Rules for every method: `limit` is at most 500; a name or id that does not exist gives null, not an
 * error, and changing or removing it has no effect; a store that cannot be reached throws Problem
 * `store_unavailable`; a unique name, external id, node or key that is taken throws Problem `conflict`
 * with a sentence that names it. In a change, what a `find`, `findRow` or `get` gave stays as it is until
 * the change ends.
 */
import type { App } from '#domain/app.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState } from '#domain/channel-state.ts';
import type { Credential } from '#domain/credential.ts';
import type { Capability, EntityRef } from '#domain/entity.ts';
import type { AppId, ChannelId, CredentialId } from '#domain/id.ts';
import type { Secret } from '#domain/secret.ts';
import type { Status } from '#domain/status.ts';
import type { Recorded } from '#domain/transition.ts';
import type { ApiKeysChange, ApiKeysView } from './api-keys.ts';
import type { BudgetsChange, BudgetsView } from './budgets.ts';
import type { FleetView } from './fleet.ts';
import type { IncidentsChange, IncidentsView } from './incidents.ts';
import type { OutboxChange, OutboxView } from './outbox.ts';
import type {
  ReceiversChange,
  ReceiversView,
  RulesChange,
  RulesView,
  SilencesChange,
  SilencesView,
} from './telling.ts';
import type { HistoryChange, HistoryView } from './history.ts';
import type { NumberNames, ProfilesChange, ProfilesView } from './profiles.ts';
import type { Page, PageRequest } from './page.ts';
import type { ScheduleChange, ScheduleView } from './schedule.ts';
import type { SeenNumbersChange, SeenNumbersView } from './seen-numbers.ts';
import type { SignalsChange, SignalsView } from './signals.ts';
import type { TokenFactsChange, TokenFactsView } from './token-facts.ts';
import type { TalliesChange, TalliesView } from './tallies.ts';

export interface Store {
  /**
   * Runs `work` on one consistent state, without the right to write. It never waits for a change. As in
   * `change`, `work` uses the view it is given; calling the store itself there throws.
   */
  read<T>(work: (view: StoreView) => Promise<T>): Promise<T>;
  /**
   * The same for work that may touch many rows: it takes its turn and never keeps others from running.
   * Problem `store_unavailable` when too many are waiting.
   */
  scan<T>(work: (view: StoreView) => Promise<T>): Promise<T>;
  /**
   * Runs `work` with write access: all of it commits, or none. One write that failed fails the whole
   * change, even when `work` catches its error. `work` must not wait on the network or on a timer; it
   * may be run again from the start when the engine asks for it.
   */
  change<T>(work: (tx: StoreChange) => Promise<T>): Promise<T>;
  /**
   * Tells of what other programs on the same store have changed, within 5 s, so that memory can drop it.
   * A `delivery` that this program itself made due is told too, after the commit, so that it is sent at once.
   */
  follow(hear: (notice: Notice) => void): void;
  /** Waits for work under way and closes. Idempotent. */
  close(): Promise<void>;
}

/**
 * Something that memory may hold and that is no longer what it was. Of a key, `ref` is its hash. A
 * `delivery` is told once for all that a change made due, and its `ref` is `due`.
 */
export interface Notice {
  readonly noun: 'channel' | 'credential' | 'key' | 'delivery';
  readonly ref: string;
}

export interface StoreView {
  readonly apps: AppsView;
  readonly credentials: CredentialsView;
  readonly channels: ChannelsView;
  readonly apiKeys: ApiKeysView;
  readonly settings: SettingsView;
  readonly history: HistoryView;
  readonly schedule: ScheduleView;
  readonly budgets: BudgetsView;
  readonly profiles: ProfilesView;
  readonly tokenFacts: TokenFactsView;
  readonly seenNumbers: SeenNumbersView;
  readonly fleet: FleetView;
  readonly tallies: TalliesView;
  readonly incidents: IncidentsView;
  readonly outbox: OutboxView;
  readonly receivers: ReceiversView;
  readonly rules: RulesView;
  readonly silences: SilencesView;
  readonly signals: SignalsView;
}

export interface StoreChange extends StoreView {
  readonly apps: AppsChange;
  readonly credentials: CredentialsChange;
  readonly channels: ChannelsChange;
  readonly apiKeys: ApiKeysChange;
  readonly settings: SettingsChange;
  readonly history: HistoryChange;
  readonly schedule: ScheduleChange;
  readonly budgets: BudgetsChange;
  readonly profiles: ProfilesChange;
  readonly tokenFacts: TokenFactsChange;
  readonly seenNumbers: SeenNumbersChange;
  readonly tallies: TalliesChange;
  readonly incidents: IncidentsChange;
  readonly outbox: OutboxChange;
  readonly receivers: ReceiversChange;
  readonly rules: RulesChange;
  readonly silences: SilencesChange;
  readonly signals: SignalsChange;
}

export interface AppsView {
  /** By id or by name. */
  find(ref: string): Promise<App | null>;
  list(page: PageRequest): Promise<Page<App>>;
  /** The sealed secret, opened; null when the app has none. */
  secretOf(id: AppId): Promise<Secret | null>;
}

export interface AppsChange extends AppsView {
  add(app: App, secret: Secret | null): Promise<void>;
  /** Replaces every field; the secret too unless `secret` is 'keep'. */
  replace(app: App, secret: Secret | null | 'keep'): Promise<void>;
  /** Removes it. Precondition: no credential uses it, else Problem `in_use`. */
  remove(id: AppId): Promise<void>;
}

export interface CredentialsView {
  find(ref: string): Promise<Credential | null>;
  list(page: PageRequest): Promise<Page<Credential>>;
  /** The sealed secret, opened. Problem `not_found` when there is no such credential. */
  secretOf(id: CredentialId): Promise<Secret>;
  /** How many channels (archived ones not counted) use it. */
  usesOf(id: CredentialId): Promise<number>;
}

export interface CredentialsChange extends CredentialsView {
  add(credential: Credential, secret: Secret): Promise<void>;
  replace(credential: Credential, secret: Secret | 'keep'): Promise<void>;
  /** Removes it. Precondition: no channel uses it, archived ones included, else Problem `in_use`. */
  remove(id: CredentialId): Promise<void>;
}

export interface ChannelFilter {
  /** Only channels that carry each of these labels with exactly this value. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly credentialId?: CredentialId;
  /** True lists the archived channels; otherwise those that are not. */
  readonly archived?: boolean;
  /** Only those whose newest transition tells this verdict about messaging. */
  readonly messaging?: Status;
}

/** A channel together with what is known about it. */
export interface ChannelRow {
  readonly channel: Channel;
  readonly state: ChannelState;
  /** What history tells of it. */
  readonly recorded: Recorded;
  /** When each capability was last known to work, ms UTC; null when it never was. */
  readonly worked: Readonly<Record<Capability, number | null>>;
  /** How often the schedule reads it at present, in ms: its interval, stretched or learned. */
  readonly paceMs: number;
  /** By what people know the number, as its profile tells. */
  readonly names: NumberNames;
}

/** A channel by all that people know it by. */
export interface NamedChannel {
  readonly id: ChannelId;
  readonly name: string;
  readonly names: NumberNames;
}

export interface ChannelsView {
  /** By id, or by name among those not archived. */
  find(ref: string): Promise<Channel | null>;
  /** The same with what is known of it. */
  findRow(ref: string): Promise<ChannelRow | null>;
  list(page: PageRequest, filter?: ChannelFilter): Promise<Page<ChannelRow>>;
  /** By what people know these, archived ones too; at most 500 at once. */
  namesOf(ids: readonly ChannelId[]): Promise<ReadonlyMap<ChannelId, NamedChannel>>;
  /** What these carry, archived ones too; at most 500 at once. */
  labelsOf(
    ids: readonly ChannelId[],
  ): Promise<ReadonlyMap<ChannelId, Readonly<Record<string, string>>>>;
  /** Those removed before this moment, in the order in which they were. */
  archivedBefore(at: number, limit: number): Promise<readonly Channel[]>;
  /** The body of the last good read, byte for byte; null before one. */
  bodyOf(id: ChannelId): Promise<Uint8Array | null>;
  /** The channels that watch these nodes on graph, archived ones not among them; at most 500. */
  ofNodes(nodeIds: readonly string[]): Promise<ReadonlyMap<string, Channel>>;
  /**
   * The channels whose display number has these digits, archived ones not among them; at most 500. Of
   * several with the same digits, one.
   */
  ofDigits(digits: readonly string[]): Promise<ReadonlyMap<string, Channel>>;
  count(): Promise<number>;
  /** The channels, archived ones not among them, whose last good read names this entity, in the order of ids. */
  ofEntity(
    entity: { readonly type: string; readonly id: string },
    page: PageRequest,
  ): Promise<Page<ChannelId>>;
  /** How many these are, counted up to 100,000. */
  countOfEntity(entity: { readonly type: string; readonly id: string }): Promise<number>;
  /** How many of up to 500 of these have not been asked, well or not, since this moment, though they are watched. */
  countUnread(
    entity: { readonly type: string; readonly id: string },
    since: number,
  ): Promise<number>;
  /**
   * Watched channels whose last good read is older than their staleness limit at `now`, in the order of ids:
   * those of which history does not yet tell so, or those that it does tell of and that show no sign of being
   * unreadable. Scans: for `Store.scan`.
   */
  outdated(about: {
    readonly isTold: boolean;
    readonly now: number;
    readonly after: ChannelId | null;
    readonly limit: number;
  }): Promise<Page<ChannelId>>;
}

/** A right to ask: the channel's next attempt number, and until when nobody else starts one. */
export interface Claim {
  readonly attempt: number;
  readonly leaseUntil: number;
}

export interface ChannelsChange extends ChannelsView {
  add(channel: Channel): Promise<void>;
  /**
   * Replaces every field but the identity, which only `writeState` sets. None of an archived one. A new
   * interval or pause moves its due times; another credential gives it another place in the schedule.
   */
  replace(channel: Channel): Promise<void>;
  /**
   * Stops it for good: frees its name, external id, node and credential for others and revokes its
   * keys; its history stays.
   */
  archive(id: ChannelId, at: number): Promise<void>;
  /** Erases it and all that hangs on it, bodies included that no other channel has. */
  purge(id: ChannelId): Promise<void>;
  /**
   * Claims the next attempt: `attempt + 1` and a lease. Null when a lease is alive at `now`, or when
   * the channel is gone or archived.
   */
  claim(id: ChannelId, now: number, leaseMs: number): Promise<Claim | null>;
  /**
   * Writes the state that an attempt led to, with the body exactly if that attempt was a good read, and
   * ends its lease, but not that of a newer attempt. Writes nothing and gives false when an equal or
   * newer attempt is written already (the fence), or when the channel is gone or archived. A good
   * snapshot's identity becomes the channel's. Precondition: `state` follows from the one stored, as
   * read in this change.
   */
  writeState(id: ChannelId, state: ChannelState, body: Uint8Array | null): Promise<boolean>;
  /**
   * Erases a body that neither a state nor a transition refers to any more. To be called for the body
   * that a new one took the place of, once the transitions between the two are added.
   */
  dropBody(hash: string): Promise<void>;
  /** The entities that its last good read names; those without an id are left out. */
  nameEntities(id: ChannelId, entities: readonly EntityRef[]): Promise<void>;
}

/** Facts about the installation itself. */
export interface SettingsView {
  get(name: SettingName): Promise<string | null>;
}

export interface SettingsChange extends SettingsView {
  put(name: SettingName, value: string): Promise<void>;
}

/**
 * `instance_id` names this installation; `admin_token_hash` is the SHA-256 of the administrator's token;
 * `interval_rules` are those by which the intervals of all channels were last computed; `baseline_told` is the
 * number of the last incident that a baseline summary told of. Stores count incidents in `incident_number`.
 */
type SettingName = 'instance_id' | 'admin_token_hash' | 'interval_rules' | 'baseline_told';
