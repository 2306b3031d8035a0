/** Meta's webhooks, also where 360dialog passes them on: the same envelope (docs/meta.md §5). */
import { createHash } from 'node:crypto';
import type { Change, WebhookReading, Webhooks } from '#ports/webhooks.ts';
import { WEBHOOK_UPDATES_MAX } from '#ports/webhooks.ts';
import { changesOfEntries, entriesOf, valueOfBody } from './envelope.ts';
import type { RawChange } from './envelope.ts';
import { hintIn, isReadable } from './fields.ts';
import { keptOf } from './keep.ts';
import { MESSAGES, sendErrorHints } from './send-errors.ts';
import { isSame, isSignature, isSigned, verifyTokenOf } from './signature.ts';

export const metaWebhooks: Webhooks = {
  isSigned,
  isSignature,
  verifyTokenOf,
  isSame,
  read(body) {
    const value = valueOfBody(body);
    if (value === undefined) return refused('no_json');
    const entries = entriesOf(value);
    if (entries === null) return refused('no_envelope');
    if (countOf(entries) > WEBHOOK_UPDATES_MAX) return refused('too_many_updates');
    return { ok: true, kept: keptOf(body, value, entries) };
  },
  changesIn(kept) {
    const changes = changesOfEntries(entriesOf(valueOfBody(kept)) ?? []);
    return changes.flatMap(readChange);
  },
};

function refused(why: Extract<WebhookReading, { ok: false }>['why']): WebhookReading {
  return { ok: false, why };
}

/** Entries without a change count as well: none of them is free. */
function countOf(entries: readonly unknown[]): number {
  return Math.max(entries.length, changesOfEntries(entries).length);
}

function readChange(change: RawChange): readonly Change[] {
  const { field, entryId, value } = change;
  if (field === MESSAGES) {
    return sendErrorHints(entryId, value).map((hint) => ({ hint, key: null }));
  }
  const hint = hintIn(change);
  return [{ hint, key: isReadable(change) ? keyOf(change) : null }];
}

function keyOf({ entryId, time, field, value }: RawChange): string {
  const said = JSON.stringify([entryId, time, field, value]);
  return createHash('sha256').update(said).digest('hex');
}
