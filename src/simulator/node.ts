/** A node of the simulated world: what a Graph id leads to. */
export const NODE_TYPES = [
  'PHONE_NUMBER',
  'WABA',
  'BUSINESS',
  'APP',
  'MESSAGE_TEMPLATE',
  'FLOW',
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

export interface SimNode {
  readonly type: NodeType;
  readonly id: string;
  readonly name: string;
  /** The WABA of a number, template or flow; the business that owns a WABA; null of others. */
  readonly parentId: string | null;
  /** The business to which a WABA is shared: it sees it among its client accounts. */
  readonly partnerId: string | null;
  /** Values of Graph fields that the world states itself, instead of the simulator's own. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * What Graph calls the type in an error (docs/meta.md §1.5). The first two are observed, the others
 * are chosen (docs/meta.md §8.13).
 */
export const GRAPH_TYPE_NAMES: Readonly<Record<NodeType, string>> = {
  PHONE_NUMBER: 'WhatsAppBusinessPhoneNumber',
  WABA: 'WhatsAppBusinessAccount',
  BUSINESS: 'Business',
  APP: 'Application',
  MESSAGE_TEMPLATE: 'WhatsAppMessageTemplate',
  FLOW: 'WhatsAppFlow',
};
