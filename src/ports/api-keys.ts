/** The API keys of channels, by their hashes. */
import type { ApiKey } from '#domain/api-key.ts';
import type { ApiKeyId, ChannelId } from '#domain/id.ts';

export interface ApiKeysView {
  find(id: ApiKeyId): Promise<ApiKey | null>;
  /**
   * By the lower-case hex SHA-256 of the key's text; also a revoked or expired one, unless the same
   * text is a key again.
   */
  findByHash(hash: string): Promise<ApiKey | null>;
  listOf(channelId: ChannelId): Promise<readonly ApiKey[]>;
  /** The hashes of all its keys, revoked ones too, for caches to drop. */
  hashesOf(channelId: ChannelId): Promise<readonly string[]>;
}

export interface ApiKeysChange extends ApiKeysView {
  /** Problem `conflict` when the same text is a key that is not revoked. */
  add(key: ApiKey, hash: string): Promise<void>;
  /** Ends it; the first time counts. */
  revoke(id: ApiKeyId, at: number): Promise<void>;
}
