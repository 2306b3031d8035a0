/** Who may ask Graph: tokens, proofs and what a token may see (docs/meta.md §6). */
import type { Token } from './credentials.ts';
import type { GraphError } from './graph-error.ts';
import {
  expiredToken,
  NO_TOKEN,
  PROOF_MISSING,
  PROOF_WRONG,
  rejectedToken,
  UNKNOWN_TOKEN,
} from './graph-error.ts';
import type { SimNode } from './node.ts';
import type { Proof } from './proof.ts';
import { isProven } from './proof.ts';
import type { SimulatorState } from './state.ts';

/** What a call brings along to be let in. */
export interface GraphAccess {
  readonly token: string | null;
  readonly proof: Proof | null;
}

/** Token and proof among parameters; a token given beside them comes first (docs/meta.md §6). */
export function accessIn(
  parameters: Readonly<Record<string, unknown>>,
  token: string | null,
): GraphAccess {
  const proof = textIn(parameters, 'appsecret_proof');
  const time = parameters['appsecret_time'];
  const sent = typeof time === 'number' ? String(time) : textIn(parameters, 'appsecret_time');
  return {
    token: token ?? textIn(parameters, 'access_token'),
    proof: proof === null ? null : { proof, time: sent },
  };
}

/** The token in an `Authorization` header; null without one. */
export function bearerOf(header: string | undefined): string | null {
  return /^(?:Bearer|OAuth) +(.+)$/i.exec(header ?? '')?.[1] ?? null;
}

export function textIn(parameters: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = parameters[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * The app whose own token this is: app id, vertical bar, app secret (docs/meta.md §6). Null for any
 * other token.
 */
export function appOfToken({ credentials }: SimulatorState, access: GraphAccess): string | null {
  const [appId = '', secret] = (access.token ?? '').split('|');
  return secret !== undefined && credentials.secretOf(appId) === secret ? appId : null;
}

export type Admission =
  | { readonly ok: true; readonly token: Token }
  | { readonly ok: false; readonly error: GraphError };

/** Whether a token opens anything at all, and comes with the proof that its app wants. */
export function admissionOf(state: SimulatorState, access: GraphAccess): Admission {
  if (access.token === null || access.token === '') return refused(NO_TOKEN);
  const token = state.credentials.token(access.token);
  if (token === null) return refused(UNKNOWN_TOKEN);
  const now = state.clock.now();
  if (token.rejected !== null) return refused(rejectedToken(token.rejected));
  if (token.expiresAt !== 0 && token.expiresAt * 1000 <= now) {
    return refused(expiredToken(token.expiresAt, now));
  }
  const error = proofError(state, { token, proof: access.proof, now });
  return error ? refused(error) : { ok: true, token };
}

/** A wrong proof always fails; a missing one only where the app requires it (docs/meta.md §6). */
function proofError(
  { credentials }: SimulatorState,
  about: { token: Token; proof: Proof | null; now: number },
): GraphError | null {
  const { token, proof, now } = about;
  if (proof === null) return credentials.requiresProof(token.appId) ? PROOF_MISSING : null;
  const secret = credentials.secretOf(token.appId);
  return secret !== null && isProven(proof, token.text, { secret, now }) ? null : PROOF_WRONG;
}

/** Whether a token may read a node; one that it may not read looks absent (docs/meta.md §8.2). */
export function maySee({ world }: SimulatorState, token: Token, node: SimNode): boolean {
  if (node.type === 'APP') return node.id === token.appId;
  if (token.wabas === null) return true;
  if (node.type !== 'BUSINESS') return token.wabas.has(world.wabaOf(node) ?? '');
  return [...token.wabas].some((id) => {
    const waba = world.node(id);
    return waba?.parentId === node.id || waba?.partnerId === node.id;
  });
}

function refused(error: GraphError): Admission {
  return { ok: false, error };
}
