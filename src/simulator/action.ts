/**
 * What a scenario, the control API or a test can do to a running simulator: one grammar for all three.
 * `node`, `waba`, `number` and `app` are ids or names.
 */
import { APP_CALLING_SETTINGS, CALLING_SETTINGS } from './node-state.ts';
import { CONDITIONS } from './condition.ts';
import { KEY_STATES } from './credentials.ts';
import { FAULT_KINDS, FAULT_LEVELS, WRONG_TYPE_PLACES } from './fault-kinds.ts';
import type { Field, Form } from './form.ts';
import { isObject, misfitsOf } from './form.ts';
import { NODE_TYPES } from './node.ts';
import { Refusal, refuseAll } from './refusal.ts';

const TEXT = { is: 'text' } as const;
const MAYBE_TEXT = { is: 'text', optional: true } as const;
const MAYBE_OBJECT = { is: 'object', optional: true } as const;
const MAYBE_BOOLEAN = { is: 'boolean', optional: true } as const;

function upTo(max: number, min = 0): { is: 'integer'; optional: true; min: number; max: number } {
  return { is: 'integer', optional: true, min, max };
}

const REASONS = [...Object.keys(CONDITIONS), 'custom'];

/** A condition: a named one, or with `why: "custom"` one whose parts are given. */
const CONDITION_FORM = {
  node: TEXT,
  why: { is: 'text', among: REASONS },
  on: { is: 'text', optional: true, among: NODE_TYPES },
  word: MAYBE_TEXT,
  calling: MAYBE_TEXT,
  code: { is: 'any', optional: true },
  description: MAYBE_TEXT,
  solution: MAYBE_TEXT,
  info: MAYBE_TEXT,
} as const satisfies Form;

const SECRET_FORM = { token: MAYBE_TEXT, key: MAYBE_TEXT } as const satisfies Form;

const FAULT_FORM = {
  id: MAYBE_TEXT,
  kind: { is: 'text', among: Object.keys(FAULT_KINDS) },
  level: { is: 'text', optional: true, among: FAULT_LEVELS },
  upstream: { is: 'text', optional: true, among: ['graph', 'dialog360'] },
  route: MAYBE_TEXT,
  node: MAYBE_TEXT,
  waba: MAYBE_TEXT,
  token: MAYBE_TEXT,
  key: MAYBE_TEXT,
  share: { is: 'number', optional: true, min: 0, max: 1 },
  next: upTo(1_000_000_000, 1),
  ms: upTo(3_600_000),
  status: upTo(599, 200),
  code: { is: 'integer', optional: true },
  subcode: { is: 'integer', optional: true },
  message: MAYBE_TEXT,
  transient: MAYBE_BOOLEAN,
  body: MAYBE_TEXT,
  bytes: upTo(100_000_000, 1),
  depth: upTo(10_000_000, 1),
  digits: upTo(40, 1),
  word: MAYBE_TEXT,
  what: { is: 'text', optional: true, among: WRONG_TYPE_PLACES },
  after: { is: 'text', optional: true, among: ['nothing', 'half'] },
  headers: MAYBE_OBJECT,
} as const satisfies Form;

/** Every action and its fields. */
export const ACTIONS = {
  /** Puts a condition on a node; its word is BLOCKED unless Meta shows another. */
  block: CONDITION_FORM,
  /** The same with LIMITED. */
  limit: CONDITION_FORM,
  /** Bans a WABA: 141014 on all its numbers. */
  ban: { waba: TEXT },
  /** Takes a number off the platform: 141000. */
  unregister: { number: TEXT },
  /** Takes a condition off a node, or all of them, or everything off every node. */
  recover: { node: MAYBE_TEXT, why: MAYBE_TEXT },
  /** How a node answers: calling, aggregate, top-level id, values of Graph fields. */
  set: {
    node: TEXT,
    calling: { is: 'text', optional: true, among: CALLING_SETTINGS },
    app_calling: { is: 'text', optional: true, among: APP_CALLING_SETTINGS },
    aggregate: MAYBE_TEXT,
    reports_id: MAYBE_TEXT,
    fields: MAYBE_OBJECT,
  },
  /** Deletes a node; it answers as one that never was. */
  remove: { node: TEXT },
  /** Undoes `remove`, or makes a token or key valid again. */
  restore: { node: MAYBE_TEXT, ...SECRET_FORM },
  /** Puts a number under another WABA, or a WABA under another business. */
  move: { node: TEXT, to: TEXT },
  /** A token or key has run out, is revoked, or is replaced by another (with its grants). */
  expire: SECRET_FORM,
  invalidate: { ...SECRET_FORM, subcode: upTo(999) },
  replace: { ...SECRET_FORM, with: TEXT },
  /** A token may read exactly these WABAs from now on. */
  grant: { token: TEXT, wabas: { is: 'texts' } },
  /** 360dialog refuses a key for a reason of its own (docs/dialog360.md §2.2). */
  refuse: { key: TEXT, why: { is: 'text', among: KEY_STATES } },
  /** A 360dialog key opens another number. */
  swap: { key: TEXT, number: TEXT },
  /** Where an app wants Meta's webhooks (docs/meta.md §5.1); without a URL it gets none. */
  subscribe: { app: TEXT, url: MAYBE_TEXT },
  /** What is set at 360dialog as the webhook of a number; without a URL it is lost. */
  webhook: { number: TEXT, url: MAYBE_TEXT, headers: MAYBE_OBJECT },
  /** Exhausts the quota of an app, of its calls about a WABA, or of a key; 0 minutes ends it. */
  throttle: {
    app: MAYBE_TEXT,
    waba: MAYBE_TEXT,
    key: MAYBE_TEXT,
    minutes: { is: 'number', min: 0, max: 100_000 },
    code: { is: 'integer', optional: true },
  },
  /** How calls are counted (docs/meta.md §4.1); what is counted so far is forgotten. */
  quotas: {
    on: MAYBE_BOOLEAN,
    per_waba: upTo(1_000_000_000, 1),
    per_inactive_waba: upTo(1_000_000_000, 1),
    per_app: upTo(1_000_000_000, 1),
    headers: MAYBE_BOOLEAN,
  },
  /** “Require app secret” of an app (docs/meta.md §6). */
  proof: { app: TEXT, required: { is: 'boolean' } },
  /** The live Graph versions, oldest first (docs/meta.md §6.1). */
  versions: { live: { is: 'texts' } },
  fault: FAULT_FORM,
  /** Ends one fault, or all of them. */
  clear: { fault: MAYBE_TEXT },
} as const satisfies Readonly<Record<string, Form>>;

export type ActionName = keyof typeof ACTIONS;

type ValueOf<F extends Field> = F extends { among: readonly (infer A)[] }
  ? A
  : {
      text: string;
      texts: readonly string[];
      integer: number;
      number: number;
      boolean: boolean;
      object: Readonly<Record<string, unknown>>;
      list: readonly unknown[];
      any: unknown;
    }[F['is']];

type OptionalKeys<F extends Form> = {
  [K in keyof F]: F[K] extends { optional: true } ? K : never;
}[keyof F];

/** The fields of an action, as its form says. */
type FieldsOf<F extends Form> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]>;
} & {
  readonly [K in OptionalKeys<F>]?: ValueOf<F[K]>;
};

export type ActionFields = { readonly [N in ActionName]: FieldsOf<(typeof ACTIONS)[N]> };

export type ActionOf<N extends ActionName> = {
  [K in N]: { readonly do: K } & ActionFields[K];
}[N];

export type Action = ActionOf<ActionName>;

/** The action in a JSON value; a Refusal that names everything wrong with it. */
export function actionOf(value: unknown, at = 'The action'): Action {
  if (!isObject(value)) throw new Refusal(`${at} must be a JSON object.`);
  const { do: name, ...fields } = value;
  const known = Object.keys(ACTIONS).join(', ');
  if (typeof name !== 'string' || !isActionName(name)) {
    throw new Refusal(`"do" of ${at.toLowerCase()} must be one of ${known}.`);
  }
  const action: unknown = value;
  assertAction(action, misfitsOf(fields, ACTIONS[name], `${at} "${name}"`));
  return action;
}

function assertAction(value: unknown, misfits: readonly string[]): asserts value is Action {
  void value;
  refuseAll(misfits);
}

function isActionName(text: string): text is ActionName {
  return Object.hasOwn(ACTIONS, text);
}
