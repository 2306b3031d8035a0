/**
 * A world as a JSON file states it, and the state it makes. Everything wrong with a file is said at
 * once; references are ids or names.
 */
import type { SimulatorClock } from './clock.ts';
import { Counters } from './counters.ts';
import type { KeyState, Webhook } from './credentials.ts';
import { Credentials } from './credentials.ts';
import { Faults } from './faults.ts';
import type { FleetSize } from './fleet.ts';
import { idOf, NO_FLEET } from './fleet.ts';
import type { Form } from './form.ts';
import { misfitsOf } from './form.ts';
import type { NodeState } from './node-state.ts';
import { APP_CALLING_SETTINGS, CALLING_SETTINGS } from './node-state.ts';
import type { NodeType } from './node.ts';
import { Quotas } from './quota.ts';
import { Refusal, refuseAll } from './refusal.ts';
import type { SimulatorState } from './state.ts';
import { Trace } from './trace.ts';
import { LIVE_VERSIONS } from './versions.ts';
import { World } from './world.ts';

interface StatedNode {
  readonly id: string;
  readonly name?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** How a node answers; see NodeState. */
interface StatedAnswers {
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

/** A running state of this world, without its scenario. */
export function stateOf(file: WorldFile, clock: SimulatorClock): SimulatorState {
  const size = fleetSizeOf(file.generate);
  const world = new World(size, '');
  const credentials = new Credentials(world);
  addNodes(world, file);
  addCredentials({ world, credentials }, file);
  const providerApp =
    file.provider_app ?? file.apps?.[0]?.id ?? (size.apps > 0 ? idOf('APP', 0) : '');
  if (providerApp !== '') world.providerAppId = world.namedOf(providerApp, ['APP']).id;
  return {
    world,
    credentials,
    quotas: new Quotas(),
    faults: new Faults(file.seed ?? 1),
    counters: new Counters(),
    trace: new Trace(),
    clock,
    versions: LIVE_VERSIONS,
  };
}

/** What is not stated follows from the numbers: 20 to a WABA, one business to each, one app and token. */
function fleetSizeOf(stated: WorldFile['generate']): FleetSize {
  const numbers = stated?.numbers ?? 0;
  const wabas = stated?.wabas ?? Math.ceil(numbers / 20);
  const some = wabas > 0 ? 1 : 0;
  return {
    ...NO_FLEET,
    businesses: wabas,
    apps: some,
    tokens: some,
    ...stated,
    numbers,
    wabas,
  };
}

function addNodes(world: World, file: WorldFile): void {
  const add = adderTo(world);
  const idIn = (ref: string, type: NodeType): string => world.namedOf(ref, [type]).id;
  for (const app of file.apps ?? []) add('APP', app, null);
  for (const business of file.businesses ?? []) add('BUSINESS', business, null);
  for (const waba of file.wabas ?? []) {
    const partner = waba.partner === undefined ? null : idIn(waba.partner, 'BUSINESS');
    add('WABA', waba, idIn(waba.business, 'BUSINESS'), partner);
  }
  for (const number of file.numbers ?? []) {
    const { display_phone_number: display } = number;
    const fields = {
      ...number.fields,
      ...(display === undefined ? {} : { display_phone_number: display }),
    };
    add('PHONE_NUMBER', { ...number, fields }, idIn(number.waba, 'WABA'));
  }
  for (const template of file.templates ?? []) {
    add('MESSAGE_TEMPLATE', template, idIn(template.waba, 'WABA'));
  }
  for (const flow of file.flows ?? []) add('FLOW', flow, idIn(flow.waba, 'WABA'));
}

type AddNode = (
  type: NodeType,
  stated: StatedNode & StatedAnswers,
  ...above: readonly (string | null)[]
) => void;

/** Adds nodes, and refuses ids and names that are there already. */
function adderTo(world: World): AddNode {
  const taken = new Set<string>();
  return (type, stated, parentId = null, partnerId = null) => {
    const { id, name = id, fields = {} } = stated;
    for (const ref of new Set([id, name])) {
      if (taken.has(ref)) throw new Refusal(`Two nodes of the world are called "${ref}".`);
      taken.add(ref);
    }
    world.add({ type, id, name, parentId, partnerId, fields });
    const answers = {
      ...(stated.calling === undefined ? {} : { calling: stated.calling }),
      ...(stated.app_calling === undefined ? {} : { appCalling: stated.app_calling }),
      ...(stated.aggregate === undefined ? {} : { aggregate: stated.aggregate }),
      ...(stated.reports_id === undefined ? {} : { reportsId: stated.reports_id }),
    };
    if (Object.keys(answers).length > 0) world.change(id, answers);
  };
}

function addCredentials(
  { world, credentials }: Pick<SimulatorState, 'world' | 'credentials'>,
  file: WorldFile,
): void {
  for (const app of file.apps ?? []) {
    if (app.secret !== undefined) credentials.setSecret(app.id, app.secret);
    credentials.requireProof(app.id, app.proof_required ?? false);
  }
  for (const { text, app, wabas = ['*'], expires_at: expiresAt = 0 } of file.tokens ?? []) {
    const granted = wabas.includes('*')
      ? null
      : wabas.map((ref) => world.namedOf(ref, ['WABA']).id);
    credentials.putToken({
      text,
      appId: world.namedOf(app, ['APP']).id,
      wabas: granted && new Set(granted),
      expiresAt,
      rejected: null,
    });
  }
  for (const { id, key, webhook } of file.numbers ?? []) {
    if (key !== undefined) {
      credentials.putKey({ text: key, numberId: id, state: 'valid', until: null });
    }
    if (webhook !== undefined) credentials.setWebhook(id, webhook);
  }
  for (const { text, number, state = 'valid' } of file.keys ?? []) {
    const { id } = world.namedOf(number, ['PHONE_NUMBER']);
    credentials.putKey({ text, numberId: id, state, until: null });
  }
}
