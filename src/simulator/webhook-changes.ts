/**
 * What Meta's webhooks say of a change of a node (docs/meta.md §5). Payment, verification and registration have none:
 * they are seen by whoever asks.
 */
import { nodeBody } from './fields.ts';
import { isObject } from './form.ts';
import type { JsonObject } from './form.ts';
import type { SimNode } from './node.ts';
import type { NodeState } from './node-state.ts';
import type { World } from './world.ts';

/** One change of an envelope, and the WABA whose entry it stands in. */
export interface WebhookChange {
  readonly wabaId: string;
  readonly field: string;
  readonly value: JsonObject;
}

/** How a node was and is. */
export interface Before {
  readonly was: Readonly<NodeState>;
  readonly is: Readonly<NodeState>;
  /** ms UTC. */
  readonly at: number;
}

/** How long a restriction holds. */
const RESTRICTED_S = 7 * 86_400;

export function webhookChanges(
  world: World,
  node: SimNode,
  before: Before,
): readonly WebhookChange[] {
  const wabaId = world.wabaOf(node);
  if (wabaId === null) return [];
  const told = [
    ...(node.type === 'WABA' ? ofWaba(node, before) : []),
    ...(node.type === 'PHONE_NUMBER' ? ofNumber(world, node, before) : []),
  ];
  return told.map(([field, value]) => ({ wabaId, field, value }));
}

type Told = readonly [field: string, value: JsonObject];

function ofWaba(node: SimNode, before: Before): readonly Told[] {
  const { was, is, at } = before;
  const told: Told[] = [];
  if (isBanned(was) !== isBanned(is)) {
    const state = isBanned(is) ? 'DISABLE' : 'REINSTATE';
    const ban = { waba_ban_state: state, waba_ban_date: dateText(at) };
    told.push(['account_update', { event: 'DISABLED_UPDATE', ban_info: ban }]);
  }
  if (becomes('RESTRICTED', statedIn(node, 'status', before))) {
    const type = 'RESTRICTED_BIZ_INITIATED_MESSAGING';
    const restriction = { restriction_type: type, expiration: seconds(at) + RESTRICTED_S };
    const value = { event: 'ACCOUNT_RESTRICTION', restriction_info: [restriction] };
    told.push(['account_update', value]);
  }
  const review = statedIn(node, 'account_review_status', before);
  if (review.was !== review.is) {
    told.push(['account_review_update', { decision: review.is ?? 'APPROVED' }]);
  }
  return told;
}

function ofNumber(world: World, node: SimNode, before: Before): readonly Told[] {
  const { was, is } = statedIn(node, 'status', before);
  if ((was === 'FLAGGED') === (is === 'FLAGGED')) return [];
  const event = is === 'FLAGGED' ? 'FLAGGED' : 'UNFLAGGED';
  // There is no id of the number in it, and its digits stand without blanks (docs/meta.md §5.2).
  return [['phone_number_quality_update', { display_phone_number: digitsOf(world, node), event }]];
}

interface Stated {
  readonly was: unknown;
  readonly is: unknown;
}

function statedIn(node: SimNode, name: string, { was, is }: Before): Stated {
  return {
    was: was.fields[name] ?? node.fields[name],
    is: is.fields[name] ?? node.fields[name],
  };
}

function becomes(word: string, { was, is }: Stated): boolean {
  return was !== word && is === word;
}

function isBanned({ conditions }: Readonly<NodeState>): boolean {
  return conditions.some(({ why }) => why === 'banned');
}

function digitsOf(world: World, node: SimNode): string {
  const fields = ['display_phone_number'];
  const body: unknown = JSON.parse(nodeBody(world, node, { fields, appId: '' }));
  return isObject(body) ? String(body['display_phone_number']).replaceAll(/\D/g, '') : '';
}

const DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });

/** `April 17, 2025`: English, without a time (docs/meta.md §5.3). */
function dateText(at: number): string {
  return DATE.format(at);
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
