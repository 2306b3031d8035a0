/** Values of the domain for tests: Acme's number, its WABA, what an upstream may say of them. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { ChannelState, Outcome } from '#domain/channel-state.ts';
import type { Entity } from '#domain/entity.ts';
import { ENTITY_TYPES } from '#domain/entity.ts';
import type { Failure, FailureCode } from '#domain/failure.ts';
import type { HealthReport } from '#domain/health-report.ts';
import { identityOf } from '#domain/identity.ts';
import type { Snapshot } from '#domain/snapshot.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
/** 22 November 2026, 02:47 UTC. */
export const NIGHT = Date.UTC(2026, 10, 22, 2, 47);

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function entity(about: Partial<Entity> = {}): Entity {
  return {
    type: 'PHONE_NUMBER',
    id: '106540352242922',
    words: { messaging: 'AVAILABLE', calling: null },
    errors: [],
    info: [],
    ...about,
  };
}

/** An entity of this type with this word for sending. */
export function saying(
  type: string,
  messaging: string | null,
  about: Partial<Entity> = {},
): Entity {
  return entity({ type, id: `${type}-1`, words: { messaging, calling: null }, ...about });
}

export function error(code: string, description: string | null = null): Entity['errors'][number] {
  return { code, description, solution: null };
}

export function report(...entities: readonly Entity[]): HealthReport {
  return { nodeId: '106540352242922', reported: null, entities };
}

export function snapshot(about: Partial<Snapshot> = {}): Snapshot {
  const said = about.report ?? report(entity());
  return {
    attempt: 1,
    startedAt: NIGHT - 200,
    readAt: NIGHT,
    bodyHash: sha256Hex('body'),
    report: said,
    identity: identityOf(said),
    served: { version: 'v26.0', traceId: null },
    ...about,
  };
}

export function goodRead(about: Partial<Snapshot> = {}): Outcome {
  return { ok: true, snapshot: snapshot(about) };
}

export function failedRead(attempt: number, code: FailureCode, at: number = NIGHT): Outcome {
  return { ok: false, attempt, at, failure: failure(code) };
}

function failure(code: FailureCode): Failure {
  return {
    code,
    detail: 'It did not work.',
    httpStatus: null,
    graphCode: null,
    graphSubcode: null,
    retryAfterMs: null,
    traceId: null,
  };
}

/** A state whose last good read is this snapshot. */
export function readState(good: Snapshot, about: Partial<ChannelState> = {}): ChannelState {
  return {
    attempt: good.attempt,
    good,
    since: { messaging: good.readAt, calling: null },
    lastFailure: null,
    trust: { state: 'trusted' },
    ...about,
  };
}

const word = fc.option(
  fc.oneof(fc.constantFrom('AVAILABLE', 'LIMITED', 'BLOCKED'), fc.string({ maxLength: 12 })),
  { nil: null },
);
const text = fc.option(fc.string(), { nil: null });

const anyEntity: fc.Arbitrary<Entity> = fc.record({
  type: fc.oneof(fc.constantFrom(...ENTITY_TYPES), fc.string({ maxLength: 12 })),
  id: fc.option(fc.constantFrom('1', '2', '3'), { nil: null }),
  words: fc.record({ messaging: word, calling: word }),
  errors: fc.array(
    fc.record({
      code: fc.option(
        fc.oneof(
          fc.constantFrom('141000', '141002', '141006', '141010', '141014', '131000', '138024'),
          fc.string(),
        ),
        { nil: null },
      ),
      description: text,
      solution: text,
    }),
    { maxLength: 4 },
  ),
  info: fc.array(fc.string(), { maxLength: 3 }),
});

export const anyReport: fc.Arbitrary<HealthReport> = fc.record({
  nodeId: text,
  reported: word,
  entities: fc.array(anyEntity, { maxLength: 6 }),
});
