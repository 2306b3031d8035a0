/** The words of the API as words for people: who acts, how sure, why UNKNOWN. */
import { ACTOR_WORDS } from '#domain/actor.ts';
import { inert } from './inert.ts';

const ACTORS: Readonly<Record<string, string>> = ACTOR_WORDS;

/** Who must act; a word that is new to us is shown as it is. */
export function actorText(actor: string): string {
  return ACTORS[actor] ?? inert(actor);
}

const CERTAINTIES: Readonly<Record<string, string>> = {
  documented: 'Meta documents it',
  observed: 'seen on live accounts',
  inferred: 'concluded from the status',
};

export function certaintyText(certainty: string): string {
  return CERTAINTIES[certainty] ?? inert(certainty);
}

const UNKNOWN_REASONS: Readonly<Record<string, string>> = {
  never_read: 'never read yet',
  outdated: 'the last good read is too old',
  not_trusted: 'the last known status is not trusted any more',
  unrecognised_word: 'the answer has a word that is new to us',
};

export function unknownReasonText(reason: string): string {
  return UNKNOWN_REASONS[reason] ?? inert(reason);
}

export const EFFECT_LABELS = {
  business_initiated: 'New conversations',
  replies: 'Replies',
  inbound: 'Inbound',
  calling: 'Calls',
} as const;
