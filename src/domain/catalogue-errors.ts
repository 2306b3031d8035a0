/** What Meta's codes about messaging mean. Facts: docs/meta.md §2.1 and §2.2. */
import type { CatalogueEntry } from './catalogue-entry.ts';
import { claim, LINKS } from './catalogue-entry.ts';

const FLOWS_API = 'https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi';

export const MESSAGING_ERRORS: readonly CatalogueEntry[] = [
  {
    entityType: 'PHONE_NUMBER',
    kind: 'error',
    code: '141000',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording:
      'The phone number you are trying to send messages from is not linked to your WhatsApp ' +
      'account.',
    meaning:
      'The number is not registered with the Cloud API (any more), so nothing can be sent or ' +
      'received through it.',
    reason: 'the number is not registered with the Cloud API',
    effects: {
      business_initiated: claim('no', 'documented'),
      replies: claim('no', 'documented'),
      inbound: claim('no', 'inferred'),
      calling: claim('no', 'inferred'),
    },
    actor: 'integrator',
    remedy: {
      text:
        'Register the number: POST /<phone number id>/register with its PIN. Its code was ' +
        'usually verified long ago, so ask for a new one only if registering says so.',
      link: 'https://developers.facebook.com/docs/whatsapp/cloud-api/reference/registration',
    },
    narrowed: [
      {
        when: { upstream: 'dialog360' },
        remedy: {
          text:
            'Finish the registration of the number in the 360dialog hub; if it shows as live ' +
            'there, ask 360dialog to register it again.',
          link: LINKS.support360,
        },
      },
    ],
  },
  {
    entityType: 'MESSAGE_TEMPLATE',
    kind: 'error',
    code: '141002',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording: 'Message templates can only be sent out if they are approved.',
    meaning: 'This message template is not approved, so it cannot be sent; other templates can.',
    reason: 'the message template is not approved',
    effects: {
      business_initiated: claim('no', 'documented'),
      replies: claim('yes', 'inferred'),
    },
    actor: 'template_author',
    remedy: {
      text:
        'Edit the template and submit it again, or appeal the decision, in the WhatsApp ' +
        'Manager.',
      link: LINKS.templates,
    },
    narrowed: [],
  },
  {
    entityType: 'WABA',
    kind: 'error',
    code: '141006',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording:
      'There is an error with the payment method. This will block business initiated ' +
      'conversations.',
    // Replies kept flowing on live accounts; since 1 October 2026 service conversations are billed too,
    // and without a payment method only the first 1,000 of a number in a month are delivered.
    meaning:
      'The payment method of the WABA failed: new conversations fail, and replies go out only ' +
      'up to a monthly allowance.',
    reason: 'payment method failed',
    effects: {
      business_initiated: claim('no', 'documented'),
      replies: claim('limited', 'inferred'),
      inbound: claim('yes', 'observed'),
    },
    actor: 'account_owner',
    remedy: {
      text:
        'Add a card to the WABA and make it the default; a card that is there but not the ' +
        'default does not count. If a provider pays Meta for this WABA, ask them instead: the ' +
        'credit line is theirs.',
      link: LINKS.billing,
    },
    narrowed: [
      {
        when: { upstream: 'dialog360', billedBy: 'provider' },
        actor: 'provider',
        remedy: {
          text:
            'Ask 360dialog: the credit line is theirs. Open invoices of yours with them can be ' +
            'the cause.',
          link: LINKS.support360,
        },
      },
      {
        when: { billedBy: 'provider' },
        actor: 'provider',
        remedy: {
          text:
            'Ask the provider who bills you: the credit line is theirs. Open invoices of yours ' +
            'with them can be the cause.',
          link: LINKS.billing,
        },
      },
      {
        when: { billedBy: 'meta' },
        remedy: {
          text:
            'Add a card to the WABA and make it the default; a card that is there but not the ' +
            'default does not count.',
          link: LINKS.billing,
        },
      },
    ],
  },
  {
    entityType: 'BUSINESS',
    kind: 'error',
    code: '141010',
    capability: 'messaging',
    usualStatus: 'LIMITED',
    wording: 'The Business has not passed business verification.',
    meaning:
      'The business portfolio is not verified: sending works, within the low limits of an ' +
      'unverified business.',
    reason: 'the business portfolio is not verified',
    effects: {
      business_initiated: claim('limited', 'documented'),
      replies: claim('yes', 'observed'),
      inbound: claim('yes', 'observed'),
    },
    actor: 'account_owner',
    remedy: {
      text:
        'Start or finish business verification in the security centre of the business ' +
        'portfolio.',
      link: 'https://www.facebook.com/business/help/2058515294227817',
    },
    narrowed: [],
  },
  {
    entityType: 'WABA',
    kind: 'error',
    code: '141014',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording: 'The WABA is banned.',
    meaning:
      'Meta banned the WABA: nothing can be sent, and incoming messages and webhooks stop too. ' +
      'Only an appeal helps.',
    reason: 'Meta banned the WABA',
    effects: {
      business_initiated: claim('no', 'documented'),
      replies: claim('no', 'documented'),
      inbound: claim('no', 'observed'),
      calling: claim('no', 'inferred'),
    },
    actor: 'account_owner',
    remedy: {
      text: 'Read the reason in Business Support Home and appeal the ban there.',
      link: LINKS.accountQuality,
    },
    narrowed: [],
  },
  {
    entityType: 'FLOW',
    kind: 'error',
    code: '131000:endpoint_uri',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording:
      'endpoint_uri: You need to set the endpoint URI before you can send or publish a flow.',
    meaning: 'The flow has no endpoint yet, so it can be neither sent nor published.',
    reason: 'the flow has no endpoint',
    effects: {
      business_initiated: claim('no', 'documented'),
      replies: claim('no', 'documented'),
    },
    actor: 'integrator',
    remedy: {
      text: 'Set the endpoint URI of the flow, in the flow builder or through the Flows API.',
      link: 'https://developers.facebook.com/docs/whatsapp/flows/guides/implementingyourflowendpoint',
    },
    narrowed: [],
  },
  {
    entityType: 'FLOW',
    kind: 'error',
    code: '131000:app_check',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording:
      'app_check: You need to connect a Meta app to the flow before you can send or publish it.',
    meaning: 'No Meta app is connected to the flow, so it can be neither sent nor published.',
    reason: 'no Meta app is connected to the flow',
    effects: {
      business_initiated: claim('no', 'documented'),
      replies: claim('no', 'documented'),
    },
    actor: 'integrator',
    remedy: {
      text: 'Connect your Meta app to the flow, in the flow builder or through the Flows API.',
      link: FLOWS_API,
    },
    narrowed: [],
  },
  {
    entityType: 'FLOW',
    kind: 'error',
    code: '131000',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording: null,
    meaning: 'The flow is not complete, so it can be neither sent nor published.',
    reason: 'the flow is not complete',
    effects: {
      business_initiated: claim('no', 'inferred'),
      replies: claim('no', 'inferred'),
    },
    actor: 'integrator',
    remedy: {
      text: "Mend what Meta's sentence names, in the flow builder or through the Flows API.",
      link: FLOWS_API,
    },
    narrowed: [],
  },
  {
    entityType: 'BUSINESS',
    kind: 'error',
    code: '131000',
    capability: 'messaging',
    usualStatus: 'BLOCKED',
    wording: null,
    meaning:
      'The profile of the business portfolio is incomplete: the legal name, country or website ' +
      'is missing.',
    reason: 'the profile of the business portfolio is incomplete',
    effects: {
      business_initiated: claim('no', 'inferred'),
      replies: claim('unknown', 'inferred'),
      inbound: claim('yes', 'inferred'),
    },
    actor: 'account_owner',
    remedy: {
      text:
        'Fill in the legal name, country and website under Business info in the settings of ' +
        'the portfolio.',
      link: 'https://business.facebook.com/settings/info',
    },
    narrowed: [],
  },
];
