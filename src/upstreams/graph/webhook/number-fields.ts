/** Fields about a phone number, which most name by its display number alone (docs/meta.md §5.2). */
import { isJsonObject } from '#domain/json.ts';
import type { SignalWeight } from '#domain/signals/signal.ts';
import { idOf, wordOf } from './envelope.ts';
import type { FieldChange, FieldReader, Found } from './hint-of.ts';
import { aboutNumber, lineOf } from './hint-of.ts';

const QUALITY: ReadonlyMap<string, SignalWeight> = new Map([
  ['FLAGGED', 'warning'],
  ['DOWNGRADE', 'warning'],
  ['UNFLAGGED', 'recovery'],
  ['UPGRADE', 'recovery'],
  ['ONBOARDING', 'change'],
  ['THROUGHPUT_UPGRADE', 'info'],
]);

const NAME_DECISIONS: ReadonlyMap<string, SignalWeight> = new Map([
  ['APPROVED', 'recovery'],
  ['REJECTED', 'warning'],
  ['DEFERRED', 'change'],
  ['PENDING', 'change'],
]);

const SECURITY: ReadonlyMap<string, readonly [SignalWeight, string]> = new Map([
  ['PIN_CHANGED', ['change', 'the PIN of the number was changed']],
  ['PIN_RESET_REQUEST', ['change', 'somebody wants the PIN of the number reset']],
  ['PIN_REQUEST_SUCCESS', ['change', 'the PIN of the number was reset']],
]);

export const NUMBER_FIELDS: readonly (readonly [string, FieldReader])[] = [
  ['phone_number_quality_update', readQuality],
  ['phone_number_name_update', readName],
  ['account_settings_update', readSettings],
  ['security', readSecurity],
];

function readQuality({ value }: FieldChange): Found {
  const event = wordOf(value['event']);
  const weight = QUALITY.get(event ?? '');
  const limit = wordOf(value['current_limit']);
  const summary = lineOf('quality or limit of the number:', event ?? '–', limit);
  const known = weight !== undefined;
  return { ...aboutNumber(value), event, weight: weight ?? 'change', isKnown: known, summary };
}

function readName({ value }: FieldChange): Found {
  const decision = wordOf(value['decision']);
  const weight = NAME_DECISIONS.get(decision ?? '');
  const reason = wordOf(value['rejection_reason']);
  const summary = lineOf('the display name of the number:', decision ?? '–', reason);
  const known = weight !== undefined;
  return {
    ...aboutNumber(value),
    event: decision,
    weight: weight ?? 'change',
    isKnown: known,
    summary,
  };
}

/** Comes when settings of calling and SIP change: 138024 and 138025 may have come or gone. */
function readSettings({ value }: FieldChange): Found {
  const settings = value['phone_number_settings'];
  const phoneNumberId = isJsonObject(settings) ? idOf(settings['phone_number_id']) : null;
  return {
    event: wordOf(value['type']),
    weight: 'change',
    summary: 'settings of the number changed, perhaps those of calling',
    subject: phoneNumberId === null ? null : { type: 'PHONE_NUMBER', id: phoneNumberId },
    about: { phoneNumberId },
  };
}

function readSecurity({ value }: FieldChange): Found {
  const event = wordOf(value['event']);
  const known = SECURITY.get(event ?? '');
  return {
    ...aboutNumber(value),
    event,
    weight: known?.[0] ?? 'change',
    isKnown: known !== undefined,
    summary: known?.[1] ?? 'something about the security of the number',
  };
}
