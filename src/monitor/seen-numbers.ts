/** The numbers that credentials can see, held against those that are watched. */
import type { Channel } from '#domain/channel.ts';
import type { CredentialId } from '#domain/id.ts';
import { digitsOf } from '#domain/profile.ts';
import type { SeenNumber, SeenStanding } from '#domain/seen-number.ts';
import { standingOfSeen } from '#domain/seen-number.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { StoreView } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import type { FoundNumbers, FoundWabas, Seer } from './discover.ts';
import { findNumbers, findWabas } from './discover.ts';

/** A seen number, and the channel that watches it; null when none does. */
export interface HeldAgainst {
  readonly seen: SeenNumber;
  readonly channel: Channel | null;
  readonly standing: SeenStanding;
}

/** How many numbers one statement takes. */
const LOT = 500;

/**
 * Remembers what a discovery that began at `at` (ms UTC) has found; what was there before, in WABAs that
 * were read to their end, is gone. Throws Problem `store_unavailable`.
 */
export async function rememberNumbers(
  { store }: Pick<Deps, 'store'>,
  { credential, closing }: Seer,
  about: { readonly found: FoundNumbers; readonly at: number; readonly isAll: boolean },
): Promise<void> {
  const { found, at, isAll } = about;
  const numbers = found.numbers.map(({ id, profile, waba }) => ({
    nodeId: id,
    wabaId: waba.id,
    businessId: waba.businessId,
    displayNumber: profile.displayNumber,
    verifiedName: profile.verifiedName,
  }));
  const once = [...new Map(numbers.map((number) => [number.nodeId, number])).values()];
  for (let from = 0; from < once.length; from += LOT) {
    closing?.throwIfAborted();
    const lot = once.slice(from, from + LOT);
    await store.change((tx) => tx.seenNumbers.see(credential.id, lot, at));
  }
  closing?.throwIfAborted();
  if (isAll) {
    await markGone(store, { id: credential.id, at, wabaIds: 'all' });
    return;
  }
  for (let from = 0; from < found.read.length; from += LOT) {
    const wabaIds = found.read.slice(from, from + LOT);
    await markGone(store, { id: credential.id, at, wabaIds });
  }
}

async function markGone(
  store: Deps['store'],
  about: {
    readonly id: CredentialId;
    readonly at: number;
    readonly wabaIds: readonly string[] | 'all';
  },
): Promise<void> {
  const { id, at, wabaIds } = about;
  const gone = { seenBefore: at, at, wabaIds };
  while ((await store.change((tx) => tx.seenNumbers.markGone(id, gone))) > 0) {
    // Each round marks some hundreds, so that nobody waits long.
  }
}

/** One whole discovery of a credential: all its WABAs and their numbers, remembered. */
export async function discoverAll(
  deps: Deps,
  seer: Seer,
): Promise<{ readonly wabas: FoundWabas; readonly numbers: FoundNumbers }> {
  const at = deps.clock.now();
  const wabas = await findWabas(deps, seer);
  const refs = wabas.wabas.map(({ id, business }) => ({ id, businessId: business?.id ?? null }));
  const found = await findNumbers(deps, seer, refs);
  const isAll = wabas.unreadable.length === 0 && found.unreadable.length === 0;
  await rememberNumbers(deps, seer, { found, at, isAll });
  return { wabas, numbers: found };
}

/** Of at most 500 numbers: by the node that is watched, else by the digits of the number. */
export async function heldAgainst(
  view: StoreView,
  numbers: readonly SeenNumber[],
): Promise<readonly HeldAgainst[]> {
  const byNode = await view.channels.ofNodes(numbers.map(({ nodeId }) => nodeId));
  const digits = numbers.flatMap(({ displayNumber }) => digitsOf(displayNumber) ?? []);
  const byDigits = await view.channels.ofDigits(digits);
  return numbers.map((seen) => {
    const number = digitsOf(seen.displayNumber) ?? '';
    const channel = byNode.get(seen.nodeId) ?? byDigits.get(number) ?? null;
    return { seen, channel, standing: standingOfSeen(seen, channel) };
  });
}

/** What one request looks through at most, in pages: a page of rare finds may be short, and go on. */
const PAGES_MAX = 20;
const PAGE = 200;

/** Seen numbers of these standings, in the order of nodes. `next` goes on although a page may be short. */
export async function listSeen(
  view: StoreView,
  page: PageRequest,
  filter: {
    readonly credentialId: CredentialId | undefined;
    readonly standings: readonly SeenStanding[];
  },
): Promise<Page<HeldAgainst>> {
  const items: HeldAgainst[] = [];
  const { credentialId, standings } = filter;
  const seenBy = credentialId === undefined ? {} : { credentialId };
  let { after } = page;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const read = await view.seenNumbers.list({ after, limit: PAGE }, seenBy);
    const held = await heldAgainst(view, read.items);
    for (const one of held) {
      if (!standings.includes(one.standing)) continue;
      items.push(one);
      if (items.length === page.limit) return { items, next: one.seen.nodeId };
    }
    after = read.next;
    if (after === null) return { items, next: null };
  }
  return { items, next: after };
}
