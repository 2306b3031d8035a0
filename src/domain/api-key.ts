/** An API key opens one channel's answer on the public route. Only its hash is stored. */
import type { ApiKeyId, ChannelId } from './id.ts';

export interface ApiKey {
  readonly id: ApiKeyId;
  readonly channelId: ChannelId;
  /** `issued` by us (`wh_…`), or `adopted`: the channel's own 360dialog key, so that clients keep it. */
  readonly origin: 'issued' | 'adopted';
  /** What a person recognises it by: the first 7 characters of an issued, the last 4 of an adopted key. */
  readonly hint: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** Whether the key opens anything at `now`. */
export function isLive(key: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, now: number): boolean {
  return key.revokedAt === null && (key.expiresAt === null || now < key.expiresAt);
}
