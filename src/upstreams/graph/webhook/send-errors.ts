/**
 * The field `messages`: of all that it holds only the codes of errors are read, and which number of ours they
 * are about. Who wrote, to whom and what is neither looked at nor kept (ARCHITECTURE.md invariant 16).
 */
import { isJsonObject } from '#domain/json.ts';
import type { Hint } from '#domain/signals/signal.ts';
import { ABOUT_NOBODY } from '#domain/signals/signal.ts';
import type { JsonObject } from './envelope.ts';
import { idOf } from './envelope.ts';

export const MESSAGES = 'messages';

/** What is left of a value of `messages`; null when it has no error. */
export function errorsAlone(value: unknown): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const codes = [...codesIn(value['errors']), ...codesOfStatuses(value['statuses'])];
  if (codes.length === 0) return null;
  const metadata = isJsonObject(value['metadata']) ? value['metadata'] : {};
  const phone_number_id = idOf(metadata['phone_number_id']);
  return { metadata: { phone_number_id }, errors: codes.map((code) => ({ code })) };
}

/** One hint for each code of what `errorsAlone` left. */
export function sendErrorHints(entryId: string | null, value: unknown): readonly Hint[] {
  const alone = errorsAlone(value);
  if (alone === null) return [];
  const metadata = isJsonObject(alone['metadata']) ? alone['metadata'] : {};
  const phoneNumberId = idOf(metadata['phone_number_id']);
  const sends = new Map<string, number>();
  for (const code of codesIn(alone['errors'])) sends.set(code, (sends.get(code) ?? 0) + 1);
  return [...sends].map(([code, count]) => ({
    field: MESSAGES,
    event: null,
    subject: phoneNumberId === null ? null : { type: 'PHONE_NUMBER', id: phoneNumberId },
    about: { ...ABOUT_NOBODY, wabaId: entryId, phoneNumberId },
    code,
    httpStatus: null,
    count,
    weight: 'change',
    isKnown: true,
    summary: `sends failed with ${code}`,
  }));
}

/** Of a status of a message its errors: one message that failed is one of each code. */
function codesOfStatuses(statuses: unknown): readonly string[] {
  if (!Array.isArray(statuses)) return [];
  return statuses.flatMap((status: unknown) => {
    return isJsonObject(status) ? [...new Set(codesIn(status['errors']))] : [];
  });
}

function codesIn(errors: unknown): readonly string[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    const code = isJsonObject(error) ? idOf(error['code']) : null;
    // No code of Meta's is longer, and a telephone number is.
    return code !== null && code.length <= 7 ? [code] : [];
  });
}
