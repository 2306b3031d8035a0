/** The forms of what a person gives: names, ids of Meta, secrets. Each refusal says what would be right. */
import type { UpstreamKind } from '#domain/billing.ts';
import { NAME_PATTERN } from '#domain/id.ts';
import type { ProblemItem } from '#domain/problem.ts';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';

const NAME =
  'must be 1 to 63 lower-case letters, digits or hyphens, beginning with a letter or digit';

/** The end of a key of 360dialog's sandbox (docs/dialog360.md §3.2). */
const SANDBOX_KEY = /_sandbox$/i;

/** Why a 360dialog key takes no app, to be said where one was named. */
export const APP_ON_DIALOG360 =
  'is for Graph tokens only: a 360dialog key belongs to no app of yours';

/** Whether this has the form of an id that Meta gives: of an app, a number, a WABA or another node. */
export function isMetaId(text: string): boolean {
  return /^[0-9]{1,32}$/.test(text);
}

/** Throws Problem `invalid_request` unless `name` has the form of a name. */
export function requireName(name: string): void {
  if (NAME_PATTERN.test(name)) return;
  throw invalidRequest([{ at: 'name', message: NAME }]);
}

/** One Problem for all that is wrong with a request. */
export function invalidRequest(items: readonly ProblemItem[]): Problem {
  const sentences = items.map(({ at, message }) => `${at} ${message}`);
  return new Problem('invalid_request', `${sentences.join('; ')}.`, { items });
}

/**
 * Throws unless this can be a secret of the upstream: Problem `sandbox_key` for a key of 360dialog's
 * sandbox, `invalid_request` for text that no header could carry.
 */
export function requireSecret(secret: Secret, upstream: UpstreamKind): void {
  const text = secret.reveal();
  if (!/^[\x21-\x7e]{8,4096}$/.test(text)) {
    const message =
      'must be the token or key itself: 8 to 4,096 printable characters without a space';
    throw invalidRequest([{ at: 'secret', message }]);
  }
  if (upstream === 'dialog360' && SANDBOX_KEY.test(text)) {
    throw new Problem(
      'sandbox_key',
      "This is a key of 360dialog's sandbox, which has no /health_status to ask. " +
        'Use the key of a live number, from the 360dialog Hub; to try things out without one, ' +
        'run `waba-health demo`.',
    );
  }
}
