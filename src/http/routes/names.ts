/** Names beside ids: each is looked up once for a whole page. */
import type { AppId, ChannelId, CredentialId } from '#domain/id.ts';
import type { NumberNames } from '#ports/profiles.ts';
import { NO_NAMES } from '#ports/profiles.ts';
import type { NamedChannel, StoreView } from '#ports/store.ts';

export interface Link {
  readonly id: string;
  readonly name: string;
}

/** A channel is known by its number too. */
export interface ChannelLink extends Link {
  readonly display_number: string | null;
  readonly verified_name: string | null;
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
export async function channelLinks(
  view: StoreView,
  ids: Iterable<ChannelId>,
): Promise<ReadonlyMap<ChannelId, ChannelLink>> {
  const once = [...new Set(ids)];
  const named = await view.channels.namesOf(once);
  return new Map(once.map((id) => [id, channelLink(named.get(id) ?? unnamed(id))]));
}

/** One that is gone. */
export function unnamed(id: ChannelId): NamedChannel {
  return { id, name: id, names: NO_NAMES };
}

export function channelLink({ id, name, names }: NamedChannel): ChannelLink {
  return { id, name, ...numberNames(names) };
}

function numberNames({ displayNumber, verifiedName }: NumberNames) {
  return { display_number: displayNumber, verified_name: verifiedName };
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
