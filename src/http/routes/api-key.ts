import type { Answer } from '#api/call.ts';
import type { ApiKey } from '#domain/api-key.ts';
import { isId } from '#domain/id.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { adoptKey, issueKey, revokeKey } from '#monitor/keys.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf, timestampOrNull } from './handler.ts';

export const apiKeyRoutes: Handlers<'listApiKeys' | 'addApiKey' | 'revokeApiKey'> = {
  async listApiKeys({ params: { ref }, query }, { monitor }) {
    const { after, limit } = pageRequestOf(query);
    const keys = await monitor.deps.store.read(async (view) => {
      const channel = found(await view.channels.find(ref), 'channel', ref);
      return view.apiKeys.listOf(channel.id);
    });
    // By id, which is the order in which they were made.
    const rest = keys
      .filter(({ id }) => after === null || id > after)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const items = rest.slice(0, limit);
    const next = rest.length > limit ? (items.at(-1)?.id ?? null) : null;
    return { status: 200, body: { items: items.map(apiKeyView), next_cursor: cursorOf(next) } };
  },

  async addApiKey({ params: { ref }, body }, { monitor }) {
    if (body.origin === 'adopted') {
      const key = await adoptKey(monitor, ref);
      return { status: 201, body: { ...apiKeyView(key), text: null } };
    }
    const expiresAt = body.expires_at === null ? null : Date.parse(body.expires_at);
    const { key, text } = await issueKey(monitor, ref, { expiresAt });
    return { status: 201, body: { ...apiKeyView(key), text: text.reveal() } };
  },

  async revokeApiKey({ params: { id } }, { monitor }) {
    await revokeKey(monitor, found(isId('key', id) ? id : null, 'API key', id));
    return { status: 204, body: undefined };
  },
};

function apiKeyView(key: ApiKey): Answer<'listApiKeys'>['body']['items'][number] {
  return {
    id: key.id,
    channel_id: key.channelId,
    origin: key.origin,
    hint: key.hint,
    created_at: timestampOf(key.createdAt),
    expires_at: timestampOrNull(key.expiresAt),
    revoked_at: timestampOrNull(key.revokedAt),
  };
}
