/** What differs from a healthy node. Only nodes that differ have a state. */
import type { Condition } from './condition.ts';

export interface NodeState {
  conditions: readonly Condition[];
  /**
   * Whether the node's answers report calling: `available` says AVAILABLE unless a condition blocks it,
   * `unreported` leaves the field out (docs/meta.md §1.2).
   */
  calling: 'available' | 'unreported';
  /** Whether the APP entity reports calling where its number does: it can be missing (§1.2). */
  appCalling: 'reported' | 'unreported';
  /**
   * How the aggregate comes about: from the entities' sending alone as live captures show it, with
   * calling `folded` in as Meta's example d shows it (§1.5), or any fixed word.
   */
  aggregate: string;
  /** The top-level `id` when it is not the node's own (§1.4 b, d); null for its own. */
  reportsId: string | null;
  /** Deleted: answers as a node that does not exist. */
  removed: boolean;
  /** Another parent than the one it was made with; null for that one. */
  parentId: string | null;
  /** Values of Graph fields set by a scenario. */
  fields: Readonly<Record<string, unknown>>;
}

export const CALLING_SETTINGS = ['available', 'unreported'] as const;
export const APP_CALLING_SETTINGS = ['reported', 'unreported'] as const;

export const HEALTHY: Readonly<NodeState> = {
  conditions: [],
  calling: 'unreported',
  appCalling: 'reported',
  aggregate: 'entities',
  reportsId: null,
  removed: false,
  parentId: null,
  fields: {},
};
