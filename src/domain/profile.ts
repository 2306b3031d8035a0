/**
 * What a number is beside its health: its names, its rating and its limits (docs/meta.md §7.1). Every
 * field can be missing, and Meta reports a rating as not known between two that are: so a profile is
 * carried on from read to read, and only what was said changes it.
 */

/** Where Meta delivers webhooks, from the general to the special: the last one that is set receives. */
interface WebhookUrls {
  readonly application: string | null;
  readonly waba: string | null;
  readonly number: string | null;
  /**
   * When 360dialog was last asked for its own setting of the number, ms UTC: then that is what `number` says, as
   * host and fingerprint. Null where `number` is Meta's.
   */
  readonly numberAskedAt: number | null;
}

/** Null is "not reported". Words are open sets, kept as received. */
export interface Profile {
  /** As Meta writes it, with blanks: `+49 30 1234`. Null for a WABA. */
  readonly displayNumber: string | null;
  /** The name that people see; of a WABA, which has none such, its own. */
  readonly verifiedName: string | null;
  /** APPROVED, AVAILABLE_WITHOUT_REVIEW, DECLINED, PENDING_REVIEW … */
  readonly nameStatus: string | null;
  /** GREEN, YELLOW, RED; NA and UNKNOWN where Meta has no rating. */
  readonly quality: string | null;
  /** TIER_250 … TIER_UNLIMITED; since 7 Oct 2025 one value for all numbers of a business portfolio. */
  readonly messagingLimit: string | null;
  /** CONNECTED, PENDING, BANNED, FLAGGED … */
  readonly status: string | null;
  /** STANDARD, HIGH. */
  readonly throughput: string | null;
  /** LIVE, SANDBOX. */
  readonly accountMode: string | null;
  /** Whether the number is used in the WhatsApp Business app too. */
  readonly isOnBizApp: boolean | null;
  /** CLOUD_API, ON_PREMISE, NOT_APPLICABLE (not registered). */
  readonly platformType: string | null;
  readonly webhook: WebhookUrls;
}

/** A profile of which nothing was reported. */
export const EMPTY_PROFILE: Profile = {
  displayNumber: null,
  verifiedName: null,
  nameStatus: null,
  quality: null,
  messagingLimit: null,
  status: null,
  throughput: null,
  accountMode: null,
  isOnBizApp: null,
  platformType: null,
  webhook: { application: null, waba: null, number: null, numberAskedAt: null },
};

/** The names of a profile's fields, as changes and listings show them. They stay as they are. */
export const PROFILE_FIELDS = [
  'display_number',
  'verified_name',
  'name_status',
  'quality',
  'messaging_limit',
  'status',
  'throughput',
  'account_mode',
  'is_on_biz_app',
  'platform_type',
  'webhook_application',
  'webhook_waba',
  'webhook_number',
] as const;
type ProfileField = (typeof PROFILE_FIELDS)[number];

/** One field that is another than before; null is "not known". */
export interface ProfileChange {
  readonly field: ProfileField;
  readonly was: string | null;
  readonly is: string | null;
}

/** The longest text that a field keeps, in UTF-16 units: far above any name or word of Meta's. */
export const PROFILE_TEXT_MAX = 256;
/** The longest URL that a field keeps; a longer one is cut, which still shows where it leads. */
export const PROFILE_URL_MAX = 2_048;

/** What Meta says when it has no rating: little traffic, or a number that is new. */
const NO_RATING: ReadonlySet<string> = new Set(['NA', 'UNKNOWN']);

/**
 * The profile that is known after one more read. What the read did not report stays as it was; NA and
 * UNKNOWN replace no known rating. `known` is null before the first read.
 */
export function profileAfter(known: Profile | null, seen: Profile): Profile {
  if (known === null) return seen;
  return {
    displayNumber: seen.displayNumber ?? known.displayNumber,
    verifiedName: seen.verifiedName ?? known.verifiedName,
    nameStatus: seen.nameStatus ?? known.nameStatus,
    quality: ratingAfter(known.quality, seen.quality),
    messagingLimit: seen.messagingLimit ?? known.messagingLimit,
    status: seen.status ?? known.status,
    throughput: seen.throughput ?? known.throughput,
    accountMode: seen.accountMode ?? known.accountMode,
    isOnBizApp: seen.isOnBizApp ?? known.isOnBizApp,
    platformType: seen.platformType ?? known.platformType,
    webhook: webhookAfter(known.webhook, seen.webhook),
  };
}

/** Every field in which the two differ, in the order of `PROFILE_FIELDS`. */
export function profileChanges(before: Profile, after: Profile): readonly ProfileChange[] {
  return PROFILE_FIELDS.flatMap((field) => {
    const was = VALUES[field](before);
    const is = VALUES[field](after);
    return was === is ? [] : [{ field, was, is }];
  });
}

/** Whether the number is used in the WhatsApp Business app and through the Cloud API at once. */
export function isCoexistence(profile: Profile): boolean {
  return profile.isOnBizApp === true && profile.platformType === 'CLOUD_API';
}

/**
 * The digits of a display number, by which it is compared: nodes write it with blanks, webhooks
 * without (docs/meta.md §5.2). Null when there are none.
 */
export function digitsOf(displayNumber: string | null): string | null {
  const digits = (displayNumber ?? '').replaceAll(/\D/g, '');
  return digits === '' ? null : digits;
}

function ratingAfter(known: string | null, seen: string | null): string | null {
  if (seen === null) return known;
  return known !== null && NO_RATING.has(seen) ? known : seen;
}

/** Once 360dialog's own setting is known, nothing but another look at it changes it. */
function webhookAfter(known: WebhookUrls, seen: WebhookUrls): WebhookUrls {
  const isKept = known.numberAskedAt !== null && seen.numberAskedAt === null;
  return {
    application: seen.application ?? known.application,
    waba: seen.waba ?? known.waba,
    number: isKept ? known.number : (seen.number ?? known.number),
    numberAskedAt: seen.numberAskedAt ?? known.numberAskedAt,
  };
}

const VALUES: Readonly<Record<ProfileField, (profile: Profile) => string | null>> = {
  display_number: ({ displayNumber }) => displayNumber,
  verified_name: ({ verifiedName }) => verifiedName,
  name_status: ({ nameStatus }) => nameStatus,
  quality: ({ quality }) => quality,
  messaging_limit: ({ messagingLimit }) => messagingLimit,
  status: ({ status }) => status,
  throughput: ({ throughput }) => throughput,
  account_mode: ({ accountMode }) => accountMode,
  is_on_biz_app: ({ isOnBizApp }) => (isOnBizApp === null ? null : String(isOnBizApp)),
  platform_type: ({ platformType }) => platformType,
  webhook_application: ({ webhook }) => webhook.application,
  webhook_waba: ({ webhook }) => webhook.waba,
  webhook_number: ({ webhook }) => webhook.number,
};
