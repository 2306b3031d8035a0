/**
 * The fields that several resources share. Each carries the sentence of what would be right, and the
 * components register by name, so that messages, types and OpenAPI come from one declaration.
 */
import { z } from 'zod';
import { BILLED_BY, UPSTREAM_KINDS } from '#domain/billing.ts';
import { NAME_PATTERN } from '#domain/id.ts';

/** The named schemas of the API: `id` is the name under `#/components/schemas`. */
export const COMPONENTS = z.registry<{ id: string }>();

/** Registers `schema` as a component, so that the document refers to it instead of repeating it. */
export function component<T extends z.ZodType>(id: string, schema: T): T {
  COMPONENTS.add(schema, { id });
  return schema;
}

/** A request's object: a field that is not declared is refused, with the fields that are. */
export function strict<S extends z.core.$ZodLooseShape>(shape: S) {
  const fields = Object.keys(shape);
  const known = fields.length === 0 ? 'nothing is taken' : `known are ${fields.join(', ')}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `is not known here; ${known}` : 'must be a JSON object',
  });
}

/** Text of this pattern; `must` is the sentence for everything else. */
export function text(pattern: RegExp, must: string) {
  return z.string({ error: must }).regex(pattern, { error: must });
}

/** One of these words. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: `must be ${words.join(' or ')}` });
}

/**
 * A word of a response whose list may grow: clients must expect words that are new to them, so the
 * document names today's without closing the list.
 */
export function openWord(words: readonly string[]) {
  return z
    .string()
    .meta({ description: `Today one of ${words.join(', ')}; expect more.`, examples: [...words] });
}

export function flag(fallback: boolean) {
  return z.boolean({ error: 'must be true or false' }).default(fallback);
}

const NAME =
  'must be a name: 1 to 63 lower-case letters, digits or hyphens, beginning with a letter or digit';

export const name = text(NAME_PATTERN, NAME).meta({ description: 'Unique; fit for a URL.' });

export const ref = text(
  /^[a-z0-9][a-z0-9_-]{0,62}$/,
  'must be a name (letters, digits, hyphens) or an id (such as ch_01k…)',
).meta({ description: 'A name or an id.' });

/** What stands for another resource in a response. */
export const link = component('Link', z.object({ id: z.string(), name: z.string() }));

const numberName = (description: string) => z.string().nullable().meta({ description });

/** By what people know a number, as its profile was read last. */
export const numberNames = {
  display_number: numberName('As Meta writes it; null until the profile was read.'),
  verified_name: numberName('What recipients see; null until the profile was read.'),
};

/** What stands for a channel in a response. */
export const channelLink = component('ChannelLink', link.extend(numberNames));

export const secret = text(
  /^[\x21-\x7e]{8,4096}$/,
  'must be the token, key or secret itself: 8 to 4,096 printable characters without a space',
).meta({ writeOnly: true, description: 'Sealed when stored; no response ever holds it.' });

export const metaId = text(
  /^[0-9]{1,32}$/,
  'must be an id of Meta as a text of 1 to 32 digits, such as "106540352242922"',
);

export const upstream = oneOf(UPSTREAM_KINDS);
export const billedBy = oneOf(BILLED_BY).meta({
  description: 'Who pays Meta for the conversations; decides who can mend a payment error.',
});

/** A moment in a request. */
export const moment = z.iso.datetime({
  error: 'must be a time in UTC as RFC 3339 writes it, such as "2027-01-31T00:00:00Z"',
});

/** A moment in a response. */
export const timestamp = component(
  'Timestamp',
  z.iso.datetime().meta({ examples: ['2026-11-24T02:47:03.000Z'] }),
);

export const seconds = z.int().nonnegative();
