import type { Answer } from '#api/call.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import type { Unreadable } from '#monitor/discover.ts';
import { findNumbers, findWabas, seerOf } from '#monitor/discover.ts';
import type { HeldAgainst } from '#monitor/seen-numbers.ts';
import { heldAgainst, listSeen, rememberNumbers } from '#monitor/seen-numbers.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf, timestampOrNull } from './handler.ts';
import { failureView } from './judgement-view.ts';
import type { Link } from './names.ts';
import { credentialLinks } from './names.ts';

type Item = Answer<'findNumbers'>['body']['items'][number];

/** What is not as it should be. */
const REMARKABLE = ['unwatched', 'gone', 'moved'] as const;

export const seenNumberRoutes: Handlers<'findWabas' | 'findNumbers' | 'listSeenNumbers'> = {
  async findWabas({ params: { ref } }, { monitor: { deps } }) {
    const seer = await seerOf(deps, ref);
    const { wabas, unreadable } = await findWabas(deps, seer);
    const items = wabas.map(({ id, name, business }) => ({
      id,
      name,
      business: business && { id: business.id, name: business.name },
    }));
    return { status: 200, body: { items, unreadable: unreadable.map(unreadableView) } };
  },

  async findNumbers({ params: { ref }, body }, { monitor: { deps } }) {
    const seer = await seerOf(deps, ref);
    const at = deps.clock.now();
    const wabas = body.wabas.map(({ id, business_id }) => ({ id, businessId: business_id }));
    const numbers = await findNumbers(deps, seer, wabas);
    await rememberNumbers(deps, seer, { found: numbers, at, isAll: false });
    const held: HeldAgainst[] = [];
    for (let from = 0; from < numbers.numbers.length; from += LOT) {
      const lot = numbers.numbers.slice(from, from + LOT).map(({ id, profile, waba }) => ({
        credentialId: seer.credential.id,
        nodeId: id,
        wabaId: waba.id,
        businessId: waba.businessId,
        displayNumber: profile.displayNumber,
        verifiedName: profile.verifiedName,
        firstSeenAt: at,
        seenAt: at,
        goneAt: null,
      }));
      held.push(...(await deps.store.read((view) => heldAgainst(view, lot))));
    }
    const unreadable = numbers.unreadable.map(unreadableView);
    return { status: 200, body: { items: held.map(itemView), unreadable } };
  },

  async listSeenNumbers({ query }, { monitor: { deps } }) {
    const page = pageRequestOf(query);
    const standings = query.standing.length === 0 ? REMARKABLE : query.standing;
    return deps.store.read(async (view) => {
      const ref = query.credential;
      const credential =
        ref === undefined ? null : found(await view.credentials.find(ref), 'credential', ref);
      const filter = { credentialId: credential?.id, standings };
      const { items, next } = await listSeen(view, page, filter);
      const ids = items.map(({ seen }) => seen.credentialId);
      const links = await credentialLinks(view, ids);
      const body = {
        items: items.map((one) => seenView(one, links)),
        next_cursor: cursorOf(next),
      };
      return { status: 200, body };
    });
  },
};

/** How many numbers are looked up at once. */
const LOT = 500;

function itemView({ seen, channel, standing }: HeldAgainst): Item {
  return {
    node_id: seen.nodeId,
    waba_id: seen.wabaId,
    display_number: seen.displayNumber,
    verified_name: seen.verifiedName,
    standing,
    channel: channel && { id: channel.id, name: channel.name },
  };
}

function seenView(
  held: HeldAgainst,
  links: ReadonlyMap<string, Link>,
): Answer<'listSeenNumbers'>['body']['items'][number] {
  const { seen } = held;
  const { credentialId } = seen;
  return {
    ...itemView(held),
    credential: links.get(credentialId) ?? { id: credentialId, name: credentialId },
    business_id: seen.businessId,
    first_seen_at: timestampOf(seen.firstSeenAt),
    seen_at: timestampOf(seen.seenAt),
    gone_at: timestampOrNull(seen.goneAt),
  };
}

function unreadableView({ what, of, failure }: Unreadable) {
  return { what, of, failure: failureView(failure) };
}
