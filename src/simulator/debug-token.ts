/** `GET /debug_token`: what a token is, asked with an app token or a token of its app (docs/meta.md §6). */
import type { Token } from './credentials.ts';
import type { GraphAccess } from './graph-access.ts';
import { admissionOf, appOfToken } from './graph-access.ts';
import type { GraphError } from './graph-error.ts';
import { expiredToken, invalidParameter, rejectedToken, UNKNOWN_TOKEN } from './graph-error.ts';
import type { SimulatorState } from './state.ts';

const ISSUED_AT = 1_735_689_600;
const USER_ID = '104169029247128';

export function debugTokenText(
  state: SimulatorState,
  call: { readonly query: URLSearchParams; readonly access: GraphAccess },
): { readonly body?: string; readonly error?: GraphError } {
  const askingApp = appOf(state, call.access);
  if (typeof askingApp !== 'string') return { error: askingApp };
  const inspected = call.query.get('input_token');
  if (!inspected) return { error: invalidParameter('The parameter input_token is required') };
  const token = state.credentials.token(inspected);
  if (token !== null && token.appId !== askingApp) {
    return { error: invalidParameter('The tokens must be from the same app') };
  }
  return { body: JSON.stringify({ data: token ? dataOf(state, token) : UNKNOWN_DATA }) };
}

/** The app that asks; the error when whoever asks is nobody. */
function appOf(state: SimulatorState, access: GraphAccess): string | GraphError {
  const appId = appOfToken(state, access);
  if (appId !== null) return appId;
  const admission = admissionOf(state, access);
  return admission.ok ? admission.token.appId : admission.error;
}

const UNKNOWN_DATA = {
  error: { code: 190, message: UNKNOWN_TOKEN.message },
  is_valid: false,
  scopes: [],
};

function dataOf(state: SimulatorState, token: Token): object {
  const error = errorOf(token, state.clock.now());
  return {
    app_id: token.appId,
    type: 'SYSTEM_USER',
    application: state.world.nodeEver(token.appId)?.name ?? '',
    data_access_expires_at: 0,
    ...(error
      ? { error: { code: error.code, message: error.message, subcode: error.subcode } }
      : {}),
    expires_at: token.expiresAt,
    is_valid: error === null,
    issued_at: ISSUED_AT,
    scopes: token.scopes,
    granular_scopes: token.scopes.map((scope) => ({
      scope,
      ...(token.wabas === null ? {} : { target_ids: [...token.wabas] }),
    })),
    user_id: USER_ID,
  };
}

function errorOf(token: Token, now: number): GraphError | null {
  if (token.rejected !== null) return rejectedToken(token.rejected);
  const expired = token.expiresAt !== 0 && token.expiresAt * 1000 <= now;
  return expired ? expiredToken(token.expiresAt, now) : null;
}
