/** A channel: one number (or, without one, a WABA) that we watch. */
import type { UpstreamKind } from './billing.ts';
import type { ChannelId, CredentialId } from './id.ts';
import type { Identity } from './identity.ts';

export interface Channel {
  readonly id: ChannelId;
  readonly name: string;
  /** The id this channel has in somebody else's system; unique where given. */
  readonly externalId: string | null;
  readonly upstream: UpstreamKind;
  readonly credentialId: CredentialId;
  /** The node asked on `graph`; null on `dialog360`, where the key alone decides. */
  readonly nodeId: string | null;
  /** At most 32, string to string. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its own, in ms, at least `CHECK_INTERVAL_MS_MIN`; null takes what its labels or its upstream give. */
  readonly checkIntervalMs: number | null;
  /** The interval in force, in ms: what `intervalMsFor` gave when it was last put. */
  readonly intervalMs: number;
  /** Since when no check is scheduled, because somebody asked for that; null while it is watched. */
  readonly pausedAt: number | null;
  /** Pinned by the first good read; null before it. */
  readonly identity: Identity | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When it was removed; its history stays, its checks and keys have ended. */
  readonly archivedAt: number | null;
}
