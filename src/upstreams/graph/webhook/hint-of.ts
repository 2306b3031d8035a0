/** What readers of fields have in common: they say what is special about a change, this fills in the rest. */
import type { Hint, SignalAbout } from '#domain/signals/signal.ts';
import { ABOUT_NOBODY } from '#domain/signals/signal.ts';
import { digitsOf } from '#domain/profile.ts';
import type { JsonObject, RawChange } from './envelope.ts';

/** A change of a field that is known, whose value is an object. */
export interface FieldChange {
  readonly field: string;
  readonly entryId: string | null;
  readonly value: JsonObject;
}

/** What a reader found; what it leaves out is the usual. */
export type Found = Pick<Hint, 'weight' | 'summary'> &
  Partial<Pick<Hint, 'event' | 'subject' | 'isKnown'>> & {
    readonly about?: Partial<SignalAbout>;
  };

export type FieldReader = (change: FieldChange) => Found;

/** Without a word of another subject it is about the WABA of the entry. */
export function hintOf({ entryId, field }: FieldChange, found: Found): Hint {
  const { about = {}, weight, summary, event = null, isKnown = true } = found;
  const waba = entryId === null ? null : { type: 'WABA', id: entryId };
  return {
    field,
    event,
    subject: found.subject === undefined ? waba : found.subject,
    about: { ...ABOUT_NOBODY, wabaId: entryId, ...about },
    code: null,
    httpStatus: null,
    count: 1,
    weight,
    isKnown,
    summary,
  };
}

/** A change that was not understood: kept by the name of its field, never by what it says. */
export function unknownHint({ entryId, field }: Pick<RawChange, 'entryId' | 'field'>): Hint {
  const change = { field: field ?? 'unreadable', entryId, value: {} };
  const summary = 'a webhook of a field that is not known here';
  return hintOf(change, { weight: 'info', isKnown: false, summary });
}

/** A number that is named by how people write it. */
export function aboutNumber(value: JsonObject): { about: Partial<SignalAbout>; subject: null } {
  const written = value['display_phone_number'] ?? value['phone_number'];
  const text = typeof written === 'number' ? String(written) : written;
  const digits = typeof text === 'string' ? digitsOf(text.slice(0, 40)) : null;
  return { about: { digits }, subject: null };
}

/** Words in one line; what is no word is left out. */
export function lineOf(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' ');
}
