/**
 * The fields of each node type, and the body of a node read. Unknown names fail the whole request
 * (docs/meta.md §1.5); values follow what is wrong with the node (docs/meta.md §7).
 */
import { healthText } from './health.ts';
import type { NodeType, SimNode } from './node.ts';
import type { World } from './world.ts';

interface FieldContext {
  readonly world: World;
  readonly node: SimNode;
}

type FieldValue = (context: FieldContext) => unknown;

const has = (context: FieldContext, why: string): boolean =>
  context.world.hasCondition(context.node.id, why);
const parentHas = (context: FieldContext, why: string): boolean =>
  context.world.hasCondition(context.node.parentId, why);
const nameOf: FieldValue = ({ node }) => node.name;
const fixed =
  (value: unknown): FieldValue =>
  () =>
    value;

/** docs/meta.md §7.1 */
const NUMBER_FIELDS: Readonly<Record<string, FieldValue>> = {
  display_phone_number: ({ node }) => displayNumberOf(node.id),
  verified_name: nameOf,
  quality_rating: fixed('GREEN'),
  status: (context) => {
    if (parentHas(context, 'banned')) return 'BANNED';
    return has(context, 'unregistered') ? 'PENDING' : 'CONNECTED';
  },
  name_status: (context) => (has(context, 'display_name') ? 'PENDING_REVIEW' : 'APPROVED'),
  code_verification_status: fixed('VERIFIED'),
  whatsapp_business_manager_messaging_limit: fixed('TIER_10K'),
  messaging_limit_tier: fixed('TIER_10K'),
  throughput: fixed({ level: 'STANDARD' }),
  platform_type: (context) => (has(context, 'unregistered') ? 'NOT_APPLICABLE' : 'CLOUD_API'),
  account_mode: fixed('LIVE'),
  is_on_biz_app: fixed(false),
  is_official_business_account: fixed(false),
  is_pin_enabled: fixed(true),
  last_onboarded_time: fixed('2026-01-15T09:00:00+0000'),
  webhook_configuration: fixed({ application: 'https://hooks.example/whatsapp' }),
};

/** docs/meta.md §7.2 */
const WABA_FIELDS: Readonly<Record<string, FieldValue>> = {
  name: nameOf,
  currency: fixed('EUR'),
  timezone_id: fixed('1'),
  message_template_namespace: ({ node }) => `namespace_${node.id}`,
  account_review_status: (context) => (has(context, 'banned') ? 'REJECTED' : 'APPROVED'),
  business_verification_status: (context) =>
    parentHas(context, 'unverified') ? 'not_verified' : 'verified',
  country: fixed('DE'),
  status: (context) => (has(context, 'banned') ? 'DISABLED' : 'ACTIVE'),
  owner_business_info: ({ world, node }) => {
    const owner = node.parentId === null ? null : world.nodeEver(node.parentId);
    return owner ? { id: owner.id, name: owner.name } : null;
  },
  on_behalf_of_business_info: fixed(null),
  ownership_type: fixed('SELF'),
};

/** docs/meta.md §7.3 */
const TEMPLATE_FIELDS: Readonly<Record<string, FieldValue>> = {
  name: nameOf,
  status: (context) => (has(context, 'unapproved') ? 'REJECTED' : 'APPROVED'),
  category: fixed('UTILITY'),
  language: fixed('en_US'),
  quality_score: fixed({ score: 'GREEN' }),
};

const FLOW_FIELDS: Readonly<Record<string, FieldValue>> = {
  name: nameOf,
  status: (context) =>
    has(context, 'endpoint_missing') || has(context, 'app_unconnected') ? 'DRAFT' : 'PUBLISHED',
  categories: fixed(['OTHER']),
  validation_errors: fixed([]),
};

const FIELDS: Readonly<Record<NodeType, Readonly<Record<string, FieldValue>>>> = {
  PHONE_NUMBER: NUMBER_FIELDS,
  WABA: WABA_FIELDS,
  MESSAGE_TEMPLATE: TEMPLATE_FIELDS,
  FLOW: FLOW_FIELDS,
  BUSINESS: {
    name: nameOf,
    verification_status: (context) => (has(context, 'unverified') ? 'not_verified' : 'verified'),
  },
  APP: { name: nameOf, category: fixed('Business'), link: fixed('https://apps.example/') },
};

/** What a read without `fields` gives, `id` included (docs/meta.md §7.1, §7.2). */
const DEFAULT_FIELDS: Readonly<Record<NodeType, readonly string[]>> = {
  PHONE_NUMBER: ['verified_name', 'display_phone_number', 'quality_rating', 'id'],
  WABA: ['id', 'name', 'timezone_id', 'message_template_namespace'],
  MESSAGE_TEMPLATE: ['name', 'status', 'category', 'language', 'id'],
  FLOW: ['id', 'name', 'status', 'categories', 'validation_errors'],
  BUSINESS: ['id', 'name'],
  APP: ['category', 'link', 'name', 'id'],
};

/** The node types with a `health_status` of their own (docs/meta.md §1.1). */
const WITH_HEALTH: ReadonlySet<NodeType> = new Set([
  'PHONE_NUMBER',
  'WABA',
  'MESSAGE_TEMPLATE',
  'FLOW',
]);

/** The names in a `fields` parameter, sub-selections in braces left out; null asks for the defaults. */
export function fieldsAsked(parameter: string | null): readonly string[] | null {
  if (parameter === null) return null;
  const flat = parameter.replace(/\{[^{}]*\}/g, '');
  const names = flat.split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/** The first name that a node of this type does not have; null when it has them all. */
export function unknownFieldOf(node: SimNode, names: readonly string[]): string | null {
  return names.find((name) => !isField(node, name)) ?? null;
}

function isField(node: SimNode, name: string): boolean {
  if (name === 'id') return true;
  if (name === 'health_status') return WITH_HEALTH.has(node.type);
  return Object.hasOwn(FIELDS[node.type], name) || Object.hasOwn(node.fields, name);
}

/** The body of a read of these fields, the id last unless it was named. Precondition: all are known. */
export function nodeBody(
  world: World,
  node: SimNode,
  about: { fields: readonly string[] | null; appId: string },
): string {
  const asked = about.fields ?? DEFAULT_FIELDS[node.type];
  const names = asked.includes('id') ? asked : [...asked, 'id'];
  const parts = names.flatMap((name) => {
    const text = fieldText(name, { world, node }, about.appId);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${parts.join(',')}}`;
}

/** Undefined for a field without a value: Graph leaves it out. */
function fieldText(name: string, context: FieldContext, appId: string): string | undefined {
  const { world, node } = context;
  const state = world.state(node.id);
  if (name === 'id') return JSON.stringify(state.reportsId ?? node.id);
  if (name === 'health_status') return healthText(world, node, appId);
  const stated = { ...node.fields, ...state.fields };
  if (Object.hasOwn(stated, name)) return JSON.stringify(stated[name]);
  const value = FIELDS[node.type][name]?.(context);
  return value === null ? undefined : JSON.stringify(value);
}

/** A number from the range that is reserved for fiction, with the id's last digits. */
function displayNumberOf(id: string): string {
  return `+1 555-${id.slice(-7, -4).padStart(3, '0')}-${id.slice(-4).padStart(4, '0')}`;
}
