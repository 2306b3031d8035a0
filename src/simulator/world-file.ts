/** A world as a JSON file states it. Everything wrong with its shape is said at once. */
import type { KeyState, Webhook } from './credentials.ts';
import type { FleetSize } from './fleet.ts';
import type { Form } from './form.ts';
import { misfitsOf } from './form.ts';
import type { NodeState } from './node-state.ts';
import { APP_CALLING_SETTINGS, CALLING_SETTINGS } from './node-state.ts';
import { refuseAll } from './refusal.ts';

export interface StatedNode {
  readonly id: string;
  readonly name?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** How a node answers; see NodeState. */
export interface StatedAnswers {
  readonly calling?: NodeState['calling'];
  readonly app_calling?: NodeState['appCalling'];
  readonly aggregate?: string;
  readonly reports_id?: string;
}

export interface WorldFile {
  /** Seeds the draws of faults with a `share`. */
  readonly seed?: number;
  readonly apps?: readonly (StatedNode & {
    readonly secret?: string;
    readonly proof_required?: boolean;
    /** Where its webhooks go. */
    readonly webhook_url?: string;
  })[];
  readonly businesses?: readonly StatedNode[];
  readonly wabas?: readonly (StatedNode & {
    readonly business: string;
    readonly partner?: string;
  })[];
  readonly numbers?: readonly (StatedNode &
    StatedAnswers & {
      readonly waba: string;
      readonly display_phone_number?: string;
      /** Its 360dialog key. */
      readonly key?: string;
      readonly webhook?: Webhook;
    })[];
  readonly templates?: readonly (StatedNode & StatedAnswers & { readonly waba: string })[];
  readonly flows?: readonly (StatedNode & StatedAnswers & { readonly waba: string })[];
  readonly tokens?: readonly {
    readonly text: string;
    readonly app: string;
    /** Ids or names, or ["*"] for all. */
    readonly wabas?: readonly string[];
    /** Its permissions; both of WhatsApp's unless given. */
    readonly scopes?: readonly string[];
    /** Unix seconds; 0 for never. */
    readonly expires_at?: number;
  }[];
  readonly keys?: readonly {
    readonly text: string;
    readonly number: string;
    readonly state?: KeyState;
  }[];
  /** The app of 360dialog's answers; the first one unless named. */
  readonly provider_app?: string;
  readonly generate?: Partial<FleetSize>;
  /** Actions to play; see scenario.ts. */
  readonly scenario?: readonly unknown[];
}

const NODE_FORM = {
  id: { is: 'text' },
  name: { is: 'text', optional: true },
  fields: { is: 'object', optional: true },
} as const satisfies Form;

const ANSWERS_FORM = {
  calling: { is: 'text', optional: true, among: CALLING_SETTINGS },
  app_calling: { is: 'text', optional: true, among: APP_CALLING_SETTINGS },
  aggregate: { is: 'text', optional: true },
  reports_id: { is: 'text', optional: true },
} as const satisfies Form;

const OF_WABA_FORM = { ...NODE_FORM, ...ANSWERS_FORM, waba: { is: 'text' } } as const;
const COUNT = { is: 'integer', optional: true, min: 0, max: 10_000_000 } as const;
const MAYBE_TEXT = { is: 'text', optional: true } as const;
const MAYBE_LIST = { is: 'list', optional: true } as const;

const WORLD_FORM: Form = {
  seed: { is: 'integer', optional: true },
  apps: MAYBE_LIST,
  businesses: MAYBE_LIST,
  wabas: MAYBE_LIST,
  numbers: MAYBE_LIST,
  templates: MAYBE_LIST,
  flows: MAYBE_LIST,
  tokens: MAYBE_LIST,
  keys: MAYBE_LIST,
  provider_app: MAYBE_TEXT,
  generate: { is: 'object', optional: true },
  scenario: MAYBE_LIST,
};

const LIST_FORMS: Readonly<Record<string, Form>> = {
  apps: {
    ...NODE_FORM,
    secret: MAYBE_TEXT,
    proof_required: { is: 'boolean', optional: true },
    webhook_url: MAYBE_TEXT,
  },
  businesses: NODE_FORM,
  wabas: { ...NODE_FORM, business: { is: 'text' }, partner: MAYBE_TEXT },
  numbers: {
    ...OF_WABA_FORM,
    display_phone_number: MAYBE_TEXT,
    key: MAYBE_TEXT,
    webhook: { is: 'object', optional: true },
  },
  templates: OF_WABA_FORM,
  flows: OF_WABA_FORM,
  tokens: {
    text: { is: 'text' },
    app: { is: 'text' },
    wabas: { is: 'texts', optional: true },
    scopes: { is: 'texts', optional: true },
    expires_at: { is: 'integer', optional: true, min: 0 },
  },
  keys: { text: { is: 'text' }, number: { is: 'text' }, state: MAYBE_TEXT },
};

const FLEET_FORM: Form = {
  numbers: COUNT,
  wabas: COUNT,
  businesses: COUNT,
  apps: COUNT,
  tokens: COUNT,
  templates: COUNT,
  flows: COUNT,
  partner: { is: 'boolean', optional: true },
};

/** The world in a JSON value; a Refusal that names everything wrong with its shape. */
export function worldFileOf(value: unknown): WorldFile {
  const file: unknown = value;
  assertWorld(file);
  const lists: readonly [string, unknown][] = Object.entries(file);
  const items = lists.flatMap(([list, stated]) => {
    const form = LIST_FORMS[list];
    if (!form || !Array.isArray(stated)) return [];
    return stated.flatMap((item, index) => misfitsOf(item, form, `${list}[${index}]`));
  });
  refuseAll([...items, ...misfitsOf(file.generate ?? {}, FLEET_FORM, '"generate"')]);
  return file;
}

function assertWorld(value: unknown): asserts value is WorldFile {
  refuseAll(misfitsOf(value, WORLD_FORM, 'The world'));
}
