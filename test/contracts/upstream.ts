/**
 * What every upstream promises (src/ports/upstream.ts), proven against a server that can answer
 * anything. Graph's and 360dialog's own requests and errors are tested in test/upstreams.
 */
import { suite } from 'node:test';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';
import { batches, batchesThatFail } from './upstream/batches.ts';
import { badBodies, badStatuses } from './upstream/bad-answers.ts';
import { anyConnection, brokenConnections } from './upstream/broken-connections.ts';
import { goodBodies, goodConnections } from './upstream/good-answers.ts';
import { queueLimits, sizeLimits, timeLimits } from './upstream/limits.ts';
import { profiles } from './upstream/profiles.ts';
import { secrets } from './upstream/secrets.ts';

const PARTS = [
  goodBodies,
  goodConnections,
  badBodies,
  badStatuses,
  secrets,
  sizeLimits,
  timeLimits,
  queueLimits,
  brokenConnections,
  anyConnection,
  batches,
  batchesThatFail,
  profiles,
];

export function upstreamContract(name: string, subject: UpstreamSubject): void {
  suite(`${name} keeps the contract of an upstream`, { timeout: 60_000 }, () => {
    for (const part of PARTS) part(subject);
  });
}
