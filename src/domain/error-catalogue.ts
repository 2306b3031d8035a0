/**
 * Meta's error codes and sentences, explained: what it means, what still works, who must act, how.
 *
 * Keyed by (entity type, code), narrowed by upstream and by who bills. It has an open end: a finding
 * that is not here gets an honest answer from its status alone, and Meta's own text is always kept.
 * Facts: docs/meta.md §2.
 */
import type { Actor, Remedy } from './actor.ts';
import { CALLING_BAND, CALLING_ERRORS } from './catalogue-calling.ts';
import { credentialExplanation } from './catalogue-credential.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { LINKS } from './catalogue-entry.ts';
import { MESSAGING_ERRORS } from './catalogue-errors.ts';
import { INFO_SENTENCES } from './catalogue-info.ts';
import type { Explanation, ExplanationContext } from './explanation.ts';
import type { Finding } from './finding.ts';

/** Everything the catalogue knows, in the order in which the documentation lists it. */
export const ERROR_CATALOGUE: readonly CatalogueEntry[] = [
  ...MESSAGING_ERRORS,
  ...CALLING_ERRORS,
  ...INFO_SENTENCES,
];

/** Behind 360dialog the app is theirs, whatever is said about it. */
export const PROVIDERS_APP: { readonly actor: Actor; readonly remedy: Remedy } = {
  actor: 'provider',
  remedy: {
    text:
      'Ask 360dialog: the app behind their API is theirs, and only they can change it. Send ' +
      "them Meta's sentence.",
    link: LINKS.support360,
  },
};

/** What a finding means. Total: an unknown one gets `known: false` and Meta's own words. */
export function explain(finding: Finding, context: ExplanationContext): Explanation {
  const ofCredential = credentialExplanation(finding.kind);
  if (ofCredential !== null) return ofCredential;
  const type = finding.subject.kind === 'entity' ? finding.subject.type : null;
  const providersApp = type === 'APP' && context.upstream === 'dialog360' ? PROVIDERS_APP : null;
  const entry = entryOf(finding, type);
  if (entry === null) return { ...unknownExplanation(finding, type), ...providersApp };
  const narrowed = entry.narrowed.find(({ when }) => isIn(context, when));
  return {
    meaning: entry.meaning,
    reason: entry.reason ?? entry.meaning,
    effects: entry.effects,
    actor: narrowed?.actor ?? entry.actor,
    remedy: narrowed?.remedy ?? entry.remedy,
    known: true,
    ...providersApp,
  };
}

function isIn(context: ExplanationContext, when: Partial<ExplanationContext>): boolean {
  return (
    (when.upstream ?? context.upstream) === context.upstream &&
    (when.billedBy ?? context.billedBy) === context.billedBy
  );
}

/**
 * The entry for (type, code). Where Meta puts a code on another entity than usual, its meaning stays,
 * unless the code means different things by type; a 131000 of a new cause is that type's 131000.
 */
function entryOf({ kind, code }: Finding, type: string | null): CatalogueEntry | null {
  if (kind !== 'error' && kind !== 'info') return null;
  const named = (wanted: string) =>
    ERROR_CATALOGUE.filter((entry) => entry.kind === kind && entry.code === wanted);
  const typed = (wanted: string) => named(wanted).find((entry) => entry.entityType === type);
  const stem = code.split(':', 1)[0] ?? code;
  const elsewhere = stem === REUSED_CODE ? undefined : named(code)[0];
  return typed(code) ?? typed(stem) ?? elsewhere ?? (isCallingCode(stem) ? BAND : null);
}

const REUSED_CODE = '131000';
const BAND = CALLING_ERRORS.find((entry) => entry.code === CALLING_BAND) ?? null;

function isCallingCode(code: string): boolean {
  return /^138\d{3}$/.test(code);
}

/** Who usually answers for an entity of this type (docs/meta.md §2.2). */
const OWNERS: Readonly<Record<string, Actor>> = {
  APP: 'integrator',
  FLOW: 'integrator',
  WABA: 'account_owner',
  BUSINESS: 'account_owner',
  MESSAGE_TEMPLATE: 'template_author',
};

function unknownExplanation(finding: Finding, type: string | null): Explanation {
  if (finding.kind === 'unrecognised_word') return NEW_WORD;
  const own = finding.text ? ` Meta says: ${finding.text}` : ' Meta gives no sentence for it.';
  return {
    meaning: `Not in our catalogue yet.${own}`,
    reason: finding.text ?? 'Meta gives no sentence for it',
    effects: {},
    actor: OWNERS[type ?? ''] ?? 'unknown',
    remedy: {
      text: finding.solution || "Look at what Meta's health status page says about it.",
      link: LINKS.healthStatus,
    },
    known: false,
  };
}

const NEW_WORD: Explanation = {
  meaning: 'Meta uses a status word that this version does not know, so we cannot judge it.',
  reason: 'Meta uses a status word that this version does not know',
  effects: {},
  actor: 'integrator',
  remedy: {
    text: "Update waba-health; until then, read the word in Meta's documentation.",
    link: LINKS.healthStatus,
  },
  known: false,
};
