/** What a person says of a channel, and what came of it. */
import type { BilledBy, UpstreamKind } from '#domain/billing.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState } from '#domain/channel-state.ts';
import type { Secret } from '#domain/secret.ts';

export type CredentialChoice =
  /** An existing credential, by name or id. */
  | { readonly ref: string }
  /** A new one, which takes the channel's name. */
  | { readonly secret: Secret; readonly billedBy: BilledBy; readonly app: string | null };

export interface ChannelWish {
  readonly upstream: UpstreamKind;
  readonly credential: CredentialChoice;
  readonly nodeId: string | null;
  readonly externalId: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly checkIntervalMs: number | null;
  /** Whether a 360dialog key becomes the new channel's API key, so that clients keep theirs. */
  readonly adoptKey: boolean;
  /** Whether it waits instead of being checked; left out, that stays, and a new one is checked. */
  readonly paused?: boolean;
  /** Whether a new channel is read before it is stored. */
  readonly check: boolean;
}

export interface PutChannel {
  readonly channel: Channel;
  readonly created: boolean;
  readonly state: ChannelState;
}
