/** Fields about a WABA or a business (docs/meta.md §5.2 and §5.3). */
import { isJsonObject } from '#domain/json.ts';
import type { SignalWeight } from '#domain/signals/signal.ts';
import { idOf, wordOf } from './envelope.ts';
import type { JsonObject } from './envelope.ts';
import type { FieldChange, FieldReader, Found } from './hint-of.ts';
import { aboutNumber, lineOf } from './hint-of.ts';

const REVIEWS: ReadonlyMap<string, SignalWeight> = new Map([
  ['APPROVED', 'recovery'],
  ['REJECTED', 'critical'],
  ['PENDING', 'change'],
  ['DEFERRED', 'change'],
]);

const BANS: ReadonlyMap<string, readonly [SignalWeight, string]> = new Map([
  ['DISABLE', ['critical', 'the account is banned']],
  ['SCHEDULE_FOR_DISABLE', ['critical', 'the account is to be banned']],
  ['REINSTATE', ['recovery', 'the ban of the account is lifted']],
]);

type EventReader = (value: JsonObject, change: FieldChange) => Found;

const says =
  (weight: SignalWeight, summary: string): EventReader =>
  () => ({ weight, summary });

/** Their entry has the id of the business; the WABA stands in the value. */
const partner =
  (weight: SignalWeight, summary: string): EventReader =>
  (value, { entryId }) => {
    const info = objectIn(value, 'waba_info');
    const wabaId = idOf(info['waba_id']);
    const businessId = entryId ?? idOf(info['owner_business_id']);
    const subject = wabaId === null ? null : { type: 'WABA', id: wabaId };
    return { weight, summary, subject, about: { wabaId, businessId } };
  };

const EVENTS: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ['DISABLED_UPDATE', readBan],
  ['ACCOUNT_VIOLATION', readViolation],
  ['ACCOUNT_RESTRICTION', readRestriction],
  ['ACCOUNT_DELETED', says('critical', 'the account is deleted')],
  ['ACCOUNT_OFFBOARDED', readDisconnection('critical', 'the account left the platform')],
  ['ACCOUNT_RECONNECTED', readDisconnection('recovery', 'the account is back on the platform')],
  ['PARTNER_REMOVED', partner('critical', 'the account was taken from the partner')],
  ['PARTNER_APP_UNINSTALLED', partner('critical', 'the app was taken from the account')],
  ['PARTNER_ADDED', partner('change', 'the account was given to the partner')],
  ['PARTNER_APP_INSTALLED', partner('change', 'the app was given the account')],
  ['PARTNER_CLIENT_CERTIFICATION_NEEDED', partner('info', 'the partner has to certify a client')],
  ['PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE', partner('info', 'a certification changed')],
  ['VERIFIED_ACCOUNT', readVerified],
  ['MM_LITE_TERMS_SIGNED', says('info', 'terms of marketing messages were signed')],
  ['AD_ACCOUNT_LINKED', says('info', 'an advertising account was linked')],
  ['AUTH_INTL_PRICE_ELIGIBILITY_UPDATE', says('info', 'prices of authentication changed')],
  ['BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE', says('info', 'the country of the business changed')],
  ['VOLUME_BASED_PRICING_TIER_UPDATE', says('info', 'the price tier changed')],
]);

export const ACCOUNT_FIELDS: readonly (readonly [string, FieldReader])[] = [
  ['account_update', readUpdate],
  ['account_review_update', readReview],
  ['account_alerts', readAlert],
  ['business_capability_update', readCapability],
];

function readUpdate(change: FieldChange): Found {
  const event = wordOf(change.value['event']);
  const read = event === null ? undefined : EVENTS.get(event);
  const found = read?.(change.value, change);
  if (found !== undefined) return { ...found, event };
  return { weight: 'change', event, isKnown: false, summary: 'an account event that is not known' };
}

function readBan(value: JsonObject): Found {
  const ban = objectIn(value, 'ban_info');
  const state = wordOf(ban['waba_ban_state']);
  const known = BANS.get(state ?? '');
  if (known !== undefined) return { weight: known[0], summary: known[1] };
  const summary = lineOf('the ban of the account changed:', state ?? 'an unknown word');
  return { weight: 'change', isKnown: false, summary };
}

function readViolation(value: JsonObject): Found {
  const type = wordOf(objectIn(value, 'violation_info')['violation_type']);
  return { weight: 'warning', summary: lineOf('the account violated a policy:', type ?? '–') };
}

function readRestriction(value: JsonObject): Found {
  const given: readonly unknown[] = Array.isArray(value['restriction_info'])
    ? value['restriction_info']
    : [value['restriction_info']];
  const types = given.slice(0, 5).flatMap((one) => {
    return isJsonObject(one) ? (wordOf(one['restriction_type']) ?? []) : [];
  });
  const isSending = types.some((type) => type.endsWith('_INITIATED_MESSAGING'));
  const summary = lineOf('the account is restricted:', types.join(', ') || '–');
  return { weight: isSending ? 'critical' : 'warning', summary };
}

function readDisconnection(weight: SignalWeight, summary: string): EventReader {
  return (value) => {
    const reason = wordOf(objectIn(value, 'disconnection_info')['reason']);
    return { weight, summary: reason === null ? summary : `${summary}: ${reason}` };
  };
}

/** Whether this is the verification that 141010 asks for is not known (docs/meta.md §5.2). */
function readVerified(value: JsonObject): Found {
  const { about } = aboutNumber(value);
  return { weight: 'change', summary: 'the account was verified', about };
}

function readReview({ value }: FieldChange): Found {
  const decision = wordOf(value['decision']);
  const weight = REVIEWS.get(decision ?? '');
  const summary = lineOf('the review of the account says', decision ?? 'nothing');
  return { weight: weight ?? 'change', event: decision, isKnown: weight !== undefined, summary };
}

function readAlert({ value, entryId }: FieldChange): Found {
  const alert = objectIn(value, 'alert_info');
  const type = wordOf(alert['alert_type']);
  const severity = wordOf(alert['alert_severity']);
  const isActive = wordOf(alert['alert_status']) !== 'NONE';
  const isGrave = isActive && (severity === 'CRITICAL' || severity === 'WARNING');
  const summary = lineOf('an alert about the account:', severity, type);
  const about = {
    event: type,
    summary,
    weight: isGrave ? ('warning' as const) : ('info' as const),
  };
  const entityType = wordOf(value['entity_type']);
  const id = idOf(value['entity_id']);
  if (entityType === 'BUSINESS') {
    const subject = id === null ? null : { type: 'BUSINESS', id };
    return { ...about, subject, about: { businessId: id } };
  }
  if (entityType === 'PHONE_NUMBER') {
    const subject = id === null ? null : { type: 'PHONE_NUMBER', id };
    return { ...about, subject, about: { phoneNumberId: id } };
  }
  // A third type is documented, of which nobody says what its id is.
  return { ...about, subject: entryId === null ? null : { type: 'WABA', id: entryId } };
}

/** A text in one place of Meta's page, a number in another. */
function readCapability({ value }: FieldChange): Found {
  const given = value['max_daily_conversations_per_business'] ?? '';
  const limit = idOf(given) ?? wordOf(given);
  const summary = lineOf('the messaging limit of the business changed', limit && `to ${limit}`);
  return { weight: 'info', summary };
}

function objectIn(value: JsonObject, key: string): JsonObject {
  const inner = value[key];
  return isJsonObject(inner) ? inner : {};
}
