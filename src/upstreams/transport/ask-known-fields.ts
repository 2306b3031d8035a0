/**
 * Asks for fields of which the node may not have all: one unknown name fails the whole read
 * (docs/meta.md §1.5), so what is refused is dropped and the rest asked for again.
 */
import type { Secret } from '#domain/secret.ts';
import { askValue } from './ask.ts';
import type { Asking, ValueAnswer } from './ask.ts';
import type { Request } from './exchange.ts';
import { metaErrorOf } from './meta/meta-error.ts';

/** What an upstream said about a field that it does not know. */
export interface RefusedField {
  readonly name: string;
  /** Graph's name for the node's type, such as `WhatsAppBusinessAccount`; null where it gave none. */
  readonly nodeType: string | null;
}

export interface FieldsWish {
  readonly fields: readonly string[];
  /** The most that all rounds together may take, in ms. */
  readonly timeoutMs: number;
  requestFor(fields: readonly string[], timeoutMs: number): Request;
  /** The fields to ask for instead. Each refused name must be gone, or this never ends. */
  fieldsAfter(fields: readonly string[], refused: RefusedField): readonly string[];
  secrets(): readonly Secret[];
}

/** The first answer that is no refusal of one of the fields, or the refusal when none is left. */
export async function askKnownFields(asking: Asking, wish: FieldsWish): Promise<ValueAnswer> {
  const { clock } = asking;
  const deadline = clock.now() + wish.timeoutMs;
  let { fields } = wish;
  for (;;) {
    const leftMs = Math.max(0, deadline - clock.now());
    const request = wish.requestFor(fields, leftMs);
    // Each round needs the answer of the one before.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await askValue(asking, request, () => wish.secrets());
    const refused = answer.ok ? null : refusedFieldIn(answer.heard?.value);
    if (refused === null || !fields.includes(refused.name)) return answer;
    fields = wish.fieldsAfter(fields, refused);
    if (fields.length === 0) return answer;
  }
}

const NONEXISTING = /nonexisting field \((\w{1,64})\)(?: on node type \((\w{1,64})\))?/i;

function refusedFieldIn(value: unknown): RefusedField | null {
  const error = metaErrorOf(value);
  const match = error?.code === 100 ? NONEXISTING.exec(error.message) : null;
  const name = match?.[1];
  return name === undefined ? null : { name, nodeType: match?.[2] ?? null };
}
