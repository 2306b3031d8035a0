/** Names for channels that were found, not named: from what Meta says about the number. */
import { digitsOf } from './profile.ts';

/** What a number's name can be made of. */
export interface NameFacts {
  readonly verifiedName: string | null;
  readonly displayNumber: string | null;
  readonly nodeId: string;
  readonly wabaId: string;
}

/** The words that a template may hold in braces. */
export const NAME_WORDS = ['verified_name', 'digits', 'last4', 'node', 'waba'] as const;
type NameWord = (typeof NAME_WORDS)[number];

export const DEFAULT_NAME_TEMPLATE = '{verified_name}';

const NAME_LENGTH_MAX = 63;

/** The words of a template that are none of `NAME_WORDS`. */
export function unknownWords(template: string): readonly string[] {
  const known: readonly string[] = NAME_WORDS;
  return [...template.matchAll(/\{([^{}]*)\}/g)]
    .map(([, word = '']) => word)
    .filter((word) => !known.includes(word));
}

/**
 * A name by this template that is not among `taken`: with a number behind it where several would be
 * alike. What gives no name at all falls back to the digits of the number, then to its node.
 */
export function nameFor(template: string, facts: NameFacts, taken: ReadonlySet<string>): string {
  const values = wordsOf(facts);
  const filled = template.replaceAll(/\{([^{}]*)\}/g, (_, word: string) =>
    isNameWord(word) ? values[word] : '',
  );
  const base = slugOf(filled) || slugOf(values.digits) || slugOf(facts.nodeId) || 'number';
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const name = `${base.slice(0, NAME_LENGTH_MAX - suffix.length).replace(/-+$/, '')}${suffix}`;
    if (!taken.has(name)) return name;
  }
}

function wordsOf({ verifiedName, displayNumber, nodeId, wabaId }: NameFacts) {
  const digits = digitsOf(displayNumber) ?? '';
  return {
    verified_name: verifiedName ?? '',
    digits,
    last4: digits.slice(-4),
    node: nodeId,
    waba: wabaId,
  } satisfies Record<NameWord, string>;
}

function isNameWord(word: string): word is NameWord {
  const known: readonly string[] = NAME_WORDS;
  return known.includes(word);
}

/** In the form of a name: lower-case letters, digits and single hyphens; letters lose their accents. */
function slugOf(text: string): string {
  return text
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}
