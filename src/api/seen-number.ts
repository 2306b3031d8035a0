/** The numbers that Graph credentials can see, and how they fit what is watched. */
import { z } from 'zod';
import { SEEN_STANDINGS } from '#domain/seen-number.ts';
import { component, link, metaId, oneOf, openWord, ref, strict, timestamp } from './field.ts';
import { pageOf, pageQuery, queryList } from './page.ts';
import { failure } from './verdict.ts';

/** How many WABAs one request may name: as many as are read within the time of a request. */
export const WABAS_AT_ONCE = 20;

const WABAS = `must be 1 to ${WABAS_AT_ONCE} WABAs, each {"id": "…"}`;

const namedNode = z.object({ id: z.string(), name: z.string().nullable() });

const unreadable = component(
  'Unreadable',
  z.object({
    what: openWord(['token', 'businesses', 'owned_wabas', 'client_wabas', 'numbers']),
    of: z.string().nullable().meta({ description: 'The business or WABA whose list it is.' }),
    failure,
  }),
);

export const foundWabas = component(
  'FoundWabas',
  z.object({
    items: z.array(namedNode.extend({ business: namedNode.nullable() })),
    unreadable: z.array(unreadable).meta({ description: 'Lists that were not read to their end.' }),
  }),
);

export const findNumbers = component(
  'FindNumbers',
  strict({
    wabas: z
      .array(strict({ id: metaId, business_id: metaId.nullable().default(null) }), { error: WABAS })
      .min(1, { error: WABAS })
      .max(WABAS_AT_ONCE, { error: WABAS }),
  }),
);

const standing = openWord(SEEN_STANDINGS).meta({
  description:
    '`watched`; `unwatched`: nobody watches it; `gone`: it is watched and no longer seen; `moved`: it is ' +
    'watched and now under another WABA; `forgotten`: neither seen nor watched. Expect more.',
});

const number = {
  node_id: z.string(),
  waba_id: z.string(),
  display_number: z.string().nullable(),
  verified_name: z.string().nullable(),
  standing,
  channel: link.nullable().meta({ description: 'The channel that watches it.' }),
};

export const foundNumbers = component(
  'FoundNumbers',
  z.object({ items: z.array(z.object(number)), unreadable: z.array(unreadable) }),
);

const seenNumber = component(
  'SeenNumber',
  z.object({
    ...number,
    credential: link.meta({ description: 'One that can see it, or was the last to see it.' }),
    business_id: z.string().nullable(),
    first_seen_at: timestamp,
    seen_at: timestamp,
    gone_at: timestamp.nullable(),
  }),
);

export const seenNumberPage = component('SeenNumberPage', pageOf(seenNumber));

export const listSeenNumbersQuery = strict({
  ...pageQuery,
  credential: ref.optional().meta({ description: 'Only what this credential can see.' }),
  standing: queryList(oneOf(SEEN_STANDINGS), SEEN_STANDINGS.length).meta({
    description: 'Only these; without it unwatched, gone and moved. A page may be short and go on.',
  }),
});
