/**
 * One entity of an answer, as the upstream reported it: nothing is translated or dropped.
 *
 * Types and words are open sets: new ones arrive unannounced (docs/meta.md §1.5), so they are kept
 * as strings and judged elsewhere.
 */

/** What a number can be asked to do; each has a verdict of its own. */
export const CAPABILITIES = ['messaging', 'calling'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Entity types that Meta documents today. */
export const ENTITY_TYPES = [
  'PHONE_NUMBER',
  'WABA',
  'BUSINESS',
  'APP',
  'MESSAGE_TEMPLATE',
  'FLOW',
] as const;

/** Which entity: the type as received and its id, when the upstream gave one. */
export interface EntityRef {
  readonly type: string;
  readonly id: string | null;
}

/** One item of `errors`. The code is a number from Meta, and a string from some proxies. */
export interface EntityError {
  readonly code: string | null;
  readonly description: string | null;
  readonly solution: string | null;
}

export interface Entity extends EntityRef {
  /** The words of `can_send_message` and `can_receive_call_sip`; null where not reported. */
  readonly words: Readonly<Record<Capability, string | null>>;
  readonly errors: readonly EntityError[];
  /** The sentences of `additional_info`. */
  readonly info: readonly string[];
}
