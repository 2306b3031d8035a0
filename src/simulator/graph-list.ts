/** Edges of nodes: lists with cursors (docs/meta.md §7.4). */
import type { Token } from './credentials.ts';
import type { NodeType, SimNode } from './node.ts';
import type { SimulatorState } from './state.ts';

const PAGE_SIZE = 25;
/** docs/meta.md §8.14 */
const PAGE_SIZE_MAX = 100;

export interface Edge {
  readonly of: NodeType;
  readonly ids: (state: SimulatorState, node: SimNode, token: Token) => readonly string[];
}

export const EDGES: Readonly<Record<string, Edge>> = {
  phone_numbers: {
    of: 'WABA',
    ids: ({ world }, node) => world.children(node.id, 'PHONE_NUMBER'),
  },
  message_templates: {
    of: 'WABA',
    ids: ({ world }, node) => world.children(node.id, 'MESSAGE_TEMPLATE'),
  },
  owned_whatsapp_business_accounts: {
    of: 'BUSINESS',
    ids: ({ world }, node, token) => granted(world.children(node.id, 'WABA'), token),
  },
  client_whatsapp_business_accounts: {
    of: 'BUSINESS',
    ids: ({ world }, node, token) => granted(world.clients(node.id), token),
  },
};

function granted(wabaIds: readonly string[], { wabas }: Token): readonly string[] {
  return wabas === null ? wabaIds : wabaIds.filter((id) => wabas.has(id));
}

/** The businesses that own, or share in, a WABA granted to the token (docs/meta.md §8.11). */
export function businessesOf(
  { world, credentials }: SimulatorState,
  token: Token,
): readonly string[] {
  const businesses = credentials.wabasOf(token).flatMap((id) => {
    const node = world.node(id);
    return [node?.parentId ?? [], node?.partnerId ?? []].flat();
  });
  return [...new Set(businesses)];
}

export interface ListRequest {
  readonly query: URLSearchParams;
  /** The address of the list itself, without query. */
  readonly address: string;
}

/** The page that the request asks for: `data`, `paging.cursors`, and `next` while there is more. */
export function pageText(
  ids: readonly string[],
  request: ListRequest,
  textOf: (id: string) => string,
): string {
  const { query } = request;
  const limit = Math.min(PAGE_SIZE_MAX, Math.max(1, Number(query.get('limit')) || PAGE_SIZE));
  const from = offsetOf(query.get('after'));
  const page = ids.slice(from, from + limit);
  const data = page.map(textOf).join(',');
  if (page.length === 0) return '{"data":[]}';
  const after = cursorOf(from + page.length);
  const cursors = `{"before":"${cursorOf(from)}","after":"${after}"}`;
  const more = from + page.length < ids.length;
  const next = more ? `,"next":${JSON.stringify(nextAddress(request, after))}` : '';
  return `{"data":[${data}],"paging":{"cursors":${cursors}${next}}}`;
}

function nextAddress({ query, address }: ListRequest, after: string): string {
  const next = new URLSearchParams(query);
  next.delete('access_token');
  next.set('after', after);
  return `${address}?${next.toString()}`;
}

/** Cursors are opaque; here they hold the offset. */
function cursorOf(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64url');
}

/** 0 for no cursor and for one that is not ours. */
function offsetOf(cursor: string | null): number {
  const text = cursor === null ? '' : Buffer.from(cursor, 'base64url').toString();
  return Number(/^offset:(\d{1,9})$/.exec(text)?.[1] ?? 0);
}
