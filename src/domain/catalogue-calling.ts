/**
 * What Meta's codes about calling mean. None of them bears on messaging, and the first two are listed
 * for nearly every number that never set up calls. Facts: docs/meta.md §2.1 and §2.4.
 */
import type { CatalogueEntry } from './catalogue-entry.ts';
import { claim, LINKS } from './catalogue-entry.ts';
import type { Remedy } from './actor.ts';

/** The code of the entry that stands for the whole band. */
export const CALLING_BAND = '138000-138999';

const SETTINGS_360: Remedy = {
  text:
    'If you want calls over SIP, set it up through /calling/settings of the Messaging API; ' +
    'otherwise leave it.',
  link: LINKS.api360,
};

export const CALLING_ERRORS: readonly CatalogueEntry[] = [
  {
    entityType: 'PHONE_NUMBER',
    kind: 'error',
    code: '138024',
    capability: 'calling',
    usualStatus: 'AVAILABLE',
    wording: 'WhatsApp Business calling cannot use SIP because it is not enabled',
    meaning:
      'Calls over SIP are switched off for this number. Sending messages is not affected; ' +
      'normal for a number that takes no calls.',
    reason: 'calls over SIP are switched off for the number',
    effects: { calling: claim('no', 'documented') },
    actor: 'integrator',
    remedy: {
      text:
        'If you want calls over SIP, enable them through /<phone number id>/settings; ' +
        'otherwise leave it.',
      link: LINKS.sip,
    },
    narrowed: [{ when: { upstream: 'dialog360' }, remedy: SETTINGS_360 }],
  },
  {
    entityType: 'APP',
    kind: 'error',
    code: '138025',
    capability: 'calling',
    usualStatus: 'AVAILABLE',
    wording:
      'This app cannot use SIP for WhatsApp Business calling because it has not configured a ' +
      'SIP server for this business phone number',
    // The SIP server belongs to the app whose token set it, so another app's token can see this while
    // calls work.
    meaning:
      'This app has set no SIP server for the number, so calls over SIP do not reach it. ' +
      'Sending messages is not affected; another app may have set one.',
    reason: 'the app has set no SIP server for the number',
    effects: { calling: claim('no', 'documented') },
    actor: 'integrator',
    remedy: {
      text:
        'If you want calls over SIP, set the SIP server through /<phone number id>/settings ' +
        'with a token of this app; otherwise leave it.',
      link: LINKS.sip,
    },
    narrowed: [],
  },
  {
    entityType: null,
    kind: 'error',
    code: '138026',
    capability: 'calling',
    usualStatus: 'AVAILABLE',
    wording: null,
    meaning:
      'Something about calls is not set up; Meta does not document this code. Sending messages ' +
      'is not affected.',
    reason: 'something about calls is not set up',
    effects: { calling: claim('unknown', 'inferred') },
    actor: 'integrator',
    remedy: {
      text:
        "If you want calls, follow Meta's own sentence and compare the calling settings of the " +
        'number; otherwise leave it.',
      link: LINKS.callingTroubleshooting,
    },
    narrowed: [],
  },
  {
    entityType: null,
    kind: 'error',
    code: CALLING_BAND,
    capability: 'calling',
    usualStatus: 'AVAILABLE',
    wording: null,
    meaning: 'Something about calls does not work. Sending messages is not affected.',
    reason: 'something about calls does not work',
    effects: { calling: claim('unknown', 'inferred') },
    actor: 'integrator',
    remedy: {
      text:
        "If you want calls, look the code up in Meta's troubleshooting page for calls; " +
        'otherwise leave it.',
      link: LINKS.callingTroubleshooting,
    },
    narrowed: [],
  },
];
