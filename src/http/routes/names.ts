/** Names beside ids: each is looked up once for a whole page. */
import type { AppId, ChannelId, CredentialId } from '#domain/id.ts';
import type { StoreView } from '#ports/store.ts';

export interface Link {
  readonly id: string;
  readonly name: string;
}

/** The links of these credentials, by id. */
export function credentialLinks(view: StoreView, ids: Iterable<CredentialId>) {
  return linksOf(ids, (id) => view.credentials.find(id));
}

/** The links of these apps, by id. */
export function appLinks(view: StoreView, ids: Iterable<AppId>) {
  return linksOf(ids, (id) => view.apps.find(id));
}

/** The links of these channels, by id. */
export function channelLinks(view: StoreView, ids: Iterable<ChannelId>) {
  return linksOf(ids, (id) => view.channels.find(id));
}

async function linksOf<K extends string>(
  ids: Iterable<K>,
  find: (id: K) => Promise<{ readonly name: string } | null>,
): Promise<ReadonlyMap<K, Link>> {
  const links = new Map<K, Link>();
  for (const id of new Set(ids)) {
    links.set(id, { id, name: (await find(id))?.name ?? id });
  }
  return links;
}
