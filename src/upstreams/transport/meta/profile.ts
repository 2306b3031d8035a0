/** A number's profile in Meta's fields, straight from Graph or passed on (docs/meta.md §7.1, §7.2). */
import type { Profile } from '#domain/profile.ts';
import { PROFILE_TEXT_MAX, PROFILE_URL_MAX } from '#domain/profile.ts';
import type { RefusedField } from '#upstreams/transport/ask-known-fields.ts';
import { fieldOf } from './meta-error.ts';

const LIMIT_FIELD = 'whatsapp_business_manager_messaging_limit';
/** Its predecessor, asked for only where the new name is not known. */
const FORMER_LIMIT_FIELD = 'messaging_limit_tier';

/** What is asked for. */
export const NUMBER_FIELDS: readonly string[] = [
  'display_phone_number',
  'verified_name',
  'name_status',
  'quality_rating',
  LIMIT_FIELD,
  'status',
  'throughput',
  'account_mode',
  'is_on_biz_app',
  'platform_type',
  'webhook_configuration',
];

/** What a WABA has instead; its type is learned from its first refusal. */
const WABA_FIELDS: readonly string[] = ['name', 'status'];
const WABA_TYPE = 'WhatsAppBusinessAccount';

/** The fields to ask for after one was refused. Never again with that one, so it comes to an end. */
export function fieldsAfterRefusal(
  fields: readonly string[],
  { name, nodeType }: RefusedField,
): readonly string[] {
  const isOfNumber = fields.some((field) => !WABA_FIELDS.includes(field));
  if (nodeType === WABA_TYPE && isOfNumber) return WABA_FIELDS.filter((field) => field !== name);
  const rest = fields.filter((field) => field !== name);
  return name === LIMIT_FIELD ? [...rest, FORMER_LIMIT_FIELD] : rest;
}

/** The profile in a parsed body. Total: what is absent or has the wrong type is null. */
export function profileOf(value: unknown): Profile {
  const textAt = (name: string): string | null => textOf(fieldOf(value, name));
  const webhook = fieldOf(value, 'webhook_configuration');
  const urlAt = (name: string): string | null => textOf(fieldOf(webhook, name), PROFILE_URL_MAX);
  const throughput = fieldOf(value, 'throughput');
  const isOnBizApp = fieldOf(value, 'is_on_biz_app');
  return {
    displayNumber: textAt('display_phone_number'),
    verifiedName: textAt('verified_name') ?? textAt('name'),
    nameStatus: textAt('name_status'),
    quality: textAt('quality_rating'),
    messagingLimit: textAt(LIMIT_FIELD) ?? textAt(FORMER_LIMIT_FIELD),
    status: textAt('status'),
    throughput: textOf(fieldOf(throughput, 'level')) ?? textOf(throughput),
    accountMode: textAt('account_mode'),
    isOnBizApp: typeof isOnBizApp === 'boolean' ? isOnBizApp : null,
    platformType: textAt('platform_type'),
    webhook: {
      application: urlAt('application'),
      waba: urlAt('whatsapp_business_account'),
      number: urlAt('phone_number'),
      numberAskedAt: null,
    },
  };
}

/** As received but for its length, and for half surrogate pairs, which nothing can store. */
export function textOf(value: unknown, lengthMax: number = PROFILE_TEXT_MAX): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.slice(0, lengthMax).toWellFormed();
}
