/** Carries out an action on the state of a simulator. What cannot be done is a Refusal. */
import type { ActionFields, ActionName, ActionOf } from './action.ts';
import { CONDITIONS, conditionsNamed, isConditionName, ownersOf } from './condition.ts';
import type { Condition } from './condition.ts';
import { faultSpecOf } from './fault-spec.ts';
import { performOnSecret, setKeyState } from './perform-secrets.ts';
import { Refusal } from './refusal.ts';
import type { SimNode } from './node.ts';
import type { SimulatorState } from './state.ts';
import { isVersion } from './versions.ts';

/** What the action did, for whoever asked: a fault's id, a node's conditions. */
export type Outcome = Readonly<Record<string, unknown>>;

type Performers = {
  readonly [N in ActionName]: (state: SimulatorState, action: ActionOf<N>) => Outcome;
};

export function perform<N extends ActionName>(state: SimulatorState, action: ActionOf<N>): Outcome {
  return PERFORMERS[action.do](state, action);
}

const PERFORMERS: Performers = {
  block: (state, fields) => addCondition(state, fields, null),
  limit: (state, fields) => addCondition(state, fields, 'LIMITED'),
  ban: (state, { waba }) => addCondition(state, { node: waba, why: 'banned' }, null),
  unregister: (state, { number }) =>
    addCondition(state, { node: number, why: 'unregistered' }, null),
  recover,
  set: ({ world }, fields) => {
    const node = world.named(fields.node);
    world.change(node.id, {
      ...(fields.calling === undefined ? {} : { calling: fields.calling }),
      ...(fields.app_calling === undefined ? {} : { appCalling: fields.app_calling }),
      ...(fields.aggregate === undefined ? {} : { aggregate: fields.aggregate }),
      ...(fields.reports_id === undefined ? {} : { reportsId: fields.reports_id }),
      ...(fields.fields === undefined ? {} : { fields: fields.fields }),
    });
    return { node: node.id };
  },
  remove: ({ world }, fields) => {
    const { id } = world.named(fields.node);
    world.change(id, { removed: true });
    return { node: id };
  },
  restore: (state, fields) => {
    if (fields.node === undefined) return performOnSecret(state, fields);
    const { id } = state.world.named(fields.node);
    state.world.change(id, { removed: false });
    return { node: id };
  },
  move: ({ world }, fields) => {
    const node = world.named(fields.node);
    const to = world.namedOf(fields.to, [node.type === 'WABA' ? 'BUSINESS' : 'WABA']);
    if (node.parentId === null)
      throw new Refusal(`A ${node.type} belongs to nothing and cannot move.`);
    world.move(node.id, to.id);
    return { node: node.id, to: to.id };
  },
  expire: performOnSecret,
  invalidate: performOnSecret,
  replace: performOnSecret,
  grant: ({ world, credentials }, fields) => {
    const wabas = fields.wabas.map((ref) => world.namedOf(ref, ['WABA']).id);
    const token = credentials.namedToken(fields.token);
    credentials.putToken({ ...token, wabas: new Set(wabas) });
    return { wabas };
  },
  refuse: (state, { key, why }) => setKeyState(state, key, { state: why, until: null }),
  swap: ({ world, credentials }, fields) => {
    const { id } = world.namedOf(fields.number, ['PHONE_NUMBER']);
    credentials.putKey({ ...credentials.namedKey(fields.key), numberId: id });
    return { number: id };
  },
  subscribe: ({ world, webhooks }, { app, url = null }) => {
    const { id } = world.namedOf(app, ['APP']);
    webhooks.subscribe(id, url);
    return { app: id, url };
  },
  webhook: ({ world, credentials }, { number, url, headers }) => {
    const { id } = world.namedOf(number, ['PHONE_NUMBER']);
    const set = url === undefined ? null : { url, ...(headers === undefined ? {} : { headers }) };
    credentials.setWebhook(id, set);
    return { number: id, webhook: url ?? null };
  },
  throttle,
  quotas: ({ quotas }, fields) => {
    const { settings } = quotas;
    quotas.settings = {
      on: fields.on ?? settings.on,
      perWaba: fields.per_waba ?? settings.perWaba,
      perInactiveWaba: fields.per_inactive_waba ?? settings.perInactiveWaba,
      perApp: fields.per_app ?? settings.perApp,
      headers: fields.headers ?? settings.headers,
    };
    quotas.clear();
    return { ...quotas.settings };
  },
  proof: ({ world, credentials }, { app, required }) => {
    const { id } = world.namedOf(app, ['APP']);
    credentials.requireProof(id, required);
    return { app: id, required };
  },
  versions: (state, { live }) => {
    if (live.length === 0 || !live.every(isVersion)) {
      throw new Refusal('"live" must list versions such as v26.0, oldest first.');
    }
    state.versions = [...live];
    return { live };
  },
  fault: (state, fields) => {
    const spec = faultSpecOf(state, fields);
    state.faults.add(spec);
    return { ...spec };
  },
  clear: ({ faults }, { fault }) => {
    if (fault === undefined) faults.clear();
    else if (!faults.remove(fault)) throw new Refusal(`There is no fault "${fault}".`, 404);
    return {};
  },
};

function addCondition(
  { world }: SimulatorState,
  fields: ActionFields['block'],
  word: string | null,
): Outcome {
  const node = world.named(fields.node);
  const added =
    fields.why === 'custom' ? [custom(node, fields, word)] : named(world.chain(node), fields, word);
  const others = world.state(node.id).conditions.filter(({ why }) => why !== fields.why);
  const kept = fields.why === 'custom' ? world.state(node.id).conditions : others;
  world.change(node.id, { conditions: [...kept, ...added] });
  return { node: node.id, conditions: [...new Set([...kept, ...added].map(({ why }) => why))] };
}

const CUSTOM_ONLY = ['on', 'code', 'description', 'solution', 'info'] as const;

/** A named condition; refused for a node that cannot have it, with the one that can. */
function named(
  chain: readonly SimNode[],
  fields: ActionFields['block'],
  word: string | null,
): readonly Condition[] {
  const [node] = chain;
  const name = fields.why;
  if (!isConditionName(name)) {
    throw new Refusal(`"why" must be one of ${Object.keys(CONDITIONS).join(', ')}, custom.`);
  }
  const stray = CUSTOM_ONLY.find((field) => fields[field] !== undefined);
  if (stray) throw new Refusal(`"${stray}" goes with "why": "custom" only; "${name}" has its own.`);
  const owners = ownersOf(name);
  if (node && owners.includes(node.type)) {
    return conditionsNamed(name, { word: fields.word ?? word, calling: fields.calling ?? null });
  }
  const right = chain.find(({ type }) => owners.includes(type));
  const hint = right ? `: name its ${right.type}, ${right.id}` : '';
  throw new Refusal(
    `"${name}" is a condition of a ${owners.join(' or ')}, and "${fields.node}" is a ${node?.type}${hint}.`,
  );
}

function custom(node: SimNode, fields: ActionFields['block'], word: string | null): Condition {
  const { code, description = '', solution = '' } = fields;
  if (code !== undefined && typeof code !== 'string' && typeof code !== 'number') {
    throw new Refusal('"code" of a custom condition must be a number or a text.');
  }
  const affectsSending = fields.calling === undefined || fields.word !== undefined;
  return {
    why: 'custom',
    on: fields.on ?? node.type,
    word: affectsSending ? (fields.word ?? word ?? 'BLOCKED') : null,
    calling: fields.calling ?? null,
    error:
      code === undefined
        ? null
        : { error_code: code, error_description: description, possible_solution: solution },
    info: fields.info ?? null,
  };
}

function recover({ world }: SimulatorState, fields: ActionFields['recover']): Outcome {
  if (fields.node === undefined) {
    world.heal(null);
    return {};
  }
  const { id } = world.named(fields.node);
  const { conditions } = world.state(id);
  if (fields.why === undefined) {
    world.heal(id);
    return { node: id, conditions: [] };
  }
  const left = conditions.filter(({ why }) => why !== fields.why);
  if (left.length === conditions.length) {
    const has = conditions.map(({ why }) => why).join(', ') || 'nothing';
    throw new Refusal(`"${fields.node}" does not suffer from "${fields.why}" but from ${has}.`);
  }
  world.change(id, { conditions: left });
  return { node: id, conditions: left.map(({ why }) => why) };
}

function throttle(state: SimulatorState, fields: ActionFields['throttle']): Outcome {
  const { world, quotas, clock } = state;
  const until = clock.now() + fields.minutes * 60_000;
  if (fields.key !== undefined) {
    const throttled = fields.minutes > 0;
    return setKeyState(state, fields.key, {
      state: throttled ? 'throttled' : 'valid',
      until: throttled ? until : null,
    });
  }
  const about = { until, code: fields.code ?? 0 };
  const wabaId = fields.waba === undefined ? null : world.namedOf(fields.waba, ['WABA']).id;
  if (fields.app === undefined && wabaId === null) {
    throw new Refusal('"throttle" needs an "app", a "waba" or a "key".');
  }
  const apps =
    fields.app === undefined ? world.all('APP') : [world.namedOf(fields.app, ['APP']).id];
  for (const appId of apps) quotas.exhaust(appId, wabaId, about);
  return { apps, waba: wabaId, minutes: fields.minutes };
}
