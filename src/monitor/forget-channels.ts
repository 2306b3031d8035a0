/** Drops from memory what a changed app or credential has made untrue. */
import type { AppId, ChannelId, CredentialId } from '#domain/id.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { StoreView } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import type { Latest } from './latest.ts';

const PAGE = 500;

/** What memory holds, and the truth behind it. */
interface Memory {
  readonly deps: Pick<Deps, 'store'>;
  readonly latest: Latest;
}

/** To be called after the commit. Costs one page of a listing per 500 channels. */
export async function forgetChannels(
  { deps: { store }, latest }: Memory,
  namedBy: (view: StoreView) => Promise<readonly ChannelId[]>,
): Promise<void> {
  for (const id of await store.read(namedBy)) latest.forget(id);
}

/** The channels that use this credential. */
export async function channelsOfCredential(
  view: StoreView,
  credentialId: CredentialId,
): Promise<readonly ChannelId[]> {
  const rows = await allOf((page) => view.channels.list(page, { credentialId }));
  return rows.map(({ channel }) => channel.id);
}

/** The channels whose credential belongs to this app. */
export async function channelsOfApp(view: StoreView, appId: AppId): Promise<readonly ChannelId[]> {
  const credentials = await allOf((page) => view.credentials.list(page));
  const found: ChannelId[] = [];
  for (const credential of credentials) {
    if (credential.appId === appId)
      found.push(...(await channelsOfCredential(view, credential.id)));
  }
  return found;
}

async function allOf<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> = await list({ after, limit: PAGE });
    all.push(...page.items);
    after = page.next;
  } while (after !== null);
  return all;
}
