/** What one read of a channel is, as the functions of this folder hand it on. */
import type { Channel } from '#domain/channel.ts';
import type { ChannelState, Outcome } from '#domain/channel-state.ts';
import type { Capability } from '#domain/entity.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import type { ReadTimes } from '#domain/incidents/sighting.ts';
import type { Deps } from '#monitor/deps.ts';
import type { ChannelRow, StoreChange } from '#ports/store.ts';

export interface Observation {
  /** The channel before the outcome, and after it, its identity included. */
  readonly row: ChannelRow;
  readonly channel: Channel;
  readonly state: ChannelState;
  readonly outcome: Outcome;
}

/** One read of a channel, as the functions of this folder hand it on. */
export interface Sighted extends Observation {
  readonly tx: StoreChange;
  readonly deps: Deps;
  readonly times: ReadTimes;
}

/** What is said of a cause, of any kind. */
export interface SaidCause {
  readonly cause: Sign['cause'];
  readonly capability: Capability | null;
  readonly status: Sign['status'];
  readonly codes: readonly string[];
  readonly text: string | null;
}
