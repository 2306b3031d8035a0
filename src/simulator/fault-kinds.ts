/**
 * The ways in which an answer can be bad. Each kind says at which levels it can strike: an `item` (one
 * read, alone or in a batch), the whole `request`, or the `connection` under it.
 */
export const FAULT_LEVELS = ['item', 'request', 'connection'] as const;
export type FaultLevel = (typeof FAULT_LEVELS)[number];

const ITEM: readonly FaultLevel[] = ['item'];
const REQUEST: readonly FaultLevel[] = ['request'];
const ANSWER: readonly FaultLevel[] = ['request', 'item'];
const WIRE: readonly FaultLevel[] = ['connection'];

/** Per kind: its levels, the usual one first. */
export const FAULT_KINDS = {
  /** The answer comes `ms` later. */
  delay: REQUEST,
  /** `request`: no answer ever. `connection`: half of it, then silence. */
  hang: ['request', 'connection'],
  /** The connection is reset: instead of an answer, or after half of it with `after: "half"`. */
  reset: WIRE,
  /** `connection`: ends halfway through the announced length. Else: half a body of the right length. */
  truncated: ['connection', 'request', 'item'],
  /** An HTTP status, 503 unless `status` says otherwise, with that upstream's own error body. */
  status: ANSWER,
  /** A Graph error with `code`, `subcode`, `message`, on 360dialog in shape B (docs/dialog360.md §2.1). */
  graph_error: ANSWER,
  /** The same with HTTP 200 (docs/meta.md §3.1). */
  error_in_200: ANSWER,
  /** A proxy's page (docs/dialog360.md §2.1 G). */
  html: ANSWER,
  /** No body at all. */
  empty: ANSWER,
  /** `body` as it is, with `status` (200). */
  body: ANSWER,
  /** A good body made `bytes` long. */
  oversized: ANSWER,
  /** A good body with arrays nested `depth` deep in it. */
  deep: ANSWER,
  /** A value of the wrong type where `what` says (docs/meta.md §1.2 has the right ones). */
  wrong_types: ANSWER,
  /** New fields, entity types and words, as they come unannounced (docs/meta.md §1.5). */
  unknown_field: ANSWER,
  unknown_type: ANSWER,
  unknown_word: ANSWER,
  /** `errors: null` on every entity without errors (docs/meta.md §1.5). */
  null_errors: ANSWER,
  /** Ids as unquoted numbers, lengthened to `digits` digits (docs/meta.md §5.4). */
  unquoted_ids: ANSWER,
  /** A batch item that was not finished: `null` (docs/meta.md §4.3). */
  null_item: ITEM,
} as const satisfies Readonly<Record<string, readonly FaultLevel[]>>;

export type FaultKind = keyof typeof FAULT_KINDS;

export function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(FAULT_KINDS, text);
}

export const WRONG_TYPE_PLACES = [
  'root',
  'health_status',
  'entities',
  'entity',
  'word',
  'error_code',
] as const;
export type WrongTypePlace = (typeof WRONG_TYPE_PLACES)[number];
