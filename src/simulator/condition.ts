/**
 * What can be wrong with a node, by name. A condition is stored on the node that has it and shows on
 * the entity it is about: on that entity in every answer whose chain holds the node, so one WABA's
 * failed payment shows on all its numbers.
 */
import type { NodeType } from './node.ts';

/** One item of an entity's `errors`, as on the wire (docs/meta.md §1.2). */
export interface WireError {
  readonly error_code: number | string;
  readonly error_description: string;
  readonly possible_solution: string;
}

export interface Condition {
  readonly why: string;
  /** The entity on which it shows. */
  readonly on: NodeType;
  /** What it does to `can_send_message` and `can_receive_call_sip`; null leaves them alone. */
  readonly word: string | null;
  readonly calling: string | null;
  readonly error: WireError | null;
  readonly info: string | null;
}

interface Named {
  /** The nodes that can have it. */
  readonly of: readonly NodeType[];
  readonly parts: readonly Omit<Condition, 'why'>[];
}

function error(code: number, description: string, solution: string): WireError {
  return { error_code: code, error_description: description, possible_solution: solution };
}

function blocked(on: NodeType, wireError: WireError): Omit<Condition, 'why'> {
  return { on, word: 'BLOCKED', calling: null, error: wireError, info: null };
}

/** The named conditions: texts and states from docs/meta.md §2.1 and §2.3. */
export const CONDITIONS = {
  /** 141006 */
  payment: {
    of: ['WABA'],
    parts: [
      blocked(
        'WABA',
        error(
          141006,
          'There is an error with the payment method. This will block business initiated conversations.',
          'There was an error with your payment method. Please add a new payment method to the account.',
        ),
      ),
    ],
  },
  /** 141014 */
  banned: {
    of: ['WABA'],
    parts: [
      blocked(
        'WABA',
        error(
          141014,
          'The WABA is banned.',
          'Please visit Business Support Home for more details (https://business.facebook.com/accountquality) on how to appeal the ban.',
        ),
      ),
    ],
  },
  /** 141000 */
  unregistered: {
    of: ['PHONE_NUMBER'],
    parts: [
      blocked(
        'PHONE_NUMBER',
        error(
          141000,
          'The phone number you are trying to send messages from is not linked to your WhatsApp account.',
          'Register and finish the OTP authentication process for your phone number.',
        ),
      ),
    ],
  },
  /** 141010: LIMITED, with `errors` nevertheless (docs/meta.md §1.3). */
  unverified: {
    of: ['BUSINESS'],
    parts: [
      {
        on: 'BUSINESS',
        word: 'LIMITED',
        calling: null,
        error: error(
          141010,
          'The Business has not passed business verification.',
          'Visit business settings and start or resolve the business verification request.',
        ),
        info: null,
      },
    ],
  },
  /** 131000 on BUSINESS: the wording is not public, this one is ours (docs/meta.md §2.1). */
  incomplete_profile: {
    of: ['BUSINESS'],
    parts: [
      blocked(
        'BUSINESS',
        error(
          131000,
          'business_profile: The business profile lacks its legal name, country or website.',
          'Complete the business profile in Business Info.',
        ),
      ),
    ],
  },
  /** docs/meta.md §2.3 */
  display_name: {
    of: ['PHONE_NUMBER'],
    parts: [
      {
        on: 'PHONE_NUMBER',
        word: 'LIMITED',
        calling: null,
        error: null,
        info: 'Your display name has not been approved yet. Your message limit will increase after the display name is approved.',
      },
    ],
  },
  /** 138024 on the number, 138025 on the app; sending is not affected. */
  sip: {
    of: ['PHONE_NUMBER'],
    parts: [
      {
        on: 'PHONE_NUMBER',
        word: null,
        calling: 'BLOCKED',
        error: error(
          138024,
          'WhatsApp Business calling cannot use SIP because it is not enabled',
          'Configure SIP using {PHONE_NUMBER_ID}/settings API',
        ),
        info: null,
      },
      {
        on: 'APP',
        word: null,
        calling: 'BLOCKED',
        error: error(
          138025,
          'This app cannot use SIP for WhatsApp Business calling because it has not configured a SIP server for this business phone number',
          'Configure SIP server using {PHONE_NUMBER_ID}/settings API',
        ),
        info: null,
      },
    ],
  },
  /** docs/meta.md §2.3: seen on an AVAILABLE and on a LIMITED app. */
  webhook_unsubscribed: {
    of: ['PHONE_NUMBER', 'WABA', 'APP'],
    parts: [
      {
        on: 'APP',
        word: null,
        calling: null,
        error: null,
        info: 'Your app is not subscribed to the message webhook. This means you will not receive any messages sent to your phone number.',
      },
    ],
  },
  /** 141002 */
  unapproved: {
    of: ['MESSAGE_TEMPLATE'],
    parts: [
      blocked(
        'MESSAGE_TEMPLATE',
        error(
          141002,
          'Message templates can only be sent out if they are approved.',
          'Edit or appeal the message template review decision.',
        ),
      ),
    ],
  },
  /** 131000 on FLOW, told apart by the word before the colon. */
  endpoint_missing: {
    of: ['FLOW'],
    parts: [
      blocked(
        'FLOW',
        error(
          131000,
          'endpoint_uri: You need to set the endpoint URI before you can send or publish a flow.',
          'https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi',
        ),
      ),
    ],
  },
  app_unconnected: {
    of: ['FLOW'],
    parts: [
      blocked(
        'FLOW',
        error(
          131000,
          'app_check: You need to connect a Meta app to the flow before you can send or publish it.',
          '/docs/development/create-an-app',
        ),
      ),
    ],
  },
} as const satisfies Readonly<Record<string, Named>>;

export type ConditionName = keyof typeof CONDITIONS;

export function isConditionName(text: string): text is ConditionName {
  return Object.hasOwn(CONDITIONS, text);
}

/** The conditions behind a name; a word that is given replaces the one that a part puts there. */
export function conditionsNamed(
  name: ConditionName,
  instead: { readonly word: string | null; readonly calling: string | null },
): readonly Condition[] {
  const { parts }: Named = CONDITIONS[name];
  return parts.map((part) => ({
    why: name,
    ...part,
    word: part.calling === null ? (instead.word ?? part.word) : part.word,
    calling: part.calling === null ? null : (instead.calling ?? part.calling),
  }));
}

/** The node types that can have a condition. */
export function ownersOf(name: ConditionName): readonly NodeType[] {
  const { of }: Named = CONDITIONS[name];
  return of;
}
