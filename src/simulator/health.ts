/**
 * The `health_status` of a node, derived from the world: entities, errors, aggregate, calling. Written
 * as text in the order of the wire; nothing of a healthy node is serialised twice.
 *
 * Grammar, order and presence of entities: docs/meta.md §1.2. Words and aggregate: §1.3, §1.5.
 */
import type { Condition } from './condition.ts';
import type { NodeType, SimNode } from './node.ts';
import type { NodeState } from './node-state.ts';
import { HEALTHY } from './node-state.ts';
import type { World } from './world.ts';

/** From best to worst; a word that Meta does not document lies between AVAILABLE and LIMITED. */
const RANKS: Readonly<Record<string, number>> = { AVAILABLE: 0, LIMITED: 2, BLOCKED: 3 };
const RANK_OF_OTHERS = 1;

interface EntityText {
  readonly text: string;
  readonly word: string;
  readonly calling: string | null;
}

/** What an answer about one node draws upon. */
interface View {
  readonly target: SimNode;
  readonly state: Readonly<NodeState>;
  /** Conditions of all nodes in the chain, the target's first. */
  readonly conditions: readonly Condition[];
}

/** The value of the field `health_status`, as JSON text. The APP entity is `appId`. */
export function healthText(world: World, target: SimNode, appId: string): string {
  const chain = world.chain(target);
  const app: SimNode | null = world.nodeEver(appId);
  const view: View = {
    target,
    state: world.state(target.id),
    conditions: [...chain, ...(app ? [app] : [])].flatMap(({ id }) => world.state(id).conditions),
  };
  if (view.state === HEALTHY && view.conditions.length === 0) return healthyText(chain, appId);
  const entities = chain.map(({ type, id }) => entityText(type, id, view));
  entities.push(entityText('APP', appId, view));
  const texts = entities.map(({ text }) => text).join(',');
  return `{"can_send_message":${JSON.stringify(aggregateOf(entities, view.state))},"entities":[${texts}]}`;
}

/** The same for a node with nothing to tell, which is most of them: no list to build. */
function healthyText(chain: readonly SimNode[], appId: string): string {
  let text = '{"can_send_message":"AVAILABLE","entities":[';
  for (const { type, id } of chain) text += healthyEntity(type, id) + ',';
  return `${text}${healthyEntity('APP', appId)}]}`;
}

function healthyEntity(type: NodeType, id: string): string {
  return `{"entity_type":"${type}","id":${JSON.stringify(id)},"can_send_message":"AVAILABLE"}`;
}

/** A whole answer to `fields=health_status`: the field first, the id last (docs/meta.md §1.2). */
export function healthBody(world: World, target: SimNode, appId: string): string {
  const { reportsId } = world.state(target.id);
  const id = JSON.stringify(reportsId ?? target.id);
  return `{"health_status":${healthText(world, target, appId)},"id":${id}}`;
}

function entityText(type: NodeType, id: string, view: View): EntityText {
  const about = view.conditions.filter(({ on }) => on === type);
  const word = worstOf(about.map((condition) => condition.word));
  const calling = callingOf(type, about, view);
  const errors = about.flatMap(({ error }) => (error ? [error] : []));
  const info = about.flatMap((condition) => (condition.info === null ? [] : [condition.info]));
  const text =
    `{"entity_type":"${type}","id":${JSON.stringify(id)},"can_send_message":${JSON.stringify(word)}` +
    (calling === null ? '' : `,"can_receive_call_sip":${JSON.stringify(calling)}`) +
    (errors.length === 0 ? '' : `,"errors":${JSON.stringify(errors)}`) +
    (info.length === 0 ? '' : `,"additional_info":${JSON.stringify(info)}`) +
    '}';
  return { text, word, calling };
}

/** Calling stands on the target (a number, template or flow) and on the APP, if at all (§1.2). */
function callingOf(type: NodeType, about: readonly Condition[], view: View): string | null {
  if (type === 'WABA' || type === 'BUSINESS') return null;
  if (type === 'APP' && view.state.appCalling === 'unreported') return null;
  const words = about.flatMap(({ calling }) => (calling === null ? [] : [calling]));
  if (words.length === 0 && view.state.calling === 'unreported') return null;
  return worstOf(words);
}

function aggregateOf(entities: readonly EntityText[], state: Readonly<NodeState>): string {
  const { aggregate } = state;
  if (aggregate !== 'entities' && aggregate !== 'folded') return aggregate;
  const calling = aggregate === 'folded' ? entities.map((entity) => entity.calling) : [];
  return worstOf([...entities.map(({ word }) => word), ...calling]);
}

function worstOf(words: readonly (string | null)[]): string {
  let worst = 'AVAILABLE';
  for (const word of words) if (word !== null && rankOf(word) > rankOf(worst)) worst = word;
  return worst;
}

function rankOf(word: string): number {
  return RANKS[word] ?? RANK_OF_OTHERS;
}
