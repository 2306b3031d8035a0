/** Actions on what lets a client in: a Graph token or a 360dialog key. */
import type { Key } from './credentials.ts';
import { Refusal } from './refusal.ts';
import type { SimulatorState } from './state.ts';

export type SecretAction = {
  readonly do: 'expire' | 'invalidate' | 'restore' | 'replace';
  readonly token?: string;
  readonly key?: string;
  /** Of `invalidate`: a subcode of 190 (docs/meta.md §3.2). */
  readonly subcode?: number;
  /** Of `replace`: the new text. */
  readonly with?: string;
};

/** Revoked, unless the action names another subcode. */
const REVOKED = 467;

export function performOnSecret(
  state: SimulatorState,
  action: SecretAction,
): Readonly<Record<string, unknown>> {
  const { token, key } = action;
  if (token !== undefined && key === undefined) return onToken(state, action, token);
  if (key !== undefined && token === undefined) return onKey(state, action, key);
  throw new Refusal(`"${action.do}" needs exactly one of "token" and "key".`);
}

function onToken(
  { credentials, clock }: SimulatorState,
  action: SecretAction,
  text: string,
): Readonly<Record<string, unknown>> {
  const token = credentials.namedToken(text);
  const nowS = Math.floor(clock.now() / 1000);
  switch (action.do) {
    case 'expire':
      credentials.putToken({ ...token, expiresAt: nowS });
      break;
    case 'invalidate':
      credentials.putToken({ ...token, rejected: action.subcode ?? REVOKED });
      break;
    case 'restore':
      credentials.putToken({ ...token, expiresAt: 0, rejected: null });
      break;
    case 'replace':
      credentials.putToken({ ...token, rejected: REVOKED });
      credentials.putToken({ ...token, expiresAt: 0, rejected: null, text: action.with ?? '' });
  }
  return { done: action.do };
}

function onKey(
  state: SimulatorState,
  action: SecretAction,
  text: string,
): Readonly<Record<string, unknown>> {
  if (action.do === 'expire') return setKeyState(state, text, { state: 'expired', until: null });
  if (action.do === 'restore') return setKeyState(state, text, { state: 'valid', until: null });
  if (action.do === 'invalidate')
    return setKeyState(state, text, { state: 'invalid', until: null });
  const { credentials } = state;
  const key = credentials.namedKey(text);
  credentials.putKey({ ...key, state: 'invalid', until: null });
  credentials.putKey({ ...key, state: 'valid', until: null, text: action.with ?? '' });
  // A new key deletes the stored webhook (docs/dialog360.md §2.4).
  credentials.setWebhook(key.numberId, null);
  return { number: key.numberId };
}

export function setKeyState(
  { credentials }: SimulatorState,
  text: string,
  to: Pick<Key, 'state' | 'until'>,
): Readonly<Record<string, unknown>> {
  const key = credentials.namedKey(text);
  credentials.putKey({ ...key, ...to });
  return { number: key.numberId, state: to.state };
}
