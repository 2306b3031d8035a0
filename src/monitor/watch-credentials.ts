/**
 * Watches credentials: what Meta says about their tokens, and which numbers they can see, once a day. A
 * finding about a credential never changes the status of a channel.
 */
import type { CredentialId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import { credentialFindings } from '#domain/token-facts.ts';
import type { TokenAnswer } from '#ports/directory.ts';
import type { KnownToken } from '#ports/token-facts.ts';
import type { Deps } from './deps.ts';
import { seerOf } from './discover.ts';
import type { Seer } from './discover.ts';
import { inParallel } from './in-parallel.ts';
import type { Monitor } from './monitor.ts';
import type { Repeated } from './repeat.ts';
import { warnOfCredential } from './incidents/warn.ts';
import { repeat } from './repeat.ts';
import { discoverAll } from './seen-numbers.ts';

/** How often it is looked for due credentials, in ms. */
const EVERY_MS = 30_000;
const LOT = 20;
/** Credentials at once: a discovery is many calls. */
const WIDTH = 2;
/** When a credential that was claimed and not read falls due again, in ms: longer than a lot takes. */
const CLAIM_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** After an inspection that told nothing, in ms. */
const AGAIN_MS = 3_600_000;
/** The most that chance takes off a pause, as a part of it. */
const JITTER = 0.1;
const TIMEOUT_MS = 10_000;

/** Begins it. Closing begins nothing more and waits for what is under way. */
export function startCredentialWatch({ deps }: Pick<Monitor, 'deps'>): Repeated {
  return repeat(deps, {
    what: 'watching credentials',
    everyMs: EVERY_MS,
    work: (closing) => credentialRound(deps, closing),
  });
}

/**
 * One lot; true when there may be more. Throws Problem `store_unavailable`, and the reason of `closing`:
 * what is left of the lot then falls due again.
 */
export async function credentialRound(deps: Deps, closing?: AbortSignal): Promise<boolean> {
  const now = deps.clock.now();
  const about = { now, limit: LOT, againAt: now + CLAIM_MS };
  const due = await deps.store.change((tx) => tx.tokenFacts.claimDue(about));
  await inParallel(due, { width: WIDTH, closing }, (id) => watchUnlessGone(deps, id, closing));
  return due.length === LOT;
}

async function watchUnlessGone(deps: Deps, id: CredentialId, closing?: AbortSignal): Promise<void> {
  try {
    const seer = await seerOf(deps, id);
    const known = await inspect(deps, seer);
    // A dead token sees nothing, which does not mean that its numbers are gone.
    if (known.failure !== null || known.facts?.isValid !== true) return;
    await discoverAll(deps, { ...seer, closing });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
  }
}

/** Asks now what the token of this credential is. Throws Problem `not_found`, `invalid_request`. */
export async function inspectCredential(deps: Deps, ref: string): Promise<KnownToken> {
  return inspect(deps, await seerOf(deps, ref));
}

async function inspect(deps: Deps, { credential, access }: Seer): Promise<KnownToken> {
  const answer = await deps.directory.inspectToken(access, TIMEOUT_MS);
  const now = deps.clock.now();
  const known = await deps.store.change(async (tx) => {
    const before = await tx.tokenFacts.find(credential.id);
    const current = await tx.credentials.find(credential.id);
    // Its secret was replaced meanwhile: this answer is about the old one.
    if (current === null || current.rotatedAt !== credential.rotatedAt) return before;
    const after = afterAnswer(before, answer, now);
    await tx.tokenFacts.write(credential.id, after, nextAt(deps, after));
    const { id } = credential;
    if (answer.ok && after.facts !== null) {
      await warnOfCredential(tx, deps, { id, findings: credentialFindings(id, after.facts, now) });
    }
    return after;
  });
  const findings = known.facts === null ? [] : credentialFindings(credential.id, known.facts, now);
  deps.events.emit('credential_inspected', {
    credentialId: credential.id,
    credential: credential.name,
    findings: findings.map(({ kind }) => kind),
    failure: answer.ok ? null : answer.failure.code,
  });
  return known;
}

function afterAnswer(before: KnownToken, answer: TokenAnswer, now: number): KnownToken {
  if (answer.ok) return { facts: answer.facts, readAt: now, failure: null };
  const isDead = answer.inspector === 'token' && answer.failure.code === 'credential_rejected';
  if (!isDead) return { ...before, failure: answer.failure };
  const { graphCode: code, graphSubcode: subcode, detail } = answer.failure;
  const facts = { ...(before.facts ?? NOTHING_KNOWN), isValid: false };
  return {
    facts: { ...facts, error: { code, subcode, message: detail } },
    readAt: now,
    failure: null,
  };
}

/** Of a token that was dead before it was ever inspected. */
const NOTHING_KNOWN = {
  metaAppId: null,
  type: null,
  isValid: false,
  expiresAt: null,
  dataAccessExpiresAt: null,
  scopes: null,
  targetIds: null,
  error: null,
} as const;

function nextAt({ clock, randomness }: Deps, { failure }: KnownToken): number {
  const chance = (randomness.bytes(1)[0] ?? 0) / 255;
  const pauseMs = failure === null ? DAY_MS : AGAIN_MS;
  return clock.now() + Math.round(pauseMs * (1 - JITTER * chance));
}
