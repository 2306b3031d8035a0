/** Why a channel cannot be read any more: its credential, or that what it watches is not there for it. */
import type { Channel } from '#domain/channel.ts';
import type { Cause } from '#domain/incidents/cause.ts';
import type { SaidCause, Sighted } from './sighted.ts';

/** Null while trust has not ended. */
export function blindCause({ channel, state }: Sighted): SaidCause | null {
  const { trust, lastFailure } = state;
  if (trust.state !== 'ended') return null;
  const isCredential = trust.code === 'credential_rejected' || trust.code === 'account_disabled';
  return {
    cause: isCredential
      ? { kind: 'credential', type: null, ref: channel.credentialId }
      : unreadableCause(channel),
    capability: null,
    status: 'UNKNOWN',
    codes: [trust.code],
    text: lastFailure?.failure.detail ?? null,
  };
}

/** One for all numbers of a WABA that a credential reads: they become unreadable together. */
export function unreadableCause({ credentialId, identity, id }: Channel): Cause {
  return { kind: 'unreadable', type: null, ref: `${credentialId}/${identity?.wabaId ?? id}` };
}
