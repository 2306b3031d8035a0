/** What the findings about a credential mean, by their kind (docs/meta.md §6). */
import type { Explanation } from './explanation.ts';
import type { Finding } from './finding.ts';

const ACCESS_TOKENS =
  'https://developers.facebook.com/documentation/business-messaging/whatsapp/access-tokens';
const PERMISSIONS =
  'https://developers.facebook.com/documentation/business-messaging/whatsapp/permissions';

const ROTATE = 'waba-health credentials rotate <name>';

const CREDENTIAL_FINDINGS: Readonly<Partial<Record<Finding['kind'], Explanation>>> = {
  identity_changed: {
    meaning:
      'The credential now answers about another number, so what it says is not this channel.',
    reason: 'the credential now answers about another number',
    effects: {},
    actor: 'integrator',
    remedy: {
      text: `Give the credential the key or token of its own number: ${ROTATE}.`,
      link: null,
    },
    known: true,
  },
  credential_expiring: {
    meaning:
      'The token ends soon. From then on nothing can be read with it, nor sent by whoever sends ' +
      'with the same one.',
    reason: 'the token ends soon',
    effects: {},
    actor: 'integrator',
    remedy: {
      text:
        `Make a new token, best one of a system user without expiry, and give it to the ` +
        `credential: ${ROTATE}.`,
      link: ACCESS_TOKENS,
    },
    known: true,
  },
  credential_dead: {
    meaning:
      'Meta does not take the token any more. Nothing can be read with it, nor sent by whoever ' +
      'sends with the same one.',
    reason: 'Meta does not take the token any more',
    effects: {},
    actor: 'integrator',
    remedy: {
      text: `Make a new token and give it to the credential: ${ROTATE}.`,
      link: ACCESS_TOKENS,
    },
    known: true,
  },
  scope_missing: {
    meaning: 'The token lacks the permission that reading health takes.',
    reason: 'the token lacks the permission that reading health takes',
    effects: {},
    actor: 'integrator',
    remedy: {
      text:
        `Make a token with the permission whatsapp_business_management and give it to the ` +
        `credential: ${ROTATE}.`,
      link: PERMISSIONS,
    },
    known: true,
  },
};

/** The explanation of a finding about a credential; null for one that says something else. */
export function credentialExplanation(kind: Finding['kind']): Explanation | null {
  return CREDENTIAL_FINDINGS[kind] ?? null;
}
