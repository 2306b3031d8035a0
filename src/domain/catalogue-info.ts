/**
 * The sentences of `additional_info`, which have no code: a slug of ours names each that we know.
 * Facts: docs/meta.md §2.3; the sentences after the first two were never captured whole.
 */
import type { CatalogueEntry } from './catalogue-entry.ts';
import { claim, LINKS } from './catalogue-entry.ts';

/** By which words a sentence is recognised; the first that fits names it. */
const SENTENCES: readonly { readonly slug: string; readonly says: RegExp }[] = [
  { slug: 'display_name_not_approved', says: /display name\b.*\bnot (?:yet )?been approved/i },
  { slug: 'webhook_unsubscribed', says: /not subscribed to the message webhook/i },
  { slug: 'messaging_limit_reached', says: /messag(?:e|ing) limit\b.*\breached/i },
  { slug: 'display_name_rejected', says: /display name\b.*\b(?:rejected|declined)/i },
  { slug: 'registration_required', says: /must be registered/i },
  { slug: 'template_paused', says: /template\b.*\bpaused/i },
  { slug: 'policy_restriction', says: /\b(?:restricted|restriction|violation|violates)\b/i },
];

/** The catalogue's slug for a sentence of `additional_info`; null for one that we do not know. */
export function infoSlugOf(sentence: string): string | null {
  return SENTENCES.find(({ says }) => says.test(sentence))?.slug ?? null;
}

const LIMITS = 'https://developers.facebook.com/docs/whatsapp/messaging-limits';

export const INFO_SENTENCES: readonly CatalogueEntry[] = [
  {
    entityType: 'PHONE_NUMBER',
    kind: 'info',
    code: 'display_name_not_approved',
    capability: 'messaging',
    usualStatus: 'LIMITED',
    wording:
      'Your display name has not been approved yet. Your message limit will increase after the ' +
      'display name is approved.',
    meaning:
      'The display name is not approved yet: sending works, with a low limit. Often this stays ' +
      'long after the name was dealt with.',
    reason: 'the display name is not approved yet',
    effects: {
      business_initiated: claim('limited', 'documented'),
      replies: claim('yes', 'observed'),
      inbound: claim('yes', 'observed'),
    },
    actor: 'account_owner',
    remedy: {
      text:
        'Wait for the review, or correct the display name in the WhatsApp Manager; after an ' +
        'approval, register the number again.',
      link: LINKS.displayName,
    },
    narrowed: [],
  },
  {
    entityType: 'APP',
    kind: 'info',
    code: 'webhook_unsubscribed',
    capability: 'messaging',
    usualStatus: 'AVAILABLE',
    wording:
      'Your app is not subscribed to the message webhook. This means you will not receive any ' +
      'messages sent to your phone number.',
    meaning:
      'This app is not subscribed to the WABA, so it receives no incoming messages; another ' +
      'app may still receive them.',
    reason: 'the app is not subscribed to the WABA',
    effects: { inbound: claim('no', 'documented') },
    actor: 'integrator',
    remedy: {
      text:
        'Subscribe the app: POST /<WABA id>/subscribed_apps, with the field "messages" ' +
        'switched on in the app. Leave it if another app receives the messages.',
      link: 'https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps/',
    },
    narrowed: [],
  },
  {
    entityType: 'PHONE_NUMBER',
    kind: 'info',
    code: 'messaging_limit_reached',
    capability: 'messaging',
    usualStatus: 'LIMITED',
    wording: 'Messaging limit reached',
    meaning:
      'The messaging limit of the business portfolio is used up for now; replies still go out.',
    reason: 'the messaging limit of the business portfolio is used up for now',
    effects: {
      business_initiated: claim('limited', 'inferred'),
      replies: claim('yes', 'inferred'),
    },
    actor: 'account_owner',
    remedy: {
      text: 'Spread new conversations over the day, and meet the conditions for a higher limit.',
      link: LIMITS,
    },
    narrowed: [],
  },
  {
    entityType: 'PHONE_NUMBER',
    kind: 'info',
    code: 'display_name_rejected',
    capability: 'messaging',
    usualStatus: 'LIMITED',
    wording: null,
    meaning: 'The display name was rejected: sending works, with a low limit.',
    reason: 'the display name was rejected',
    effects: {
      business_initiated: claim('limited', 'inferred'),
      replies: claim('yes', 'inferred'),
    },
    actor: 'account_owner',
    remedy: {
      text: 'Choose a display name that follows the guidelines, in the WhatsApp Manager.',
      link: LINKS.displayName,
    },
    narrowed: [],
  },
  {
    entityType: 'PHONE_NUMBER',
    kind: 'info',
    code: 'registration_required',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording: null,
    meaning: 'The number has to be registered before it can send.',
    reason: 'the number has to be registered',
    effects: {
      business_initiated: claim('no', 'inferred'),
      replies: claim('no', 'inferred'),
      inbound: claim('no', 'inferred'),
    },
    actor: 'integrator',
    remedy: {
      text: 'Register the number: POST /<phone number id>/register with its PIN.',
      link: 'https://developers.facebook.com/docs/whatsapp/cloud-api/reference/registration',
    },
    narrowed: [],
  },
  {
    entityType: 'MESSAGE_TEMPLATE',
    kind: 'info',
    code: 'template_paused',
    capability: 'messaging',
    usualStatus: 'LIMITED',
    wording: null,
    meaning: 'Meta paused this template for low quality; it cannot be sent until the pause ends.',
    reason: 'Meta paused the message template for low quality',
    effects: {
      business_initiated: claim('no', 'inferred'),
      replies: claim('yes', 'inferred'),
    },
    actor: 'template_author',
    remedy: {
      text: 'Improve the template or send it to fewer people; a third pause disables it for good.',
      link: LINKS.templates,
    },
    narrowed: [],
  },
  {
    entityType: null,
    kind: 'info',
    code: 'policy_restriction',
    capability: 'messaging',
    usualStatus: 'LIMITED',
    wording: null,
    meaning:
      'Meta restricts the account for a policy violation; how far, the sentence itself says.',
    reason: 'Meta restricts the account for a policy violation',
    effects: {
      business_initiated: claim('limited', 'inferred'),
      replies: claim('limited', 'inferred'),
    },
    actor: 'account_owner',
    remedy: {
      text: 'Read the violation in Business Support Home and ask for a review there.',
      link: LINKS.accountQuality,
    },
    narrowed: [],
  },
];
