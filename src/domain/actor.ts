/** Whom a finding concerns, and what they should do about it. */

/** Who must act. `nobody`: it is a note, nothing is broken. */
export const ACTORS = [
  'integrator',
  'account_owner',
  'provider',
  'template_author',
  'nobody',
  'unknown',
] as const;
export type Actor = (typeof ACTORS)[number];

/** Who acts, in words that fit into a sentence. */
export const ACTOR_WORDS: Readonly<Record<Actor, string>> = {
  integrator: 'you, who run the integration',
  account_owner: 'the owner of the WhatsApp account',
  provider: 'the provider',
  template_author: 'the author of the template',
  nobody: 'nobody, it is only a note',
  unknown: 'not known',
};

export interface Remedy {
  /** A plain sentence in the imperative. */
  readonly text: string;
  /** An https page where to do it or read on; null when there is none. */
  readonly link: string | null;
}
