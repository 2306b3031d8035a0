/**
 * Early warnings: what a profile tells of trouble to come. They notify and never page (docs/meta.md §7). A first
 * profile warns of nothing: it is where changes begin.
 */
import type { Profile } from '#domain/profile.ts';

const WARNING_FIELDS = ['quality', 'status', 'messaging_limit', 'webhook'] as const;
export type WarningField = (typeof WARNING_FIELDS)[number];

interface Warning {
  readonly field: WarningField;
  /** What it was and is, as a code: `GREEN>RED`. */
  readonly code: string;
  /** A plain sentence. */
  readonly detail: string;
}

/** What one more profile says of a field: it warns, or it is well again; null when it says nothing new. */
export type WarningChange =
  | ({ readonly is: 'warning' } & Warning)
  | { readonly is: 'well'; readonly field: WarningField };

/** Words of a number's status that say that Meta holds something against it. */
const BAD_STATUSES: ReadonlySet<string> = new Set(['FLAGGED', 'RESTRICTED', 'BANNED']);
/** What stands where a webhook should be and none is set. */
export const NO_WEBHOOK = 'none';

/** What one more profile says, in the order of `WARNING_FIELDS`. */
export function warningChanges(was: Profile, is: Profile): readonly WarningChange[] {
  return [
    qualityChange(was.quality, is.quality),
    statusChange(was.status, is.status),
    limitChange(was.messagingLimit, is.messagingLimit),
    webhookChange(was.webhook, is.webhook),
  ].filter((change) => change !== null);
}

function qualityChange(was: string | null, is: string | null): WarningChange | null {
  if (was === is || is === null) return null;
  if (is !== 'RED') return was === 'RED' ? { is: 'well', field: 'quality' } : null;
  const from = was === null ? '' : ` from ${was}`;
  return warning('quality', { was, is, detail: `The quality rating fell${from} to RED.` });
}

function statusChange(was: string | null, is: string | null): WarningChange | null {
  if (was === is || is === null) return null;
  if (BAD_STATUSES.has(is)) {
    return warning('status', { was, is, detail: `Meta set the number's status to ${is}.` });
  }
  return was !== null && BAD_STATUSES.has(was) ? { is: 'well', field: 'status' } : null;
}

/** TIER_250, TIER_1K, TIER_UNLIMITED: by the number in it. */
function limitChange(was: string | null, is: string | null): WarningChange | null {
  const [before, after] = [tierOf(was), tierOf(is)];
  if (before === null || after === null || before === after) return null;
  if (after > before) return { is: 'well', field: 'messaging_limit' };
  const detail = `The messaging limit was lowered from ${was} to ${is}.`;
  return warning('messaging_limit', { was, is, detail });
}

function webhookChange(
  { number: was, numberAskedAt }: Profile['webhook'],
  { number: is, numberAskedAt: askedAt }: Profile['webhook'],
): WarningChange | null {
  // Meta's URL and 360dialog's setting are not the same thing: a first look at the latter is where changes begin.
  if (numberAskedAt === null && askedAt !== null) return null;
  if (was === null || is === null || was === is) return null;
  if (was === NO_WEBHOOK) return { is: 'well', field: 'webhook' };
  const isLost = is === NO_WEBHOOK;
  return {
    is: 'warning',
    field: 'webhook',
    code: isLost ? 'lost' : 'changed',
    detail: isLost
      ? 'The webhook of the number is no longer set: incoming messages reach nobody, unless one is set for the account.'
      : 'The webhook leads elsewhere than before.',
  };
}

function warning(
  field: WarningField,
  {
    was,
    is,
    detail,
  }: { readonly was: string | null; readonly is: string | null; readonly detail: string },
): WarningChange {
  return { is: 'warning', field, code: `${was ?? ''}>${is ?? ''}`, detail };
}

function tierOf(limit: string | null): number | null {
  if (limit === null) return null;
  if (/UNLIMITED/.test(limit)) return Infinity;
  const match = /(\d+)(K?)/.exec(limit);
  return match === null ? null : Number(match[1]) * (match[2] === 'K' ? 1_000 : 1);
}
