/**
 * The simulated world: nodes stated by a file, nodes generated, and what differs from healthy. It
 * knows nothing of requests.
 */
import type { FleetSize } from './fleet.ts';
import { Fleet } from './fleet.ts';
import type { NodeType, SimNode } from './node.ts';
import type { NodeState } from './node-state.ts';
import { HEALTHY } from './node-state.ts';
import { Refusal } from './refusal.ts';

export class World {
  readonly fleet: Fleet;
  /** The app whose id stands in every 360dialog answer (docs/dialog360.md §5.4). */
  providerAppId: string;
  readonly #nodes = new Map<string, SimNode>();
  readonly #ids = new Map<string, string>();
  readonly #children = new Map<string, string[]>();
  readonly #states = new Map<string, NodeState>();
  /** Nodes that came to a parent later, by that parent. */
  readonly #arrivals = new Map<string, Set<string>>();
  /** What `isActive` found since the last change. */
  readonly #active = new Map<string, boolean>();

  /** Hears of every change of a node. */
  #hear: (id: string, was: Readonly<NodeState>, is: Readonly<NodeState>) => void = () => {};

  constructor(size: FleetSize, providerAppId: string) {
    this.fleet = new Fleet(size);
    this.providerAppId = providerAppId;
  }

  add(node: SimNode): void {
    this.#nodes.set(node.id, node);
    this.#ids.set(node.name, node.id);
    if (node.parentId === null) return;
    const siblings = this.#children.get(node.parentId);
    if (siblings) siblings.push(node.id);
    else this.#children.set(node.parentId, [node.id]);
  }

  /** The node with this id, removed ones included; null when there never was one. */
  nodeEver(id: string): SimNode | null {
    const node = this.#nodes.get(id) ?? this.fleet.node(id);
    const parentId = this.#states.get(id)?.parentId;
    return node && parentId ? { ...node, parentId } : node;
  }

  /** The node with this id; null when it does not exist or was removed. */
  node(id: string): SimNode | null {
    return this.#states.get(id)?.removed ? null : this.nodeEver(id);
  }

  /** The node that a person means: by id or by name, removed ones included. */
  named(ref: string): SimNode {
    const node =
      this.nodeEver(ref) ?? this.nodeEver(this.#ids.get(ref) ?? this.fleet.idOfName(ref) ?? '');
    if (node) return node;
    throw new Refusal(`There is no node "${ref}" in this world; name one by its id or name.`, 404);
  }

  /** The same, when it has to be of one of these types. */
  namedOf(ref: string, types: readonly NodeType[]): SimNode {
    const node = this.named(ref);
    if (types.includes(node.type)) return node;
    throw new Refusal(
      `"${ref}" is a ${node.type}; what is needed here is a ${types.join(' or ')}.`,
    );
  }

  state(id: string): Readonly<NodeState> {
    return this.#states.get(id) ?? HEALTHY;
  }

  change(id: string, to: Partial<NodeState>): void {
    const was = this.state(id);
    const is = { ...was, ...to };
    this.#states.set(id, is);
    this.#active.clear();
    this.#hear(id, was, is);
  }

  /** From now on: one listener for every change of a node. */
  hearChanges(hear: (id: string, was: Readonly<NodeState>, is: Readonly<NodeState>) => void): void {
    this.#hear = hear;
  }

  /** Makes every node, or this one, as healthy as it was made; settings and moves stay. */
  heal(id: string | null): void {
    for (const each of id === null ? [...this.#states.keys()] : [id]) {
      this.change(each, { conditions: [], removed: false });
    }
  }

  move(id: string, parentId: string): void {
    const before = this.nodeEver(id)?.parentId;
    if (before) this.#arrivals.get(before)?.delete(id);
    this.change(id, { parentId });
    const arrivals = this.#arrivals.get(parentId) ?? new Set();
    this.#arrivals.set(parentId, arrivals.add(id));
  }

  /** The ids of this type that a parent has now, in order. */
  children(parentId: string, type: NodeType): readonly string[] {
    const born = this.#children.get(parentId) ?? this.fleet.children(parentId, type);
    const arrived = [...(this.#arrivals.get(parentId) ?? [])].filter((id) => !born.includes(id));
    return [...born, ...arrived].filter((id) => {
      const node = this.node(id);
      return node?.type === type && node.parentId === parentId;
    });
  }

  /** The ids of the WABAs that are shared to this business. */
  clients(businessId: string): readonly string[] {
    const stated = [...this.#nodes.values()].filter((node) => node.partnerId === businessId);
    return [...stated.map(({ id }) => id), ...this.fleet.clients(businessId)];
  }

  /** Every id of a type, removed ones left out. */
  all(type: NodeType): readonly string[] {
    const stated = [...this.#nodes.values()].filter((node) => node.type === type);
    return [...stated.map(({ id }) => id), ...this.fleet.all(type)].filter((id) => this.node(id));
  }

  /** The nodes stated by the file, in its order. */
  stated(): readonly SimNode[] {
    return [...this.#nodes.values()];
  }

  /** The node, then its WABA, then the business: those that exist (docs/meta.md §1.2). */
  chain(node: SimNode): readonly SimNode[] {
    const chain = [node];
    let parentId = node.parentId;
    while (parentId !== null) {
      const parent = this.nodeEver(parentId);
      if (parent === null) break;
      chain.push(parent);
      parentId = parent.parentId;
    }
    return chain;
  }

  /** The WABA of a number, template or flow; the WABA itself; null for others. */
  wabaOf(node: SimNode): string | null {
    if (node.type === 'WABA') return node.id;
    return node.type === 'BUSINESS' || node.type === 'APP' ? null : node.parentId;
  }

  /** Whether a WABA has a registered number and is not banned (docs/meta.md §8.9). */
  isActive(wabaId: string): boolean {
    const known = this.#active.get(wabaId);
    if (known !== undefined) return known;
    const active =
      !this.hasCondition(wabaId, 'banned') &&
      this.children(wabaId, 'PHONE_NUMBER').some((id) => !this.hasCondition(id, 'unregistered'));
    this.#active.set(wabaId, active);
    return active;
  }

  hasCondition(id: string | null, why: string): boolean {
    return id !== null && this.state(id).conditions.some((condition) => condition.why === why);
  }
}
