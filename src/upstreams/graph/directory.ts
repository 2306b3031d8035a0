/** What a token can see, read from Graph's lists. */
import type {
  Directory,
  ListAnswer,
  ListedNumber,
  NamedNode,
  NodeAnswer,
  PageWish,
} from '#ports/directory.ts';
import type { Access } from '#ports/upstream.ts';
import { askKnownFields } from '#upstreams/transport/ask-known-fields.ts';
import type { RefusedField } from '#upstreams/transport/ask-known-fields.ts';
import { askValue } from '#upstreams/transport/ask.ts';
import { failureOf } from '#upstreams/transport/failure-of.ts';
import { fieldOf } from '#upstreams/transport/meta/meta-error.ts';
import {
  fieldsAfterRefusal,
  NUMBER_FIELDS,
  profileOf,
  textOf,
} from '#upstreams/transport/meta/profile.ts';
import type { GraphCalls } from './graph-calls.ts';
import { secretsOf, unaskable } from './graph-calls.ts';
import { inspectToken } from './inspect-token.ts';
import { pageOf } from './list-page.ts';
import { idOf } from './node-id.ts';

/** Graph gives no more in one page. */
const PAGE_ITEMS_MAX = 100;

export function createDirectory(calls: GraphCalls): Directory {
  return {
    inspectToken: (access, timeoutMs) => inspectToken(calls, access, timeoutMs),
    businesses: (access, page) =>
      list(calls, { ...NAMED, access, page, of: 'me', edge: 'businesses' }),
    ownedWabas: (access, of, page) =>
      list(calls, { ...NAMED, access, page, of, edge: 'owned_whatsapp_business_accounts' }),
    clientWabas: (access, of, page) =>
      list(calls, { ...NAMED, access, page, of, edge: 'client_whatsapp_business_accounts' }),
    numbers: (access, of, page) =>
      list(calls, { ...NUMBERS, access, page, of, edge: 'phone_numbers' }),
    waba: (access, wabaId, timeoutMs) => readNamed(calls, { access, id: wabaId, timeoutMs }),
  };
}

/** What is asked of each entry of a list, and what becomes of it. */
interface Kind<Item> {
  readonly fields: readonly string[];
  fieldsAfter(fields: readonly string[], refused: RefusedField): readonly string[];
  itemOf(entry: unknown): Item | null;
}

interface Edge<Item> extends Kind<Item> {
  readonly access: Access;
  readonly page: PageWish;
  /** The node whose edge it is. */
  readonly of: string;
  readonly edge: string;
}

const NAMED: Kind<NamedNode> = {
  fields: ['id', 'name'],
  fieldsAfter: without,
  itemOf(entry) {
    const id = idOf(fieldOf(entry, 'id'));
    return id === null ? null : { id, name: textOf(fieldOf(entry, 'name')) };
  },
};

const NUMBERS: Kind<ListedNumber> = {
  fields: ['id', ...NUMBER_FIELDS],
  fieldsAfter: fieldsAfterRefusal,
  itemOf(entry) {
    const id = idOf(fieldOf(entry, 'id'));
    return id === null ? null : { id, profile: profileOf(entry) };
  },
};

function without(fields: readonly string[], { name }: RefusedField): readonly string[] {
  return fields.filter((field) => field !== name);
}

async function list<Item>(calls: GraphCalls, wish: Edge<Item>): Promise<ListAnswer<Item>> {
  const { access, page, of, edge } = wish;
  const failure = unaskable(access.secret, of);
  if (failure !== null) return { ok: false, failure };
  const limit = Math.min(Math.max(1, Math.floor(page.limit)), PAGE_ITEMS_MAX);
  const after = page.after === null ? '' : `&after=${encodeURIComponent(page.after)}`;
  const answer = await askKnownFields(calls.asking, {
    fields: wish.fields,
    timeoutMs: page.timeoutMs,
    requestFor: (fields, leftMs) =>
      calls.get(access, `${of}/${edge}?fields=${fields.join(',')}&limit=${limit}${after}`, leftMs),
    fieldsAfter: (fields, refused) => wish.fieldsAfter(fields, refused),
    secrets: () => secretsOf(access),
  });
  if (!answer.ok) return { ok: false, failure: answer.failure };
  return pageOf(answer.value, page.after, (entry) => wish.itemOf(entry));
}

async function readNamed(
  calls: GraphCalls,
  { access, id, timeoutMs }: { access: Access; id: string; timeoutMs: number },
): Promise<NodeAnswer> {
  const failure = unaskable(access.secret, id);
  if (failure !== null) return { ok: false, failure };
  const request = calls.get(access, `${id}?fields=${NAMED.fields.join(',')}`, timeoutMs);
  const answer = await askValue(calls.asking, request, () => secretsOf(access));
  if (!answer.ok) return { ok: false, failure: answer.failure };
  const node = NAMED.itemOf(answer.value);
  if (node !== null) return { ok: true, node };
  const detail = 'Graph answered 200 with a node without id.';
  return { ok: false, failure: failureOf('malformed_answer', detail, { httpStatus: 200 }) };
}
